// the four scores of a park do not add up to its total
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking)
MATCH (p)-[s:SCORED]->(:Indicator)
WITH p, r.total_score AS total, sum(s.score) AS scores, count(s) AS number
WHERE number <> 4 OR abs(total - scores) > 0.005
RETURN p.id AS park, total, scores, number
ORDER BY park;
