// 五份文档各提到多少家园区？其中点名的有多少家？
// How many parks does each of the five documents speak of, and how many of them does it name?
// Counted by hand in the texts:
// s000: 虹口区新链空间 (L25) and 亚洲区块链孵化器 (L38) by name; the first park in Hangzhou without one (L25).
// s001: 新链空间 (L22), 亚洲区块链孵化器 (L23), 天空区块链孵化基地 (L24), 海南试验区 (L34), 西溪谷 (L36), 趣链科技 (L37), 伊宁 (L43), 鄂尔多斯 (L44), 赣州 (L47).
// s002: the 22 of the ranking (L404-425) and 长沙区块链产业园 (L188) by name; the first incubation base in Baoshan without one (L17).
// s003: 协同创新中心 and 天空 (L5), 中国杭州 (L11), 西溪谷 (L14), 广州国际创新中心, 黄埔链谷, 越秀国际 and 深圳南山科技园 (L18), 云南省区块链中心 (L22), 未来区块链创新中心 (L32).
// s004: 天空 and 西溪谷 (L59), 海南试验区 (L71), six of Guangzhou (L77), 赣州, 兰州 and 成华 (L99), 星沙, 链谷 and 萧山 (L101), 市北 (L105), APBC (L107), 链湾, 重庆 and 湖南省 (L113), 杭州
// (L129) by name; the park of Loudi without one (L113).
ACCORDING TO ONLY 's000'
MATCH (p:Park)
RETURN 's000' AS document, count(*) AS parks, count(coalesce(p.name, p.aliases, p.misprints)) AS named;
ACCORDING TO ONLY 's001'
MATCH (p:Park)
RETURN 's001' AS document, count(*) AS parks, count(coalesce(p.name, p.aliases, p.misprints)) AS named;
ACCORDING TO ONLY 's002'
MATCH (p:Park)
RETURN 's002' AS document, count(*) AS parks, count(coalesce(p.name, p.aliases, p.misprints)) AS named;
ACCORDING TO ONLY 's003'
MATCH (p:Park)
RETURN 's003' AS document, count(*) AS parks, count(coalesce(p.name, p.aliases, p.misprints)) AS named;
ACCORDING TO ONLY 's004'
MATCH (p:Park)
RETURN 's004' AS document, count(*) AS parks, count(coalesce(p.name, p.aliases, p.misprints)) AS named;
