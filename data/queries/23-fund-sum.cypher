// 表中十只产业园基金合计多少亿元？与报告所说“超过173亿元”一致吗？
// What do the ten park funds add up to (100m yuan), and does it fit "more than 17.3 billion"?
MATCH (f:Fund {kind: 'park fund'})
WITH count(f) AS funds, sum(f.size_cny) / 100000000.0 AS sum_yi_cny
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/fund-total-parks'})
RETURN funds, sum_yi_cny, o.comparator AS comparator, o.value / 100000000.0 AS stated_yi_cny,
       sum_yi_cny > o.value / 100000000.0 AS fits;
