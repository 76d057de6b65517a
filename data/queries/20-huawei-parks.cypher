// 华为与哪些园区有关联，是什么关系？
// Which parks is Huawei connected with, and how?
MATCH (huawei:Organization)-[r:RESIDENT_IN|PARTICIPATES_IN|OPERATED_BY]-(p:Park)
WHERE huawei.name CONTAINS '华为'
RETURN huawei.name AS organization, type(r) AS relation, coalesce(r.residency, r.role) AS residency, p.name AS park
ORDER BY organization, park;
MATCH (huawei:Organization)-[r:PARTICIPATES_IN]->(project:Project)<-[:RUNS]-(p:Park)
WHERE huawei.name CONTAINS '华为'
RETURN huawei.name AS organization, r.role AS place, project.name AS project, p.name AS park;
