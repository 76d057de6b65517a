// 按年计的场地补贴，哪里最高？
// Where is the yearly subsidy for premises the highest?
MATCH (p:Policy)-[:GRANTS]->(m:Measure {per: 'year'})-[:OF_KIND]->(:SupportKind {name: '场地补贴'})
MATCH (p)-[:APPLIES_IN]->(:Place)-[:PART_OF*0..3]->(c:City)
RETURN DISTINCT c.name AS city, m.amount_max_cny / 10000 AS wan_yuan_a_year
ORDER BY wan_yuan_a_year DESC, city;
