// “苏九条”的正式名称和发布时间是什么？
// What is the official title and date of "Su Nine Articles"?
MATCH (p:Policy)
WHERE '苏九条' IN p.nicknames
RETURN p.name AS title, p.issued AS issued;
