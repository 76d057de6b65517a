// 对比表的十类补贴中，每项政策提供几类、缺哪些？
// Of the ten kinds of support in the comparison table, how many does each policy offer, and which does it lack?
MATCH (p:Policy)
WHERE p.stars IS NOT NULL
OPTIONAL MATCH (p)-[:LACKS]->(k:SupportKind)
WITH p, count(k) AS lacking, collect(k.name) AS kinds
UNWIND CASE WHEN lacking = 0 THEN [null] ELSE kinds END AS kind
WITH p, lacking, kind ORDER BY kind
RETURN p.name AS policy, p.stars AS stars, 10 - lacking AS offered, collect(kind) AS lacks
ORDER BY offered DESC, stars DESC, policy;
