// 经营补贴的门槛分别是什么？补贴多少（万元）？
// What are the thresholds of the subsidies for operation, and how much do they give (10,000 yuan)?
MATCH (p:Policy)-[:GRANTS]->(m:Measure)
WHERE m.threshold_cny IS NOT NULL
RETURN p.name AS policy, m.condition AS threshold, m.amount_min_cny / 10000 AS from_wan, m.amount_max_cny / 10000 AS to_wan, m.rate_percent_min AS from_percent, m.rate_percent_max AS to_percent
ORDER BY policy;
