// a node has no id, no Chinese name or no English name
MATCH (n)
WHERE n.id IS NULL OR n.name IS NULL OR n.name_en IS NULL
RETURN labels(n) AS labels, n.id AS id, n.name AS name, n.name_en AS name_en
ORDER BY id;
