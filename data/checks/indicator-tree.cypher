// an indicator below the first level has no indicator just above it, or more than one
MATCH (i:Indicator)
WHERE i.level > 1
OPTIONAL MATCH (i)-[:BROADER]->(above:Indicator)
WHERE above.level = i.level - 1
WITH i, count(above) AS number
WHERE number <> 1
RETURN i.id AS indicator, number
ORDER BY indicator;
