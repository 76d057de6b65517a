// 园区主要靠什么盈利，比例各是多少？
// What do parks live on, and which share of them?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/share-profit'})
RETURN o.group AS income, o.value AS percent, o.comparator AS comparator
ORDER BY percent DESC;
