// 万向创新聚能城计划投入多少、用多少年、占地多大？由谁开展，位于哪里？
// How much is to be invested in Wanxiang's Innovative Energy City, over how many years, on what area? Who runs it, and where?
MATCH (who:Organization)-[:RUNS]->(p:Project)-[:LOCATED_IN]->(place:Place)
WHERE p.name = '万向创新聚能城'
RETURN p.investment_cny / 100000000 AS yi_cny, p.period_years_min AS from_years, p.period_years_max AS to_years, p.area_m2 / 1000000 AS km2, who.name AS who, place.name AS place;
