// 各文档分别说中国最早的区块链产业园（孵化基地）是哪一年、哪一家？
// What does each document say about the first blockchain park or base: which year and which one?
MATCH (s:Source)-[r:SINGLES_OUT]->(p:Park)
WHERE r.superlative_en = 'first park' OR r.superlative_en CONTAINS 'incubation base'
RETURN s.id AS document, r.date AS year, r.superlative AS superlative, p.name AS park
ORDER BY document, year, park;
