// 《中国杭州区块链产业园政策》由谁出台，各文档说法一致吗？
// Who issued the China Hangzhou Blockchain Industrial Park Policy, and do the documents agree?
MATCH (policy:Policy {id: 'policy/hangzhou-china-2018'})-[r:ISSUED_BY]->(issuer)
CALL claims.of(r) YIELD source, locator, asPrinted
RETURN policy.name AS policy, issuer.name AS issued_by, source.id AS document, locator, asPrinted AS as_printed
ORDER BY document, locator;
