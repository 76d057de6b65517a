// 2020年普查认为哪些龙头企业具备建园条件？它们已与哪些园区或项目有关联？
// Which leading companies does the census of 2020 hold able to build parks, and with which parks or projects are they connected already?
MATCH (:Trend {id: 'trend/companies-lead'})-[:ABOUT]->(o:Organization)
OPTIONAL MATCH (o)<-[:AFFILIATED_WITH*0..1]-()-[:RESIDENT_IN|PARTICIPATES_IN|RUNS]->(x:Park|Project)
OPTIONAL MATCH (o)<-[:LED_BY]-(led:Park)
WITH o, x, led ORDER BY x.id, led.id
RETURN o.name AS company, o.kind AS kind, collect(DISTINCT x.name) + collect(DISTINCT led.name) AS connected_with
ORDER BY kind DESC, company;
