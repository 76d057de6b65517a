// 2017、2018两年成立了多少家园区？2020年底与2022年3月的统计一致吗？
// How many parks were founded in 2017 and 2018, and do the counts of the end of 2020 and of March 2022 agree?
// 004 L81: 32 (of 44); 001 L27: 17 and 18 (of 51).
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks-founded'}), (o)-[:ABOUT]->(:Country), (o)-[:COUNTED_BY]->(who)
WHERE o.group CONTAINS '2017' OR o.group CONTAINS '2018'
RETURN o.as_of AS as_of, who.name AS counted_by, toInteger(sum(o.value)) AS parks, collect(o.group) AS years
ORDER BY as_of;
