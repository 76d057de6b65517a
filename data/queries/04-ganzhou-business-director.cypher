// 谁是赣州区块链金融产业沙盒园的商务总监？
// Who is the business director of the Ganzhou blockchain finance sandbox park?
MATCH (who:Person)-[r:HOLDS_ROLE]->(p:Park {id: 'park/ganzhou'})
WHERE r.title = '商务总监'
RETURN p.name AS park, r.title AS title, who.name AS person;
