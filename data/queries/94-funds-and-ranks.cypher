// 有产业基金的园区，基金规模与2019年名次是否一致？
// Do the parks with the largest funds rank best in 2019?
MATCH (f:Fund)-[:BACKS]->(p:Park)
OPTIONAL MATCH (p)-[r:RANKED_IN]->(:Ranking {edition: '2019'})
WITH p.name AS park, sum(f.size_cny) / 100000000.0 AS yi_yuan, r.rank AS rank
RETURN park, yi_yuan, rank
ORDER BY yi_yuan DESC, rank;
