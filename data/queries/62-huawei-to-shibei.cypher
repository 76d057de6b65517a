// 华为怎样与上海市北区块链生态谷相联系？
// How is Huawei connected with Shanghai Shibei Blockchain Ecology Valley?
MATCH path = shortestPath((:Organization {name: '华为'})-[:AFFILIATED_WITH|RESIDENT_IN|PARTICIPATES_IN|RUNS*..4]-(:Park {name: '上海市北区块链生态谷'}))
RETURN [node IN nodes(path) | node.name] AS names, [step IN relationships(path) | type(step)] AS steps;
