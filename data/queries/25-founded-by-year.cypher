// 51家园区按成立年份各多少家，合计是否等于51？
// How many of the 51 parks were founded in each year, and do they add up?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks-founded'}), (o)-[:COUNTED_BY]->(:Organization {id: 'org/blockchain-daily'})
RETURN o.group AS founded, toInteger(o.value) AS parks
ORDER BY o.group_order, founded;
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks-founded'}), (o)-[:COUNTED_BY]->(:Organization {id: 'org/blockchain-daily'})
WITH sum(o.value) AS founded
MATCH (whole:Observation {id: 'obs/parks-china-2022-03-21-s001'})
RETURN toInteger(founded) AS founded, toInteger(whole.value) AS parks, founded = whole.value AS adds_up;
