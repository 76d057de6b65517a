// 2019年园区靠近高速公路、枢纽、地铁，位于主城区、郊区的比例各是多少？
// Which share of the parks of 2019 lay near a motorway, a hub, an underground station, in town, in the suburbs?
MATCH (o:Observation)-[:MEASURES]->(:Metric {id: 'metric/share-location'})
RETURN o.group AS site, o.value AS percent, o.comparator AS comparator
ORDER BY o.group_order;
