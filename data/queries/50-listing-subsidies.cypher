// 哪些政策给予上市补贴，金额多少，哪些只写“现行政策”？
// Which policies subsidise a listing, with which amounts, and which only name existing policy?
MATCH (p:Policy)-[:GRANTS]->(m:Measure)-[:OF_KIND]->(:SupportKind {name: '上市补贴'})
RETURN p.name AS policy, m.amount_min_cny / 10000 AS from_wan, m.amount_max_cny / 10000 AS to_wan, m.existing_policy AS existing_policy
ORDER BY policy;
