// 哪家园区按正文与按分数线属于不同梯队？
// Which park lies in another tier by the text than by its score?
MATCH (p:Park)-[text:IN_TIER {basis: 'text'}]->(t:Tier), (p)-[:IN_TIER {basis: 'band'}]->(b:Tier), (p)-[r:RANKED_IN]->(:Ranking)
WHERE t.id <> b.id
RETURN p.name AS park, r.total_score AS total, t.name AS by_text, b.name AS by_bands;
