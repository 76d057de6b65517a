// a park lies in no province, or in more than one
MATCH (p:Park)
OPTIONAL MATCH (p)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(province:Province)
WITH p, count(DISTINCT province) AS provinces
WHERE provinces <> 1
RETURN p.id AS park, provinces
ORDER BY park;
