// 哪些基金支持的园区所在城市的政策提供具体金额的人才补贴？
// Which funds back parks in cities whose policy grants talent subsidies with an amount?
MATCH (f:Fund)-[:BACKS]->(p:Park)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(c:City)
MATCH (policy:Policy)-[:APPLIES_IN]->(:Place)-[:PART_OF*0..]->(c)
MATCH (policy)-[:GRANTS]->(m:Measure)-[:OF_KIND]->(:SupportKind {id: 'kind/talent'})
WHERE m.amount_max_cny IS NOT NULL
RETURN DISTINCT f.name AS fund, p.name AS park, c.name AS city, policy.name AS policy, m.form AS form,
       m.amount_min_cny AS amount_min_cny, m.amount_max_cny AS amount_max_cny
ORDER BY fund, policy, form;
