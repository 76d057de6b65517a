// 只看2020年以前发表的文档，全国有多少园区，由谁统计？
// By documents published before 2020, how many parks were there, and who counted?
AS OF date('2019-12-31')
MATCH (o:Observation)-[:ABOUT]->(:Country), (o)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:COUNTED_BY]->(who)
RETURN o.as_of AS as_of, o.value AS parks, o.definition AS definition, who.name AS counted_by
ORDER BY counted_by;
