// 2019年园区空置率的分布如何？标题与正文一致吗？
// How were vacancies spread over the parks in 2019, and do heading and text agree?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/share-vacancy'})
RETURN o.group AS vacancy, o.value AS percent_of_parks, o.comparator AS comparator
ORDER BY o.group_order;
