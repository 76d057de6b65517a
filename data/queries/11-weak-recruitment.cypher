// 招商运营得分低于20分的园区有哪些？
// Which parks have a recruitment score below 20?
MATCH (p:Park)-[s:SCORED]->(:Indicator {id: 'indicator/recruitment'})
WHERE s.score < 20
RETURN p.name AS park, s.score AS recruitment
ORDER BY recruitment;
