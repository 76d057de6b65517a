// 2019年报告的合作单位中有哪些园区，它们排第几？
// Which parks cooperated in the report of 2019, and what are their ranks?
MATCH (:Source {id: 's002'})-[:COOPERATES_WITH]->(p:Park)-[r:RANKED_IN]->(:Ranking)
RETURN r.rank AS rank, p.name AS park
ORDER BY rank;
