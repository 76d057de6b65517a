// the weights of the first level do not add up to 100
MATCH (k:Ranking)-[:USES]->(i:Indicator)
WHERE i.level = 1
WITH k, sum(i.weight) AS weights
WHERE weights <> 100.0
RETURN k.id AS ranking, weights;
