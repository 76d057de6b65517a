// 2017年出台的政策有哪些，各文档给出的月份是什么？
// Which policies date from 2017, and which dates do the documents give?
MATCH (p:Policy)
WHERE p.issued.year = 2017
CALL claims.of(p) YIELD property, value
WITH p, property, toString(value) AS value
WHERE property = 'issued'
WITH DISTINCT p, value ORDER BY value
RETURN p.name AS policy, collect(value) AS dates
ORDER BY dates[0], policy;
