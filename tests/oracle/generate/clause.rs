//! Reading clauses in a row: MATCH, OPTIONAL MATCH, UNWIND, WITH, CALL.

use super::{Generator, Kind, removable};

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
        let weights: &[usize] = if is_first { &[80, 6, 6, 0, 2] } else { &[35, 20, 12, 25, 8] };
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
            _ => self.call(),
        }
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
}
