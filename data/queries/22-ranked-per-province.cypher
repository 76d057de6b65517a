// 2019年上榜园区按省（直辖市）统计各多少家？
// How many ranked parks of 2019 per province or municipality?
MATCH (p:Park)-[:RANKED_IN]->(:Ranking)
MATCH (p)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(province:Province)
RETURN province.name AS province, count(DISTINCT p) AS parks
ORDER BY parks DESC, province;
