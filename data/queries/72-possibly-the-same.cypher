// 哪些园区可能是同一家，或前后承接？
// Which parks may be one and the same, or follow each other?
MATCH (a:Park)-[r:POSSIBLY_SAME_AS|SUCCEEDS]->(b:Park)
RETURN a.name AS park, type(r) AS how, b.name AS other, r.basis AS basis
ORDER BY park;
