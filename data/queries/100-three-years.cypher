// 哪些扶持有年限？
// Which support is limited to some years?
MATCH (p:Policy)-[:GRANTS]->(m:Measure)
WHERE m.period_years_max IS NOT NULL
RETURN p.name AS policy, m.form AS form, m.period_years_max AS years, m.amount_max_cny AS at_most, m.rate_percent AS percent
ORDER BY policy, form;
