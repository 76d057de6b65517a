// 四星区域受益园区在2019年的排名是多少？
// What ranks do the beneficiary parks of the four-star regions have?
MATCH (policy:Policy {stars: 4})-[:BENEFITS]->(p:Park)-[r:RANKED_IN]->(:Ranking)
RETURN r.rank AS rank, p.name AS park, collect(DISTINCT policy.name) AS policies
ORDER BY rank;
