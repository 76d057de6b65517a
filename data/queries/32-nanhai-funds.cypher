// 从南海区政策出发，两跳能到达哪些基金？
// Which funds are two hops from the Nanhai policy (policy → park → fund)?
MATCH (policy:Policy {id: 'policy/nanhai-2018'})-[:BENEFITS]->(p:Park)<-[:BACKS]-(f:Fund)
RETURN policy.name AS policy, p.name AS park, f.name AS fund
ORDER BY fund;
