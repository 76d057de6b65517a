// 广东省2020年9月的政策点名强化哪些园区，提供什么？
// Which parks does the policy of Guangdong of September 2020 name, and what does it offer?
MATCH (p:Policy)-[:ISSUED_BY]->(:Province {name: '广东省'})
WHERE toString(p.issued) = '2020-09'
RETURN COLLECT { MATCH (p)-[:BENEFITS]->(park:Park) RETURN park.name ORDER BY park.name } AS parks, COLLECT { MATCH (p)-[:GRANTS]->(m:Measure) RETURN m.form ORDER BY m.form } AS offers;
