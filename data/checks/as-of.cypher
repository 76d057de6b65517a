// a statement holds for a time after its document was published
MATCH (n)
CALL claims.of(n) YIELD property, asOf, published, source
WITH n, property, asOf, published, source
WHERE asOf > published
RETURN DISTINCT n.id AS subject, property, asOf AS as_of, source.id AS source, published
ORDER BY subject, property;
