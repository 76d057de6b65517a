// 004号文档点名的政府主导园区有哪些？
// Which parks led by government does document 004 name?
ACCORDING TO s004
MATCH (p:Park {government_led: true})
WHERE p.name IS NOT NULL
RETURN p.name AS park
ORDER BY park;
