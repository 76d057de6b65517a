// an id is not ASCII, or names two nodes
MATCH (n)
WITH n.id AS id, count(*) AS nodes
WHERE nodes > 1 OR NOT id =~ '[a-z0-9./-]+'
RETURN id, nodes
ORDER BY id;
