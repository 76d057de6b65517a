// 哪些地方补贴利息，按比例还是按金额？
// Which places subsidize interest, by what rate or up to what amount?
MATCH (p:Place)-[:GRANTS]->(m:Measure)-[:OF_KIND]->(:SupportKind {name: '融资补贴'})
WHERE m.form CONTAINS '利息' OR m.form CONTAINS '贴息'
RETURN p.name AS place, m.form AS form, m.rate_percent AS percent, m.amount_max_cny AS at_most, m.per AS per
ORDER BY place, form;
