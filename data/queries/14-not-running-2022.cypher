// 截至2022年3月，哪些被点名的园区已停运、在建或前景不明？
// Which named parks were closed, under construction or of unclear future in March 2022?
ACCORDING TO 's001'
MATCH (p:Park)
WHERE p.status IN ['closed', 'under construction', 'unclear', 'planned']
RETURN p.name AS park, p.status AS status
ORDER BY status, park;
