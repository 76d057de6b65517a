// 按分数线，三个梯队的平均分、最高分、最低分各是多少？
// By the score bands, what are the mean, best and least totals of the three tiers?
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking {edition: '2019'}), (t:Tier)
WHERE r.total_score >= coalesce(t.score_min, 0) AND (t.score_max IS NULL OR r.total_score < t.score_max)
RETURN t.name AS tier, count(p) AS parks, round(avg(r.total_score) * 100) / 100 AS mean, max(r.total_score) AS best, min(r.total_score) AS least
ORDER BY mean DESC;
