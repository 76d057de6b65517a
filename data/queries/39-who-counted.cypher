// “22家”“44个”“47家”“51家”分别是谁统计的？
// Who counted 22, 44, 47 and 51 parks?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:ABOUT]->(:Country {id: 'country/china'})
MATCH (o)-[:COUNTED_BY]->(who:Organization)
WHERE o.value IN [22, 44, 47, 51]
RETURN toInteger(o.value) AS parks, o.as_of AS as_of, collect(DISTINCT who.name) AS counted_by
ORDER BY parks;
