// 按分数线（95分、87分），三个梯队各有哪些园区？
// Which parks are in the three tiers by the bands of the report (95 and 87 points)?
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking {id: 'ranking/2019'}), (t:Tier)
WHERE r.total_score >= coalesce(t.score_min, 0.0) AND r.total_score < coalesce(t.score_max, 1000.0)
WITH t, p, r
ORDER BY r.rank
RETURN t.name AS tier, count(*) AS parks, min(r.total_score) AS lowest, max(r.total_score) AS highest, collect(p.name) AS names
ORDER BY lowest DESC;
