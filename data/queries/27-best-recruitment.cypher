// 招商运营得分前五名的园区是哪些？
// Which five parks have the best recruitment score?
MATCH (p:Park)-[s:SCORED]->(:Indicator {id: 'indicator/recruitment'})
RETURN p.name AS park, s.score AS recruitment
ORDER BY recruitment DESC
LIMIT 5;
