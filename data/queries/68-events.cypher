// 文档记载的事件按时间排列。
// The events that the documents tell of, in order of time.
MATCH (e:Event)
RETURN e.date AS date, e.name AS event
ORDER BY date, event;
