// a trend, problem or recommendation stands in no document, or has no gist
MATCH (n)
WHERE (n:Trend OR n:Problem OR n:Recommendation)
  AND (n.summary_zh IS NULL OR NOT (:Source)-[:FORESEES|NAMES_PROBLEM|RECOMMENDS]->(n))
RETURN n.id AS id
ORDER BY id;
