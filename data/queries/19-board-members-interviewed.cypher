// 2019年报告编委会中哪些专家在其他文档里也被采访？
// Which members of the 2019 board are also interviewed in another document?
MATCH (:Source {id: 's002'})-[:ADVISED_BY]->(who:Person)-[:SAID]->(:Saying)-[:SAID_IN]->(other:Source)
WHERE other.id <> 's002'
RETURN who.name AS person, other.id AS document, count(*) AS sayings
ORDER BY person, document;
