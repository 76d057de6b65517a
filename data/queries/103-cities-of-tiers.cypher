// 2019年报告的正文说三个梯队分布在哪些城市？其中哪些城市按分数线并没有该梯队的园区？
// In which cities does the text of the 2019 report place each tier, and which of them have no park of that tier by the score bands?
// L429 and L447: the second tier in 上海, 杭州, 苏州, 广州, 青岛; by the bands only 佛山 of Guangdong, and 苏州 has 84.52 points (L418), 广州 101.97, 96.51 and 81.05 (L405, L409, L419).
MATCH (t:Tier)-[:ABOUT]->(c:City)
WITH t, c, EXISTS { (t)<-[r:IN_TIER]-(:Park)-[:LOCATED_IN]->()-[:PART_OF*0..3]->(c) WHERE r.basis = 'band' } AS fits
ORDER BY c.id
RETURN coalesce(t.score_min, 0) AS from_score, t.name AS tier, collect(c.name) AS cities, collect(CASE WHEN NOT fits THEN c.name END) AS without_a_park_by_the_bands
ORDER BY from_score DESC;
