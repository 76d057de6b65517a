// 各文档采访或引用了哪些有名有姓的人，身份是什么？
// Which named persons does each document interview or quote, and what are they?
MATCH (p:Person)-[:SAID]->(:Saying)-[:SAID_IN]->(d:Source)
OPTIONAL MATCH (p)-[r:HOLDS_ROLE]->(o)
WITH DISTINCT d, p, r, o
RETURN d.id AS document, p.name AS person, coalesce(r.title, p.described_as) AS title, o.name AS organization
ORDER BY document, person, title;
