// 四项一级指标得分最高的园区各是哪家？
// Which park is best in each of the four level-1 indicators?
MATCH (:Park)-[s:SCORED]->(i:Indicator)
WITH i, max(s.score) AS best
MATCH (p:Park)-[s:SCORED]->(i)
WHERE s.score = best
WITH i, best, p.name AS park
ORDER BY park
RETURN i.name AS indicator, best, collect(park) AS parks
ORDER BY best DESC;
