// 报道称广东区块链公司占全国45%，按其自己的数字应是多少？
// The article says Guangdong has 45% of China's blockchain companies; what do its own numbers give?
MATCH (whole:Observation)-[:MEASURES]->(:Metric {id: 'metric/companies'}), (whole)-[:ABOUT]->(:Country)
MATCH (own:Observation)-[:MEASURES]->(:Metric {id: 'metric/companies'}), (own)-[:ABOUT]->(:Province {id: 'province/guangdong'})
MATCH (share:Observation)-[:MEASURES]->(:Metric {id: 'metric/companies-share'}), (share)-[:ABOUT]->(:Province {id: 'province/guangdong'})
WHERE own.as_of = whole.as_of AND share.as_of = whole.as_of
RETURN toInteger(own.value) AS guangdong, toInteger(whole.value) AS china, share.value AS stated_percent,
       round(own.value / whole.value * 10000) / 100 AS computed_percent;
