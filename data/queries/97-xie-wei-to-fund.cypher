// 从受访的谢纬出发，经他任职的机构所在的城市、政策和园区，能到达哪只基金？
// From Xie Wei, who is interviewed, through the city of his office, its policy and park: which fund is reached?
MATCH (p:Person {name: '谢纬'})-[r:HOLDS_ROLE]->(o:Organization)-[:LOCATED_IN]->(c:City)
  <-[:APPLIES_IN]-(policy:Policy)-[:BENEFITS]->(park:Park)<-[:BACKS]-(f:Fund)
RETURN r.title AS title, o.name AS office, c.name AS city, policy.name AS policy, policy.status AS status,
  park.name AS park, f.name AS fund, f.size_cny / 100000000 AS yi_yuan;
