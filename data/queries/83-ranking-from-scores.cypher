// 由四项得分重算2019年排名，与所印的名次和总分一致吗？
// Do the four scores give the ranks and totals of 2019 as printed?
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking {id: 'ranking/2019'})
MATCH (p)-[s:SCORED]->(:Indicator)
WITH p, r, round(sum(s.score) * 100) / 100 AS total
ORDER BY total DESC
WITH collect({park: p.name, printed: r.rank, printed_total: r.total_score, total: total}) AS ranked
UNWIND range(0, size(ranked) - 1) AS place
WITH place + 1 AS rank, ranked[place] AS row
RETURN rank, row.printed AS printed, row.park AS park, row.total AS total, row.total = row.printed_total AS same_total
ORDER BY rank;
