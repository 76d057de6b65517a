// a fund is also a project, or has no size, or backs no park
MATCH (f:Fund)
WHERE f:Project OR f.size_cny IS NULL OR NOT (f)-[:BACKS]->(:Park)
RETURN f.id AS fund
ORDER BY fund;
