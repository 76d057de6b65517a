// 哪些统计自称“不完全统计”？数字是多少，谁统计的？
// Which counts are incomplete by their own word, how large are they, and who counted?
MATCH (o:Observation)
WHERE any(note IN o.note WHERE note CONTAINS 'incomplete count')
OPTIONAL MATCH (o)-[:COUNTED_BY]->(who)
RETURN o.name AS observation, toInteger(o.value) AS value, o.comparator AS comparator, who.name AS counted_by
ORDER BY observation, counted_by;
