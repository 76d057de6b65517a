// what a source foresees, advises or complains of is not numbered in the order of its lines, from 1 without gaps
MATCH (s:Source {held: true})-[r:FORESEES|RECOMMENDS|NAMES_PROBLEM]->(x)
CALL claims.of(r) YIELD property, locator
WITH s, type(r) AS kind, r.order AS place, x, property, toInteger(split(substring(locator, 1), ' ')[0]) AS line
WHERE property = 'order'
WITH s, kind, x, place, line
ORDER BY line, place
WITH s.id AS source, kind, collect(place) AS places, collect(x.id) AS things
WHERE places <> range(1, size(places))
RETURN source, kind, places, things
ORDER BY source, kind;
