// 各园区和母园区的面积，分别印在哪份文档的哪一行、原文怎么写？
// Where do the areas of parks and their hosts stand: which document, which line, in which words?
MATCH (n:Park|HostPark)
CALL claims.of(n) YIELD property, value, source, locator, asPrinted
WITH n, property, value, source, locator, asPrinted
WHERE property IN ['area_m2', 'planned_area_m2', 'phase_2_area_m2']
RETURN n.name AS place, property, value, source.id AS document, locator, asPrinted AS printed
ORDER BY value, printed;
