// 设在其他园区内的区块链产业园，其母园区的规划面积（平方公里）是多少？
// What are the planned areas (km²) of the parks and zones that house a blockchain park?
MATCH (p:Park)-[:HOSTED_BY]->(h:HostPark)
WHERE h.planned_area_m2 IS NOT NULL
RETURN h.name AS host, h.planned_area_m2 / 1000000 AS km2, h.phase_2_area_m2 / 1000000 AS second_phase_km2, p.name AS park
ORDER BY km2 DESC, park;
