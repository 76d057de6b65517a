// 万向创新聚能城由谁投资、投资多少、几年建成、多大、有哪些应用场景？
// Who invests in Wanxiang's Innovation City, how much, over how many years, on what area, and for which uses?
MATCH (o:Organization)-[:RUNS]->(p:Project {name: '万向创新聚能城'})-[:LOCATED_IN]->(d:Place)
RETURN o.name AS investor, d.name AS place, p.investment_cny / 100000000 AS yi_yuan,
  p.period_years_min AS from_years, p.period_years_max AS to_years, p.area_m2 / 1000000 AS km2, size(p.theme) AS uses;
MATCH (p:Project {name: '万向创新聚能城'})
UNWIND p.theme AS use
RETURN use
ORDER BY use;
