// 由广东公司数和占比反推，全国区块链公司各是多少？与文档所给的全国数相符吗？
// What national number do Guangdong's companies and its share imply, and does the number given agree?
MATCH (c:Observation)-[:MEASURES]->(:Metric {id: 'metric/companies'}), (c)-[:ABOUT]->(g:Province {name: '广东省'}),
  (s:Observation)-[:MEASURES]->(:Metric {id: 'metric/companies-share'}), (s)-[:ABOUT]->(g)
WHERE s.as_of = c.as_of
OPTIONAL MATCH (whole:Observation {as_of: c.as_of})-[:MEASURES]->(:Metric {id: 'metric/companies'}), (whole)-[:ABOUT]->(:Country)
RETURN c.as_of AS as_of, toInteger(c.value) AS guangdong, s.value AS percent, toInteger(round(c.value / s.value * 100)) AS implied,
  toInteger(whole.value) AS given
ORDER BY toString(as_of);
