// 2019年上榜园区按省（直辖市）的平均总分是多少？
// What is the mean total score of the ranked parks of 2019 by province or municipality?
MATCH (park:Park)-[r:RANKED_IN]->(:Ranking), (park)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..3]->(p:Province)
WITH DISTINCT park, r.total_score AS total, p
RETURN p.name AS province, count(*) AS parks, round(avg(total) * 100) / 100 AS mean_total
ORDER BY mean_total DESC, province;
