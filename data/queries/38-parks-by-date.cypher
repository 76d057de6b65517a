// 有明确成立（推出、揭牌、获批、运营）日期的园区按时间排列。
// Order the parks with an explicit founding, launch or approval date.
MATCH (p:Park)
UNWIND [['founded', p.founded], ['launched', p.launched], ['approved', p.approved]] AS dated
WITH p, dated[0] AS what, dated[1] AS date
WHERE date IS NOT NULL
RETURN date, what, p.name AS park
ORDER BY date, park;
