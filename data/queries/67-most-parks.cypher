// 各文档说哪个省、哪个城市的园区最多？
// Which province and which city has the most parks, according to which document?
MATCH (d:Source)-[r:SINGLES_OUT]->(p:Place)
WHERE r.superlative_en CONTAINS 'most parks'
RETURN d.id AS document, r.superlative AS superlative, p.name AS place
ORDER BY document, superlative, place;
