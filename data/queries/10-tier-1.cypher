// 按分数线，2019年第一梯队有哪些园区？
// By the score bands, which parks are in tier 1 in 2019?
MATCH (p:Park)-[:IN_TIER {basis: 'band'}]->(t:Tier {id: 'tier/first'}), (p)-[r:RANKED_IN]->(:Ranking)
RETURN r.rank AS rank, p.name AS park, r.total_score AS total_score
ORDER BY rank;
