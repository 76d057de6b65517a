// 规模不低于10亿元的产业园基金有哪些？
// Which park funds have 1 billion yuan or more?
MATCH (f:Fund)
WHERE f.size_cny >= 1000000000
RETURN f.name AS fund, f.size_cny / 100000000 AS size_yi_cny
ORDER BY size_yi_cny DESC, fund;
