// 广州、杭州、上海各有几家园区，谁在何时统计？
// How many parks had Guangzhou, Hangzhou and Shanghai, when, and who counted?
MATCH (o:Observation)-[:ABOUT]->(c:City), (o)-[:MEASURES]->(:Metric {id: 'metric/parks'})
WHERE c.name IN ['广州市', '杭州市', '上海市'] AND o.value IS NOT NULL
OPTIONAL MATCH (o)-[:COUNTED_BY]->(who)
RETURN c.name AS city, o.as_of AS as_of, o.value AS parks, who.name AS counted_by
ORDER BY city, as_of, counted_by;
