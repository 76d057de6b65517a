// 雄岸基金由谁出资，政府引导基金占多少？
// Who contributes to the Xiong'an fund, and what is the share of government?
MATCH (o:Organization)-[r:CONTRIBUTES_TO]->(f:Fund {name: '雄岸全球区块链创新基金'})
CALL claims.of(r) YIELD property, note
WITH o, r, collect(note) AS notes
RETURN o.name AS contributor, r.share_percent AS share_percent, notes
ORDER BY contributor;
