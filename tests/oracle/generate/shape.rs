//! Queries of the shapes that have plans of their own: cycles of four, existence, optional steps, counts by node and along chains,
//! distinct ends.

use super::Generator;

impl Generator<'_> {
    /// Draws a query of one of the shapes.
    pub fn shape(&mut self) -> String {
        match self.chance.below(14) {
            0 | 1 => self.square(),
            2 => self.existence(),
            3 => self.optional_step(),
            4 => self.counts_by_node(),
            5 => self.distinct_ends(),
            6 | 7 => self.counted_chain(),
            8 => self.two_ways_over_a_middle(),
            9 => self.between_two_ends(),
            10 => self.joined_by_value(),
            11 => self.path_of_which_all(),
            12 => self.filtered_existence(),
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

    /// Both ends are asked for by value, which an index may find.
    fn between_two_ends(&mut self) -> String {
        let start = self.one_of(&["(a:A {n: 1})", "(a:A {s: 'a'})", "(a:B {n: 0})", "(a:A)"]);
        let end = self.one_of(&["(b:A {n: 2})", "(b:B {n: 1})", "(b:A {s: 'ab'})", "(b:C {n: 1})", "(a)"]);
        let (first, second) = (self.plain_step(), self.plain_step());
        let way = match self.chance.below(4) {
            0 => first,
            1 => format!("{first}(m){second}"),
            2 => format!("{first}(m){second}(o:A {{n: 1}}){}", self.plain_step()),
            _ => self.one_of(&[
                "-[r:R*1..4]->",
                "-[r*0..3]->",
                "<-[r:R|S*2..4]-",
                "-[r:R*1..3]-",
                "-[r*1..2 {n: 1}]->",
                "-[r*..5]->",
                "-[r:R*2]->",
            ]),
        };
        let asked = self.one_of(&["", "", " WHERE a.n < b.n", " WHERE a <> b"]);
        let (asked, end) = if end == "(a)" { (String::new(), end) } else { (asked, end) };
        let known = self.one_of(&["", "", "", "MATCH (x:A) ", "UNWIND [1, 2] AS k "]);
        let returned = match way.contains("[r") {
            true => self.one_of(&["count(*) AS c", "a, r", "size(r) AS l, count(*) AS c", "count(DISTINCT a) AS c"]),
            false => self.one_of(&["count(*) AS c", "a.n AS n, count(*) AS c", "count(DISTINCT a) AS c"]),
        };
        format!("{known}MATCH {start}{way}{end}{asked} RETURN {returned}")
    }

    /// Parts that only equal values join, with more asked of the pairs.
    fn joined_by_value(&mut self) -> String {
        let (left, right) =
            (self.one_of(&["(a:A)", "(a)", "(a:B)-[:R]->(c)"]), self.one_of(&["(b)", "(b:A)", "(b:B)"]));
        let few = self.one_of(&["", "", " AND a.n = 1", " AND b.n > 0", " AND a.s <> 'a'"]);
        let same = self.one_of(&["a.s = b.s", "a.n = b.n", "a.f = b.n", "a.m = b.m", "b.s = a.s AND a.m = b.m"]);
        let more = self.one_of(&["", " AND a.n < b.n", " AND a.n >= b.n", " AND a <> b", " AND a.s < b.s"]);
        let returned = self.one_of(&["count(*) AS c", "a, b", "a, count(b.n) AS c", "a.s, b.n, count(*) AS c"]);
        format!("MATCH {left}, {right} WHERE {same}{more}{few} RETURN {returned}")
    }

    /// Walks of which every relationship or node is asked for something.
    fn path_of_which_all(&mut self) -> String {
        let step = self.one_of(&["-[r:R*1..3]->", "-[r*0..2]->", "<-[r:R|S*1..3]-", "-[r*1..3]-", "-[r:S*2..3]->"]);
        let start = self.one_of(&["(a)", "(a:A)", "(a {n: 1})"]);
        let asked =
            self.one_of(&["x.n > 0", "x.n <> 1", "x.n < a.n", "x.s = 'a' OR x.n = 1", "x.n IS NULL", "x.n + 1 > 1"]);
        let list = self.one_of(&[
            "r",
            "r",
            "relationships(p)",
            "nodes(p)",
            "nodes(p)[1..]",
            "nodes(p)[1..-1]",
            "nodes(p)[..-1]",
        ]);
        let quantifier = self.one_of(&["all", "all", "all", "none", "any", "single"]);
        let more = self.one_of(&["", "", " AND b.n > 0", " AND none(y IN r WHERE y.s = 'a')"]);
        let returned = self.one_of(&[
            "count(*) AS c",
            "a, b",
            "a, count(DISTINCT b) AS c",
            "DISTINCT b",
            "size(r) AS l, count(*) AS c",
            "p",
        ]);
        format!("MATCH p = {start}{step}(b) WHERE {quantifier}(x IN {list} WHERE {asked}){more} RETURN {returned}")
    }

    /// Existence of a step to a node of which something is asked.
    fn filtered_existence(&mut self) -> String {
        let step = self.one_of(&["-[:R]->", "<-[:S]-", "-[:R]-", "-[]->", "-[f:R]->", "-[:R|S]-"]);
        let far = self.one_of(&["(q)", "(q:A)", "(q:B {s: 'a'})", "(:A)"]);
        let asked = match far.contains('q') {
            true => self.one_of(&[
                "",
                " WHERE q.n > 0",
                " WHERE q.n = 1",
                " WHERE q.n > p.n",
                " WHERE q.n >= 0 AND q.s <> 'b'",
            ]),
            false => String::new(),
        };
        let not = self.one_of(&["", "NOT "]);
        let more = self.one_of(&["", "", " AND p.n >= 0", " AND NOT EXISTS { (p)-[:T]->(:B) }"]);
        let outer = self.one_of(&["(p)", "(p:A)", "(p:A|B)", "(p:A {n: 1})", "(o)-[:R]->(p)"]);
        let returned = self.one_of(&["count(*) AS c", "p", "p.n, count(*) AS c"]);
        format!("MATCH {outer} WHERE {not}EXISTS {{ MATCH (p){step}{far}{asked} }}{more} RETURN {returned}")
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
