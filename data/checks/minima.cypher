// a minimum is above its maximum
MATCH (n)
WHERE n.amount_min_cny > n.amount_max_cny
   OR n.rate_percent_min > n.rate_percent_max
   OR n.count_min > n.count_max
   OR n.value_min > n.value_max
   OR n.score_min > n.score_max
   OR n.period_years_min > n.period_years_max
RETURN n.id AS id
ORDER BY id;
