// 2019年报告中青岛链湾的总分和排名是多少？
// What total score and rank did Qingdao Chain Bay get in the 2019 report?
MATCH (p:Park)-[r:RANKED_IN]->(k:Ranking)
WHERE p.name CONTAINS '链湾'
RETURN p.name AS park, k.name AS ranking, r.total_score AS total_score, r.rank AS rank;
