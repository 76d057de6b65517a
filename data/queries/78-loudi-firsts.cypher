// 娄底取得了哪些“全国第一”，依托了哪些企业？
// What did Loudi do first in China, relying on which companies?
MATCH (:City {name: '娄底市'})-[:RUNS]->(p:Project)<-[:PARTICIPATES_IN]-(o:Organization)
WITH p, o.name AS name
ORDER BY name
RETURN p.name AS first, collect(name) AS relied_upon
ORDER BY first;
