// 从雄岸基金到余杭区政府、再到它的园区，路径是怎样的？
// How are the Xiong'an fund, the Yuhang government and the park connected?
MATCH (f:Fund {id: 'fund/xiongan'})<-[c:CONTRIBUTES_TO]-(g:Government {id: 'org/yuhang-government'})-[:LOCATED_IN]->(d:Place)<-[:LOCATED_IN]-(p:Park)<-[:BACKS]-(f)
RETURN f.name AS fund, c.role AS role, g.name AS government, d.name AS district, p.name AS park;
MATCH path = shortestPath((g:Government {id: 'org/yuhang-government'})-[:CONTRIBUTES_TO|BACKS*..4]-(p:Park))
RETURN [n IN nodes(path) | n.name] AS names, [r IN relationships(path) | type(r)] AS types;
