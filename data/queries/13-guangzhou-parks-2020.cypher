// 2020年报告列出的广州六家区块链产业园是哪些？
// Which six Guangzhou parks does the 2020 report list?
ACCORDING TO 's004'
MATCH (p:Park)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(:City {id: 'city/guangzhou'})
RETURN DISTINCT p.name AS park
ORDER BY park;
