// 伊宁和鄂尔多斯两个园区的矿机、机柜、服务器各有多少？
// How many mining machines, cabinets and servers have the parks of Yining and Ordos?
MATCH (p:Park)
WHERE p.planned_miners_count IS NOT NULL OR p.cabinets_count IS NOT NULL
RETURN p.name AS park, p.status AS status, p.planned_miners_count AS planned_miners, p.cabinets_count AS cabinets,
  p.servers_count AS servers, p.servers_count_comparator AS comparator
ORDER BY park;
