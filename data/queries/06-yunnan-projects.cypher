// 云南省区块链中心落地了哪些有本土特色的项目？
// Which locally flavoured projects run at the Yunnan Provincial Blockchain Center?
MATCH (p:Park {id: 'park/yunnan'})-[:RUNS]->(project:Project)
WHERE any(theme IN project.theme WHERE theme CONTAINS '本土特色')
RETURN p.name AS park, project.name AS project, project.summary_zh AS what
ORDER BY project;
