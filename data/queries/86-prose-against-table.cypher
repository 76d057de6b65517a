// 2019年报告的正文与自己的表格在哪里矛盾？
// Where does the prose of the 2019 report contradict its own table? First: parks that the text (L447) places in another tier than their points do.
ACCORDING TO 's002'
MATCH (p:Park)-[said:IN_TIER {basis: 'text'}]->(t:Tier), (p)-[r:RANKED_IN]->(:Ranking {id: 'ranking/2019'}), (band:Tier)
WHERE r.total_score >= coalesce(band.score_min, 0.0) AND r.total_score < coalesce(band.score_max, 1000.0) AND band <> t
RETURN p.name AS park, t.name AS by_the_text, r.total_score AS points, band.name AS by_the_bands;
// How many of the 22 parks a province has: the text (L105) and the ranking (L404-425).
ACCORDING TO 's002'
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks'}), (o)-[:ABOUT]->(province:Province)
MATCH (p:Park)-[:RANKED_IN]->(:Ranking {id: 'ranking/2019'})
WHERE EXISTS { (p)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(province) }
WITH province, toInteger(o.value) AS by_the_text, count(DISTINCT p) AS ranked
RETURN province.name AS province, by_the_text, ranked, by_the_text <> ranked AS contradicts
ORDER BY province;
// The share of Hangzhou, Guangzhou and Shanghai: more than half by the heading (L103), at least half by the text (L105).
ACCORDING TO 's002'
MATCH (p:Park)-[:RANKED_IN]->(:Ranking {id: 'ranking/2019'})
OPTIONAL MATCH (p)-[:LOCATED_IN]->(:Place)-[:PART_OF*0..]->(city:Place)
WHERE city.id IN ['city/hangzhou', 'city/guangzhou', 'province/shanghai', 'city/shanghai']
WITH count(DISTINCT p) AS parks, count(DISTINCT CASE WHEN city IS NOT NULL THEN p END) AS there
RETURN there, parks, 100.0 * there / parks AS percent, there * 2 > parks AS more_than_half;
