// 各文档把哪些问题称为最大或最需要解决的？
// Which problems does a document call the greatest or most in need of solving?
MATCH (d:Source)-[r:SINGLES_OUT]->(p:Problem)
RETURN d.id AS document, r.superlative AS superlative, p.name AS problem
ORDER BY document, superlative, problem;
