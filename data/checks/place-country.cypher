// a place below the country is not part of it
MATCH (p:Place)
WHERE NOT p:Country AND NOT (p)-[:PART_OF*1..]->(:Country)
RETURN p.id AS place
ORDER BY place;
