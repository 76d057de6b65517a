// a policy that benefits a park has no date or nobody who issued it
MATCH (p:Policy)
WHERE (p)-[:BENEFITS]->(:Park) AND (p.issued IS NULL OR NOT (p)-[:ISSUED_BY]->())
RETURN p.id AS policy
ORDER BY policy;
