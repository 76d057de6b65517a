// 西溪谷政策是何时出台的，各文档怎么说？
// When was the Xixigu policy issued, according to which document?
MATCH (p:Policy)-[:BENEFITS]->(:Park {name: '杭州西溪谷区块链产业园'})
CALL claims.of(p) YIELD property, value, source, locator, asPrinted
  WHERE property = 'issued'
RETURN source.id AS document, locator, value AS issued, asPrinted AS printed
ORDER BY document, locator;
