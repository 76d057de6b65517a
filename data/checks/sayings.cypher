// a saying has no document, no gist, or neither a speaker nor a description of one
MATCH (s:Saying)
WHERE NOT (s)-[:SAID_IN]->(:Source)
   OR s.summary_zh IS NULL OR s.summary_en IS NULL
   OR (s.described_as IS NULL AND NOT ()-[:SAID]->(s))
RETURN s.id AS saying
ORDER BY saying;
