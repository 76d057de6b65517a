// IDC所说中国区块链市场支出规模各年是多少（万美元）？
// Which spending on blockchain in China does IDC give for which year (10,000 US dollars)?
MATCH (o:Observation)-[:COUNTED_BY]->(who:Organization {name: 'IDC'}), (o)-[:MEASURES]->(:Metric {id: 'metric/market-spending'})
RETURN o.period AS year, o.value / 10000 AS wan_usd, o.unit AS unit, o.comparator AS comparator, o.definition AS definition
ORDER BY year;
