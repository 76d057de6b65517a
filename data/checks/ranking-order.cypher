// a rank is missing, taken twice, or out of the order of the totals
MATCH (p:Park)-[r:RANKED_IN]->(k:Ranking)
OPTIONAL MATCH (:Park)-[better:RANKED_IN]->(k)
WHERE better.total_score > r.total_score
WITH k, p, r.rank AS rank, count(better) + 1 AS place
WHERE rank <> place
RETURN k.id AS ranking, p.id AS park, rank, place
ORDER BY ranking, rank;
