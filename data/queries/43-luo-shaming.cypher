// 2020年两会上呼吁全国布局园区的骆沙鸣担任什么职务？
// Which offices does Luo Shaming hold, who asked in 2020 for parks over the whole country?
MATCH (p:Person {name: '骆沙鸣'})-[r:HOLDS_ROLE]->(o:Organization)
RETURN r.title AS title, o.name AS organization
ORDER BY title;
