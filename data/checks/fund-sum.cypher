// the park funds do not fit the sum that is stated of them
MATCH (f:Fund {kind: 'park fund'})
WITH sum(f.size_cny) AS funds
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/fund-total-parks'})
WHERE CASE o.comparator WHEN 'more_than' THEN funds <= o.value ELSE funds <> o.value END
RETURN o.id AS observation, o.value AS stated, funds;
