// 西溪谷政策是何时出台的，各文档怎么说？
// When was the Xixigu policy issued, according to which document, and which date is the answer by newest as-of?
MATCH (p:Policy)-[:BENEFITS]->(:Park {name: '杭州西溪谷区块链产业园'})
CALL claims.of(p) YIELD property, value, source, locator, asPrinted, rank, wins
  WHERE property = 'issued'
RETURN p.issued AS answer, source.id AS document, locator, value AS issued, asPrinted AS printed, rank, wins
ORDER BY document, locator;
