// 科研实力得分前三名的园区是哪些？
// Which three parks have the best research score?
MATCH (p:Park)-[s:SCORED]->(:Indicator {name: '科研实力'})
RETURN p.name AS park, s.score AS research
ORDER BY research DESC, park
LIMIT 3;
