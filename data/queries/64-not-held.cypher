// 哪些文档提到的表格和图片，其内容不在文本里，各有几个？
// How many tables, charts and pictures are named whose contents are not in the text?
MATCH (part:Source)-[:SECTION_OF]->(d:Source)
WHERE d.held AND NOT part.held
RETURN d.id AS document, count(*) AS parts
ORDER BY document;
