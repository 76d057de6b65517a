// 全国区块链产业园数量随时间如何变化？
// How did the number of parks in China change over time?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:ABOUT]->(:Country {id: 'country/china'})
RETURN o.as_of AS as_of, toInteger(o.value) AS parks, o.comparator AS comparator, o.definition AS definition
ORDER BY as_of, parks;
