// 每个省（直辖市）2019年排名最高的园区是哪家？
// Which is the best-ranked park of each province or municipality in 2019?
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking)
MATCH (p)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(province:Province)
WITH DISTINCT province, p, r
ORDER BY r.rank
WITH province, head(collect({park: p.name, rank: r.rank})) AS best
RETURN best.rank AS rank, province.name AS province, best.park AS park
ORDER BY rank;
