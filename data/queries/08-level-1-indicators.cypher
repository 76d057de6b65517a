// 综合竞争力评估体系的四个一级指标及权重是什么？
// What are the four level-1 indicators and weights of the evaluation system?
MATCH (k:Ranking)-[:USES]->(i:Indicator {level: 1})
RETURN i.name AS indicator, i.weight AS weight_percent
ORDER BY weight_percent DESC, indicator;
