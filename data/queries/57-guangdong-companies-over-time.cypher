// 广东的区块链企业数量及占全国比例随时间如何变化，各由谁统计？
// How did the number of blockchain companies in Guangdong and their share of China change, and who counted them?
MATCH (o:Observation)-[:ABOUT]->(:Province {name: '广东省'}), (o)-[:MEASURES]->(m:Metric)
WHERE m.id IN ['metric/companies', 'metric/companies-share']
OPTIONAL MATCH (o)-[:COUNTED_BY]->(who)
RETURN o.as_of AS as_of, m.name AS metric, o.value AS value, o.unit AS unit, o.definition AS definition, who.name AS counted_by
ORDER BY as_of, metric;
