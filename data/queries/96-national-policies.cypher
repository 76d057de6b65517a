// 文档提到哪些国家层面的政策，何时、由谁发布？
// Which policies of the nation do the documents name, from when and by whom?
MATCH (p:Policy)-[:APPLIES_IN]->(:Country)
OPTIONAL MATCH (p)-[:ISSUED_BY]->(o:Organization)
WITH p, o ORDER BY o.name
RETURN p.issued AS issued, p.name AS policy, collect(o.name) AS issuers
ORDER BY toString(issued), policy;
