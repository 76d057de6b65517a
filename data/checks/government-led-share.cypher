// a share of parks led by government that is computed is not what its counts give
MATCH (share:Observation)-[:MEASURES]->(:Metric {id: 'metric/share-government-led'})
CALL claims.of(share) YIELD property, source
  WHERE property = 'value' AND source.kind = 'derivation'
MATCH (share)-[:ABOUT]->(place), (part:Observation)-[:ABOUT]->(place), (whole:Observation)-[:ABOUT]->(place)
WHERE part.as_of = share.as_of AND whole.as_of = share.as_of AND whole.comparator = 'exact'
  AND EXISTS { (part)-[:MEASURES]->(:Metric {id: 'metric/parks-government-led'}) }
  AND EXISTS { (whole)-[:MEASURES]->(:Metric {id: 'metric/parks'}) }
  AND abs(share.value - 100.0 * part.value / whole.value) > 0.05
RETURN share.id AS observation, share.value AS stated, part.value AS part, whole.value AS whole;
