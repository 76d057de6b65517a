// stars are fewer than one or more than five
MATCH (p:Policy)
WHERE p.stars < 1 OR p.stars > 5
RETURN p.id AS policy, p.stars AS stars
ORDER BY policy;
