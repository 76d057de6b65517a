//! Reading clauses in a row: MATCH, OPTIONAL MATCH, UNWIND, WITH, CALL, and GQL's LET, FILTER, FOR, ORDER BY.

use super::{Generator, Kind, Variable, removable};

impl Generator<'_> {
    /// Draws some clauses; their variables come into scope.
    pub(super) fn reading_clauses(&mut self, from_the_start: bool) -> String {
        let mut text = String::new();
        let count = self.chance.weighted(&[50, 30, 15, 5]) + 1;
        for place in 0..count {
            let clause = self.reading_clause(from_the_start && place == 0);
            text += &clause;
        }
        text
    }

    fn reading_clause(&mut self, is_first: bool) -> String {
        let weights: &[usize] = if is_first { &[80, 6, 6, 0, 2, 1, 0, 3, 0] } else { &[33, 18, 9, 22, 8, 5, 4, 5, 3] };
        match self.chance.weighted(weights) {
            0 => {
                let pattern = self.match_pattern();
                format!(" MATCH {pattern}{}", self.filter(45))
            }
            1 => {
                let pattern = self.match_pattern();
                let clause = format!(" OPTIONAL MATCH {pattern}{}", self.filter(45));
                clause
            }
            2 => self.unwind(),
            3 => self.with(),
            4 => self.call(),
            5 => self.let_clause(),
            6 => {
                let word = *self.chance.one(&["", "WHERE "]);
                removable(&format!(" FILTER {word}{}", self.condition(2)))
            }
            7 => self.for_clause(),
            _ => self.page(),
        }
    }

    /// Draws columns beside those that are there; none of them sees another.
    fn let_clause(&mut self) -> String {
        if self.has_any_path() {
            return String::new();
        }
        let mut drawn = Vec::new();
        for _ in 0..self.chance.between(1, 2) {
            let kind = *self.chance.one(&[Kind::Integer, Kind::Text, Kind::Any, Kind::Boolean, Kind::List, Kind::Node]);
            drawn.push((self.name("v"), kind, self.of(kind, 2)));
        }
        drawn.iter().for_each(|(name, kind, _)| self.add(name, *kind));
        let bindings: Vec<String> = drawn.iter().map(|(name, _, value)| format!("{name} = {value}")).collect();
        format!(" LET {}", bindings.join(", "))
    }

    fn for_clause(&mut self) -> String {
        let list = self.list(2);
        let (item, place) = (self.name("u"), self.name("v"));
        self.add(&item, Kind::Any);
        let position = match self.chance.below(3) {
            0 => String::new(),
            drawn => {
                self.add(&place, Kind::Integer);
                format!(" WITH {} {place}", if drawn == 1 { "ORDINALITY" } else { "OFFSET" })
            }
        };
        format!(" FOR {item} IN {list}{position}")
    }

    /// Draws a cut of its own; by all that is in scope, or what goes on would not be certain.
    fn page(&mut self) -> String {
        if self.scope.is_empty() || self.has_any_path() || self.scope.iter().any(|variable| variable.is_unordered) {
            return String::new();
        }
        let keys: Vec<String> = self.scope.iter().map(|variable| variable.name.clone()).collect();
        let keys: Vec<String> = keys.into_iter().map(|key| format!("{key}{}", self.way())).collect();
        let skip = *self.chance.one(&["", " OFFSET 1", " SKIP 1"]);
        removable(&format!(" ORDER BY {}{skip} LIMIT {}", keys.join(", "), self.chance.between(2, 6)))
    }

    /// Draws the way of a sort key.
    pub(super) fn way(&mut self) -> &'static str {
        const WAYS: &[&str] = &["", "", " DESC", " ASC", " NULLS FIRST", " DESC NULLS LAST"];
        self.chance.one::<&str>(WAYS)
    }

    fn filter(&mut self, share: usize) -> String {
        if self.chance.percent(share) { removable(&format!(" WHERE {}", self.condition(2))) } else { String::new() }
    }

    fn unwind(&mut self) -> String {
        let unordered: Vec<String> =
            self.scope.iter().filter(|variable| variable.is_unordered).map(|variable| variable.name.clone()).collect();
        let list = match unordered.first() {
            Some(list) if self.chance.percent(60) => list.clone(),
            _ => self.list(2),
        };
        let name = self.name("u");
        self.add(&name, Kind::Any);
        format!(" UNWIND {list} AS {name}")
    }

    fn call(&mut self) -> String {
        if self.scope.iter().any(|variable| variable.kind == Kind::AnyPath) {
            return String::new();
        }
        let imported: Vec<_> = self.scope.iter().filter(|_| self.chance.percent(60)).cloned().collect();
        let names: Vec<&str> = imported.iter().map(|variable| variable.name.as_str()).collect();
        let (column, kind) = (self.name("v"), *self.chance.one(&[Kind::Integer, Kind::Node, Kind::Any]));
        let inner = self.inside(|generator| {
            generator.scope = imported.clone();
            if kind != Kind::Node && generator.chance.percent(15) {
                return generator.united_column(&imported, &column, kind);
            }
            let mut text = generator.reading_clauses(false);
            text += &match generator.chance.below(4) {
                0 => format!(" RETURN count(*) AS {column}"),
                1 => format!(" RETURN DISTINCT {} AS {column}", generator.of(kind, 1)),
                2 => {
                    let item = generator.of(kind, 1);
                    format!(" RETURN {item} AS {column} ORDER BY {column} LIMIT {}", generator.chance.between(1, 3))
                }
                _ => format!(" RETURN {} AS {column}", generator.of(kind, 1)),
            };
            text
        });
        let optional = if self.chance.percent(20) { " OPTIONAL" } else { "" };
        self.add(&column, Kind::Any);
        format!("{optional} CALL ({}) {{{inner} }}", names.join(", "))
    }

    /// Draws two queries with one column, their rows under each other; both see what comes from outside.
    fn united_column(&mut self, outer: &[Variable], column: &str, kind: Kind) -> String {
        let part = |generator: &mut Self| {
            generator.scope = outer.to_vec();
            let clauses = generator.reading_clauses(false);
            format!("{clauses} RETURN {} AS {column}", generator.of(kind, 1))
        };
        let (left, right) = (part(self), part(self));
        format!("{left}{}{right}", self.chance.one(&[" UNION", " UNION ALL", " UNION DISTINCT"]))
    }
}
