// 扶持政策对比表中，每项政策有几类补贴是“/”（未提供），是哪些？
// In the comparison of support, how many kinds does each policy not offer, and which?
MATCH (p:Policy)-[:LACKS]->(k:SupportKind)
WITH p, k.name AS kind
ORDER BY kind
RETURN p.name AS policy, count(*) AS strokes, collect(kind) AS kinds
ORDER BY strokes DESC, policy;
