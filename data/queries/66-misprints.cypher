// 文档里哪些名称印错了，应当是什么？
// Which names are misprinted in the documents, and what should they be?
MATCH (n)
WHERE n.misprints IS NOT NULL
RETURN n.misprints AS printed, n.name AS name
ORDER BY name;
