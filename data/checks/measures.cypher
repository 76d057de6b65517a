// a measure has no kind, or nobody grants it
MATCH (m:Measure)
WHERE NOT (m)-[:OF_KIND]->(:SupportKind) OR NOT ()-[:GRANTS]->(m)
RETURN m.id AS measure
ORDER BY measure;
