// the parks founded year by year, of the count of 2022, do not add up to the count
MATCH (years:Observation)-[:MEASURES]->(:Metric {id: 'metric/parks-founded'})
WHERE years.id STARTS WITH 'obs/parks-founded-china-2022-03-21-s001'
WITH sum(years.value) AS founded
MATCH (whole:Observation {id: 'obs/parks-china-2022-03-21-s001'})
WHERE whole.value <> founded
RETURN whole.value AS whole, founded;
