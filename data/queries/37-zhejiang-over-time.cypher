// 浙江的园区数量随时间如何变化？
// How did the number of parks in Zhejiang change?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:ABOUT]->(:Province {id: 'province/zhejiang'})
RETURN o.as_of AS as_of, toInteger(o.value) AS parks, o.comparator AS comparator, o.definition AS definition
ORDER BY as_of, parks;
