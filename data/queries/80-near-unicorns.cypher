// 哪个园区有准独角兽企业，几家，按什么估值，谁说的？
// Which park has near-unicorns, how many, by which valuation, and who says so?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/near-unicorns'}), (o)-[:ABOUT]->(p:Park)
CALL claims.of(o) YIELD property, attributedTo, source, locator
  WHERE property = 'value'
RETURN p.name AS park, o.value AS companies, o.definition AS valuation, attributedTo AS said_by, source.id AS document, locator;
