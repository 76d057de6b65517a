// a policy of the comparison table is silent on one of its ten kinds of support
MATCH (p:Policy), (k:SupportKind)
WHERE p.stars IS NOT NULL AND k.id <> 'kind/target'
OPTIONAL MATCH (p)-[:GRANTS]->(m:Measure)-[:OF_KIND]->(k)
OPTIONAL MATCH (p)-[lacks:LACKS]->(k)
WITH p, k, count(DISTINCT m) AS measures, count(DISTINCT lacks) AS strokes
WHERE measures = 0 AND strokes = 0
RETURN p.id AS policy, k.id AS kind
ORDER BY policy, kind;
