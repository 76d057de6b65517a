// 004号文档点名的政府主导园区有哪些？
// Which parks led by government does document 004 name?
ACCORDING TO s004
MATCH (p:Park {government_led: true})
CALL claims.of(p) YIELD property, value, source
  WHERE property = 'name' AND source.id = 's004'
RETURN DISTINCT value AS park
ORDER BY park;
