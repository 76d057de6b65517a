// “文山三七码”由哪个园区开展，效果如何？
// Which park runs the Wenshan Sanqi Code, and to what effect?
MATCH (park:Park)-[:RUNS]->(p:Project {name: '文山三七码'})<-[:ABOUT]-(o:Observation)-[:MEASURES]->(m:Metric)
RETURN park.name AS park, m.name AS metric, o.comparator AS comparator, o.value AS value, o.unit AS unit, o.definition AS definition;
