// 用繁体、简称、误写、拼音首字母或表格里的叫法，能找到同一个东西吗？
// Is a thing found by its traditional form, short name, misprint, initials of pinyin or the name of its row in a table?
UNWIND ['沙河园', '黃埔鏈谷', '链十条', 'xxg', '謝緯', 'APBC', '苏九条', '3+1+N', '太一科技', '内幕潜力', '杭州西湖区（雄岸）'] AS asked
CALL search.names(asked, {limit: 1}) YIELD node, how, property
RETURN asked, node.name AS found, how, property
ORDER BY asked;
