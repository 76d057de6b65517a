// 按003号文档，广东有几家园区？按001号文档呢？
// How many parks has Guangdong according to document 003, and according to 001?
ACCORDING TO 's003'
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:ABOUT]->(:Province {id: 'province/guangdong'})
RETURN '003' AS document, o.as_of AS as_of, o.comparator AS comparator, toInteger(o.value) AS parks;
ACCORDING TO 's001'
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:ABOUT]->(:Province {id: 'province/guangdong'})
RETURN '001' AS document, o.as_of AS as_of, o.comparator AS comparator, toInteger(o.value) AS parks;
