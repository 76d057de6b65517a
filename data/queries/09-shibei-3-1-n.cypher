// 上海市北区块链生态谷“3+1+N”中的“3”和“1”分别指什么？
// In the "3+1+N" of Shanghai Shibei Blockchain Ecology Valley, what are the 3 and the 1?
MATCH (p:Park)-[:RUNS]->(project:Project)<-[r:PARTICIPATES_IN]-(who:Organization)
WHERE project.name CONTAINS '3+1+N'
RETURN p.name AS park, r.role AS place, who.name AS who
ORDER BY place DESC, who;
