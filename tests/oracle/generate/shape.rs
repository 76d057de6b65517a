//! Queries of the shapes that have plans of their own: cycles of four, existence, optional steps, counts by node and along chains,
//! distinct ends.

use super::Generator;

impl Generator<'_> {
    /// Draws a query of one of the shapes.
    pub fn shape(&mut self) -> String {
        match self.chance.below(10) {
            0 | 1 => self.square(),
            2 => self.existence(),
            3 => self.optional_step(),
            4 => self.counts_by_node(),
            5 => self.distinct_ends(),
            6 | 7 => self.counted_chain(),
            8 => self.two_ways_over_a_middle(),
            _ => self.filtered_scan(),
        }
    }

    fn one_of(&mut self, choices: &[&str]) -> String {
        (*self.chance.one(choices)).to_owned()
    }

    /// Returns a step from one written node to another, some way round.
    fn plain_step(&mut self) -> String {
        self.one_of(&["-[:R]->", "-[:R]->", "<-[:R]-", "-[:S]->", "-[]->", "<-[]-", "-[:R|S]->"])
    }

    fn square(&mut self) -> String {
        let (first, second) = (self.plain_step(), self.plain_step());
        let (third, fourth) = if self.chance.percent(70) {
            (first.clone(), second.clone())
        } else {
            (self.plain_step(), self.plain_step())
        };
        let start = self.one_of(&["(a)", "(a:A)", "(t)-[:T]->(a)", "(a {n: 1})"]);
        let middle = self.one_of(&["(x)", "(x)", "(x:A)"]);
        let end = self.one_of(&["(d)", "(d)", "(d:B)"]);
        let pair = self.one_of(&[
            "",
            "",
            " WHERE x.n < y.n",
            " WHERE x.n > y.n",
            " WHERE x.s < y.s",
            " WHERE x <> y",
            " WHERE x.n <> y.n",
            " WHERE NOT x = y",
            " WHERE x.n <= y.n",
            " WHERE x.n < y.n AND d.n > 0",
            " WHERE x.n < y.n AND x.s = 'a'",
        ]);
        let named = if self.chance.percent(20) { "r" } else { "" };
        let first = first.replacen('[', &format!("[{named}"), 1);
        let returned = self.one_of(&[
            "count(*) AS c",
            "count(*) AS c",
            "a, count(*) AS c",
            "d, count(*) AS c",
            "count(DISTINCT d) AS c",
            "count(x) AS c, sum(a.n) AS s",
            "x, y, d",
            "a, d, count(y.n) AS c",
        ]);
        format!("MATCH {start}{first}{middle}{second}{end}, (a){third}(y){fourth}(d){pair} RETURN {returned}")
    }

    /// Two relationships that share an end, so that others must differ or may be the same.
    fn two_ways_over_a_middle(&mut self) -> String {
        let first = self.one_of(&["-[:R]->", "<-[:R]-", "-[:S]->", "-[]->", "-[:R|S]->"]);
        let second = match self.chance.percent(80) {
            true if first.starts_with('<') => first.replace("<-", "-").replacen("]-", "]->", 1),
            true => format!("<{}", first.replace("->", "-")),
            false => self.plain_step(),
        };
        let start = self.one_of(&["(a)", "(a:A)", "(a {n: 1})", "(a {s: 'a'})", "(a {n: 1, s: 'a'})"]);
        let asked = self.one_of(&[
            "",
            "",
            " WHERE b.n <> 1",
            " WHERE b.n > 1",
            " WHERE b.n <= 1",
            " WHERE 1 < b.n AND b.s <> 'a'",
            " WHERE b.s <> 'a'",
            " WHERE b.s > 'a' OR b.n <> 1",
            " WHERE a.n < 2 AND 2 <= b.n",
            " WHERE a.n >= 1 AND b.n = 1",
            " WHERE a <> b",
        ]);
        let named = if self.chance.percent(15) { "r" } else { "" };
        let first = first.replacen('[', &format!("[{named}"), 1);
        let returned = self.one_of(&[
            "count(*) AS c",
            "b, count(*) AS c",
            "b.n AS n, count(*) AS c",
            "m, count(b.n) AS c",
            "a, b, m",
            "count(DISTINCT b) AS c",
        ]);
        format!("MATCH {start}{first}(m){second}(b){asked} RETURN {returned}")
    }

    fn existence(&mut self) -> String {
        let step = self.plain_step();
        let far = self.one_of(&["(i)", "(i:A)", "(i {n: 1})", "(i:B {s: 'a'})", "(i)-[:S]->(j)", "(p)"]);
        let inner = match self.chance.below(3) {
            0 => format!("EXISTS {{ MATCH (p){step}{far} }}"),
            1 => format!("EXISTS {{ MATCH (p){step}{far} WHERE p.n >= 0 }}"),
            _ => format!("EXISTS {{ (p:A){step}{far} }}"),
        };
        let other = self.plain_step();
        let more = self.one_of(&["", " AND p.n > 0", " OR p.n = 1"]);
        let second = self.one_of(&["", " AND ", " AND NOT "]);
        let second = if second.is_empty() { second } else { format!("{second}EXISTS {{ (p){other}() }}") };
        let not = self.one_of(&["", "", "NOT "]);
        let outer = self.one_of(&["(p)", "(p:A)", "(p:A|B)", "(q)-[]->(p)", "(p)-[:T]->(q)"]);
        let returned = self.one_of(&["count(*) AS c", "p", "p.s, count(*) AS c"]);
        format!("MATCH {outer} WHERE {not}{inner}{second}{more} RETURN {returned}")
    }

    fn optional_step(&mut self) -> String {
        let (step, other) = (self.plain_step(), self.plain_step());
        let far = self.one_of(&["(w)", "(w:A)", "(w:B)", "(w {n: 1})"]);
        let asked = self.one_of(&["", "", " WHERE w.n > 0", " WHERE w.n >= p.n", " WHERE w:A"]);
        let more = if self.chance.percent(30) { format!(" OPTIONAL MATCH (w){other}(v)") } else { String::new() };
        let outer = self.one_of(&["(p)", "(p:A)", "(q)-[]->(p)"]);
        let returned = self.one_of(&[
            "count(*) AS c, count(w.n) AS n, count(w) AS m",
            "p, w",
            "p, count(w) AS c",
            "w, count(*) AS c",
            "count(DISTINCT w) AS c",
        ]);
        format!("MATCH {outer} OPTIONAL MATCH (p){step}{far}{asked}{more} RETURN {returned}")
    }

    fn counts_by_node(&mut self) -> String {
        let step = self.plain_step();
        let (start, end) = (self.one_of(&["(a)", "(a:A)"]), self.one_of(&["(p)", "(p:B)"]));
        let key = self.one_of(&["p", "p.n, p.s", "p.s", "p.n", "p, a.n"]);
        let order = if key == "p" { " ORDER BY c DESC, p.n, p.s" } else { "" };
        let limit = if order.is_empty() { "" } else { " LIMIT 100" };
        format!("MATCH {start}{step}{end} RETURN {key}, count(*) AS c{order}{limit}")
    }

    fn counted_chain(&mut self) -> String {
        let start = self.one_of(&["MATCH (a)", "MATCH (a:A)", "MATCH (a {n: 1})", "MATCH (a) OPTIONAL MATCH (a)"]);
        // Of other types, so that no relationship need differ from another.
        let first = self.one_of(&["-[:R]->", "<-[:R]-", "-[:R]-"]);
        let second = self.one_of(&["-[:S]->", "<-[:S]-", "-[:S|T]->", "-[:R]->"]);
        let third = if self.chance.percent(40) {
            self.one_of(&["-[:T]->(e)", "<-[:T]-(e)", "-[:T*1..2]->(e)"])
        } else {
            String::new()
        };
        let asked = self.one_of(&[
            "",
            "",
            " WHERE m.n >= 0",
            " WHERE d.n <> 1",
            " WHERE NOT (a)-[:T]->(d)",
            " WHERE EXISTS { (m)-[:T]->() }",
            " WHERE d:A",
        ]);
        let returned = self.one_of(&[
            "m, count(*) AS c",
            "m.n, count(*) AS c, count(DISTINCT d) AS k",
            "count(*) AS c, sum(d.n) AS s",
            "d, count(*) AS c",
            "m, count(*) AS c, max(d.n) AS g",
            "d.s, count(d.n) AS c, min(m.n) AS l",
            "a.n, d.n, count(*) AS c",
        ]);
        format!("{start}{first}(m){second}(d){third}{asked} RETURN {returned}")
    }

    fn distinct_ends(&mut self) -> String {
        let step = self.one_of(&[
            "-[*1..3]->",
            "-[*]->",
            "<-[:R*1..2]-",
            "-[:R|S*0..3]->",
            "-[:R*1..3]-",
            "-[*1..2 {n: 1}]->",
        ]);
        let start = self.one_of(&["(a)", "(a:A)", "(a {n: 1})"]);
        let asked = self.one_of(&["", " WHERE b.n <> 1", " WHERE b <> a"]);
        let returned = self.one_of(&[
            "count(DISTINCT b) AS c",
            "count(DISTINCT b.n) AS c",
            "DISTINCT b",
            "a, count(DISTINCT b) AS c",
        ]);
        format!("MATCH {start}{step}(b){asked} RETURN {returned}")
    }

    fn filtered_scan(&mut self) -> String {
        let mut tests = Vec::new();
        for _ in 0..self.chance.between(1, 3) {
            tests.push(self.one_of(&[
                "p.n > 0",
                "p.n >= -1",
                "p.n <= 1",
                "1 > p.n",
                "p.n <> 1",
                "p.n = 0",
                "p.s = 'a'",
                "p.s <> 'a'",
                "p.s < 'b'",
                "p.s STARTS WITH 'a'",
                "p.s CONTAINS 'b'",
                "p.s CONTAINS ''",
                "p.s ENDS WITH 'b'",
                "p.m > 0",
                "p.m = 'a'",
                "p.n > p.m",
                "p.f >= 0.5",
                "p.n < 0.5",
                "p.n = null",
            ]));
        }
        let pattern = self.one_of(&["(p)", "(p:A)", "()-[p]->()", "()-[p:R]->()", "(p)-[:R]->()"]);
        let returned = self.one_of(&[
            "count(*) AS c",
            "p",
            "p.n, p.s, count(*) AS c, avg(p.n) AS a, sum(p.n) AS s",
            "p.n, count(*) AS c",
        ]);
        format!("MATCH {pattern} WHERE {} RETURN {returned}", tests.join(" AND "))
    }
}
