// 各园区入驻或被依托的企业、机构有哪些？
// Which companies and institutes are resident in which park, or relied upon?
MATCH (o:Organization)-[r:RESIDENT_IN|PARTICIPATES_IN]->(p:Park)
WHERE type(r) = 'RESIDENT_IN' OR r.role = 'relied upon'
WITH p, coalesce(r.residency, r.role) AS residency, o.name AS name
ORDER BY name
RETURN p.name AS park, residency, collect(name) AS organizations
ORDER BY park;
