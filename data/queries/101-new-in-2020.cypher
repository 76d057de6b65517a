// 2020年成立、揭牌、获批或开始运营的园区有哪些？
// Which parks were founded, opened, approved or began to operate in 2020?
MATCH (p:Park)
UNWIND [{how: 'founded', date: p.founded}, {how: 'launched', date: p.launched}, {how: 'approved', date: p.approved}] AS beginning
WITH p, beginning
WHERE beginning.date.year = 2020
RETURN p.name AS park, beginning.how AS how, beginning.date AS date
ORDER BY toString(date), park;
