// 海南自贸区(港)区块链试验区位于哪个园区内，有多少家企业入驻？
// Inside which park does the Hainan blockchain pilot zone lie, and how many companies are there?
MATCH (p:Park {id: 'park/hainan'})-[:HOSTED_BY]->(host:HostPark)
RETURN p.name AS park, host.name AS inside, p.companies_count_comparator AS comparator, p.companies_count AS companies;
