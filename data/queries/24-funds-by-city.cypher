// 按城市统计产业园基金规模（亿元）。
// Total park funds by city (100m yuan).
MATCH (f:Fund {kind: 'park fund'})-[:BACKS]->(p:Park)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(c:City)
WITH DISTINCT f, c
RETURN c.name AS city, count(f) AS funds, sum(f.size_cny) / 100000000.0 AS size_yi_cny
ORDER BY size_yi_cny DESC, city;
