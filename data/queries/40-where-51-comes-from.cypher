// 2025年2月的网页所给的51家数据，真正出自哪份文档、截至何时？
// The page of February 2025 gives 51 parks: which document is that really from, and as of when?
MATCH (page:Source {id: 's000'})-[:REPEATS]->(origin:Source)
MATCH (o:Observation {id: 'obs/parks-china-2022-03-21-s001'})
CALL claims.of(o) YIELD property, value, source, locator, asOf
WITH page, origin, property, value, source, locator, asOf
WHERE property = 'value' AND source = origin
RETURN page.issued AS page_of, toInteger(value) AS parks, origin.id AS document, origin.name AS title, origin.issued AS published,
       locator, asOf AS as_of;
