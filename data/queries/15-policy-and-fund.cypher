// 既受专项政策惠及、又有产业基金的园区有哪些？给出基金总规模（亿元）。
// Which parks both benefit from a special policy and have a fund? Give total fund size (100m yuan).
MATCH (policy:Policy)-[:BENEFITS]->(p:Park)<-[:BACKS]-(f:Fund)
WITH DISTINCT p, f
RETURN p.name AS park, sum(f.size_cny) / 100000000.0 AS funds_yi_cny
ORDER BY funds_yi_cny DESC, park;
