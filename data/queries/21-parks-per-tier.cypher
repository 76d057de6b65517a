// 按分数线，三个梯队各有多少家园区？
// How many parks are in each tier by the score bands?
MATCH (p:Park)-[:IN_TIER {basis: 'band'}]->(t:Tier)
RETURN t.name AS tier, coalesce(min(t.score_min), 0.0) AS from_points, count(DISTINCT p) AS parks
ORDER BY from_points DESC;
