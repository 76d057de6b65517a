// 各项专项政策的扶持力度（星级）如何排序？
// How do the special policies rank by stars of support?
MATCH (p:Policy)
WHERE p.stars IS NOT NULL
RETURN p.stars AS stars, p.name AS policy
ORDER BY stars DESC, policy;
