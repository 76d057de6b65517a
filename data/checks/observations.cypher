// an observation has no metric, nothing that it is about, or neither a figure nor a note why
MATCH (o:Observation)
WHERE NOT (o)-[:MEASURES]->(:Metric)
   OR NOT (o)-[:ABOUT]->()
   OR (o.value IS NULL AND (o.value_min IS NULL OR o.value_max IS NULL) AND o.note IS NULL)
RETURN o.id AS observation
ORDER BY observation;
