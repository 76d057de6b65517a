// 哪个园区有基金并受惠于政策，却不在22家排名之中？
// Which park has a fund and benefits from a policy but is not among the 22 ranked?
MATCH (:Fund)-[:BACKS]->(p:Park)<-[:BENEFITS]-(:Policy)
WHERE NOT (p)-[:RANKED_IN]->(:Ranking)
RETURN DISTINCT p.name AS park;
