// the tier of a park by the bands does not fit its total
MATCH (p:Park)-[r:RANKED_IN]->(:Ranking)
OPTIONAL MATCH (p)-[i:IN_TIER]->(t:Tier)
WHERE coalesce(i.basis, 'band') = 'band'
WITH p, r.total_score AS total, collect(t) AS tiers
WHERE size(tiers) <> 1
   OR total < coalesce(head(tiers).score_min, 0.0)
   OR total >= coalesce(head(tiers).score_max, 1000.0)
RETURN p.id AS park, total, [t IN tiers | t.id] AS tiers
ORDER BY park;
