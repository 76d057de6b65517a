// 2019、2020、2021年政府主导园区的比例各是多少？
// What share of parks was government-led in 2019, 2020 and 2021?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/share-government-led'}), (o)-[:ABOUT]->(:Country)
RETURN o.as_of AS as_of, o.comparator AS comparator, o.value AS percent
ORDER BY as_of;
