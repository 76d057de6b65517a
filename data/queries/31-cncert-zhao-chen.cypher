// 国家互联网应急中心通过哪个园区与赵宸相联系？
// Through which park is the national internet emergency centre connected with Zhao Chen?
MATCH (c:Organization {name: '国家互联网应急中心'})-[r]-(p:Park)-[s]-(who:Person {name: '赵宸'})
RETURN c.name AS organization, type(r) AS relation, p.name AS park, type(s) AS role, s.title AS title, who.name AS person;
