// 各文档引用、转述了谁？
// Whom does each document cite or repeat?
MATCH (d:Source {held: true})-[r:CITES|REPEATS]->(to)
RETURN d.id AS document, type(r) AS how, to.name AS cited
ORDER BY document, how, cited;
