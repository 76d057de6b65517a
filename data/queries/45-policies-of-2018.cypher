// 2018年出台了哪些政策，按时间排列，由谁发布？
// Which policies date from 2018, in order of time, and who issued them?
MATCH (p:Policy)
WHERE p.issued.year = 2018
OPTIONAL MATCH (p)-[:ISSUED_BY]->(who)
WITH p, who.name AS issuer
ORDER BY issuer
RETURN p.issued AS issued, p.name AS policy, collect(issuer) AS issuers
ORDER BY issued, policy;
