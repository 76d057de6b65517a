// 四个一级指标各有几个三级指标，其中数值型、指数型各几个？
// How many level-3 indicators has each level-1 indicator, and of which kind?
MATCH (third:Indicator {level: 3})-[:BROADER]->(:Indicator {level: 2})-[:BROADER]->(first:Indicator {level: 1})
RETURN first.name AS indicator, first.weight AS weight, count(*) AS level_3, sum(CASE third.value_kind WHEN 'numeric' THEN 1 ELSE 0 END) AS numeric, sum(CASE third.value_kind WHEN 'index' THEN 1 ELSE 0 END) AS index_kind
ORDER BY weight DESC, indicator;
