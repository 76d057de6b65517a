// 西溪谷区块链产业园是哪一天、由谁推出的？
// On which day and by whom was the Xixigu blockchain park launched?
MATCH (e:Event)-[:ABOUT]->(p:Park {id: 'park/hangzhou-xixigu'}), (e)-[:HELD_BY]->(launcher)
RETURN p.name AS park, p.launched AS launched, launcher.name AS launched_by;
