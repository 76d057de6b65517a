// 广东的园区数量随时间如何变化，由谁统计？
// How did the number of parks in Guangdong change, and who counted?
MATCH (o:Observation)-[:ABOUT]->(:Province {name: '广东省'}), (o)-[:MEASURES]->(:Metric {id: 'metric/parks'})
OPTIONAL MATCH (o)-[:COUNTED_BY]->(counter:Organization)
RETURN o.as_of AS as_of, toInteger(o.value) AS parks, counter.name AS counter
ORDER BY toString(as_of), counter;
