// a document in hand has no file, or a document cited only says that it is in hand
MATCH (s:Source)
WHERE (s.held = true AND s.file IS NULL) OR (s.held = false AND s.file IS NOT NULL)
RETURN s.id AS source
ORDER BY source;
