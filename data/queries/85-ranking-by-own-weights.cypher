// 如果政策占40%、招商20%、科研25%、资本15%，谁在前十？
// Who are the first ten if policy weighs 40, recruitment 20, research 25 and capital 15 percent? Give weights of your own with --param.
:param policy 40
:param recruitment 20
:param research 25
:param capital 15
WITH {policy: $policy, recruitment: $recruitment, research: $research, capital: $capital} AS weights
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking {id: 'ranking/2019'})
MATCH (p)-[s:SCORED]->(i:Indicator)
WITH p, r, sum(s.score / i.weight * weights[replace(i.id, 'indicator/', '')]) AS total
RETURN p.name AS park, round(total * 100) / 100 AS total, r.rank AS rank_of_the_report
ORDER BY total DESC
LIMIT 10;
