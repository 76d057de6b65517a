// 雄岸全球区块链创新基金的规模是多少？
// How large is the Xiong'an (雄岸) Global Blockchain Innovation Fund?
MATCH (f:Fund)
WHERE f.name CONTAINS '雄岸'
RETURN f.name AS fund, f.size_cny AS size_cny, f.size_cny / 100000000 AS size_yi_cny;
