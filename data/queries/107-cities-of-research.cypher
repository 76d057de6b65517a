// 被称为科研实力最强的五城，其上榜园区的科研得分最高是多少？
// The five cities whose parks are called strongest in research: what is the best research score of their ranked parks?
MATCH (:Source)-[r:SINGLES_OUT]->(city:City)
WHERE r.superlative_en = 'one of the five cities whose parks are strongest in research'
OPTIONAL MATCH (city)<-[:PART_OF*0..2]-(:Place)<-[:LOCATED_IN]-(p:Park)-[s:SCORED]->(:Indicator {id: 'indicator/research'})
RETURN city.name AS city, count(DISTINCT p) AS parks, max(s.score) AS best
ORDER BY coalesce(best, 0) DESC, city;
