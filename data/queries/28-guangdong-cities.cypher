// 按区块链公司数量给广东五城排序。
// Rank the five Guangdong cities by number of blockchain companies.
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/companies'}), (o)-[:ABOUT]->(c:City)-[:PART_OF*]->(:Province {id: 'province/guangdong'})
RETURN c.name AS city, toInteger(o.value) AS companies, o.as_of AS as_of
ORDER BY companies DESC;
