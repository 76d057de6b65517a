// 各省（直辖市）的产业园基金合计多少亿元？
// How much do the park funds of each province or municipality add up to (100 million yuan)?
MATCH (f:Fund)-[:BACKS]->(:Park)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..3]->(p:Province)
WITH DISTINCT f, p
RETURN p.name AS province, count(*) AS funds, sum(f.size_cny) / 100000000.0 AS yi_cny
ORDER BY yi_cny DESC, province;
