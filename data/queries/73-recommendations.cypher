// 各文档提出了哪些建议？
// What does each document recommend?
MATCH (d:Source)-[r:RECOMMENDS]->(what:Recommendation)
RETURN d.id AS document, r.order AS place, what.name AS recommendation, what.summary_zh AS gist
ORDER BY document, place;
