//! Statements that write: what is written must not depend on the order of rows, so most write once an element.

use super::{Generator, Kind, removable};
use crate::oracle::graph::{LABELS, TYPES};

impl Generator<'_> {
    /// Draws a statement that writes.
    pub(super) fn update(&mut self) -> String {
        self.scope.clear();
        let mut text = String::new();
        if self.chance.percent(80) {
            text += &self.reading_clauses(true);
            if self.scope.iter().any(|variable| variable.kind == Kind::AnyPath) {
                self.scope.retain(|variable| variable.kind != Kind::AnyPath);
            }
            let nodes = self.of_kind(Kind::Node);
            if !nodes.is_empty() && self.chance.percent(50) {
                let node = self.chance.one(&nodes).clone();
                text += &format!(" WITH DISTINCT {node}");
                self.scope.retain(|variable| variable.name == node);
            }
        }
        for _ in 0..self.chance.between(1, 3) {
            let clause = self.writing_clause();
            text += &clause;
        }
        if self.chance.percent(25) {
            // What was written is read again, by a plan that was made before.
            text += " WITH *";
            let pattern = self.match_pattern();
            text += &format!(" MATCH {pattern}");
            self.scope.retain(|variable| variable.kind != Kind::AnyPath);
            return format!("{text}{}", self.plain_return_after());
        }
        if self.chance.percent(60) {
            text += &removable(&self.plain_return_after());
        }
        text
    }

    fn plain_return_after(&mut self) -> String {
        if self.chance.percent(40) || self.scope.is_empty() {
            return " RETURN count(*) AS c0".to_owned();
        }
        let kind = *self.chance.one(&[Kind::Integer, Kind::Text, Kind::Any, Kind::Node]);
        self.plain_return(&[kind])
    }

    fn writing_clause(&mut self) -> String {
        let node = self.any_of_kind(Kind::Node);
        let relationship = self.any_of_kind(Kind::Relationship);
        let drawn = self.chance.below(18);
        match (drawn, node, relationship) {
            (0 | 1, Some(node), _) => format!(" SET {node}.n = {}", self.integer(1)),
            (2, Some(node), _) => format!(" SET {node}.{} = {}", self.chance.one(&["s", "m"]), self.text(1)),
            (3, Some(node), _) => {
                let label = *self.chance.one(&["A", "B", "C", "D"]);
                let way = *self.chance.one(&["SET", "REMOVE"]);
                format!(" {way} {node}:{label}")
            }
            (4, Some(node), _) => {
                let sign = *self.chance.one(&["=", "+="]);
                format!(" SET {node} {sign} {{n: {}, k: {}, s: null}}", self.integer(1), self.text(1))
            }
            (5, _, Some(relationship)) => format!(" SET {relationship}.n = {}", self.integer(1)),
            (6, Some(node), _) => format!(" REMOVE {node}.{}", self.chance.one(&["n", "s", "m"])),
            (7, Some(node), _) => {
                self.scope.clear();
                format!(" DETACH DELETE {node}")
            }
            (8, _, Some(relationship)) => {
                self.scope
                    .retain(|variable| !matches!(variable.kind, Kind::Relationship | Kind::Relationships | Kind::Path));
                format!(" DELETE {relationship}")
            }
            (9, Some(node), _) => {
                let (variable, kind) = (self.name("x"), *self.chance.one(&TYPES));
                format!(
                    " FOREACH ({variable} IN range(1, {}) | CREATE ({node})-[:{kind} {{n: {variable}}}]->())",
                    self.chance.below(3)
                )
            }
            (10 | 11, _, _) => self.merge(),
            (14, Some(node), _) => {
                let (sign, other) = (*self.chance.one(&["=", "+="]), self.any_of_kind(Kind::Node).unwrap_or_default());
                format!(" SET {node} {sign} {}", self.chance.one(&[other, format!("properties({node})")]))
            }
            (15, Some(node), _) => {
                let label = *self.chance.one(&["A", "D"]);
                self.chance.one(&[format!(" SET {node} IS {label}"), format!(" REMOVE {node} IS {label}")]).clone()
            }
            (16, Some(node), _) => self.writing_call(&node),
            _ => self.create(),
        }
    }

    /// Draws a subquery that writes once for each row.
    fn writing_call(&mut self, node: &str) -> String {
        let number = self.integer(1);
        match self.chance.below(3) {
            0 => format!(" CALL ({node}) {{ SET {node}.k = {} }}", self.chance.below(3)),
            1 => {
                let made = self.name("n");
                format!(" CALL ({node}) {{ CREATE ({node})-[:T]->({made}:D {{n: {node}.n}}) }}")
            }
            _ => {
                let (made, column) = (self.name("n"), self.name("v"));
                let names: Vec<String> = self.scope.iter().map(|variable| variable.name.clone()).collect();
                self.add(&column, Kind::Integer);
                let create = format!("CREATE ({made}:B {{n: {number}}}) RETURN {made}.n AS {column}");
                format!(" CALL ({}) {{ {create} }}", names.join(", "))
            }
        }
    }

    fn create(&mut self) -> String {
        let known = self.any_of_kind(Kind::Node);
        let made = self.name("n");
        let label = *self.chance.one(&LABELS);
        let node = format!("({made}:{label} {{n: {}, s: {}}})", self.integer(1), self.text(0));
        let text = match known {
            Some(known) if self.chance.percent(65) => {
                let (step, kind) = (self.name("r"), *self.chance.one(&TYPES));
                let text = format!(" CREATE ({known})-[{step}:{kind} {{n: {}}}]->{node}", self.integer(1));
                self.add(&step, Kind::Relationship);
                text
            }
            _ => format!(" {} {node}", self.chance.one(&["CREATE", "CREATE", "INSERT"])),
        };
        self.add(&made, Kind::Node);
        text
    }

    fn merge(&mut self) -> String {
        let (left, right) = (self.any_of_kind(Kind::Node), self.any_of_kind(Kind::Node));
        let kind = *self.chance.one(&TYPES);
        let arrow = *self.chance.one(&["->", "-"]);
        let (text, name) = match (left, right) {
            (Some(left), Some(right)) if self.chance.percent(45) && left != right => {
                let step = self.name("r");
                self.add(&step, Kind::Relationship);
                (format!(" MERGE ({left})-[{step}:{kind}]{arrow}({right})"), step)
            }
            (Some(left), _) if self.chance.percent(60) => {
                let made = self.name("n");
                let label = *self.chance.one(&LABELS);
                self.add(&made, Kind::Node);
                (format!(" MERGE ({left})-[:{kind}]{arrow}({made}:{label} {{n: {}}})", self.chance.below(5)), made)
            }
            _ => {
                let made = self.name("n");
                let label = *self.chance.one(&LABELS);
                self.add(&made, Kind::Node);
                (format!(" MERGE ({made}:{label} {{n: {}}})", self.chance.below(7)), made)
            }
        };
        let mut actions = String::new();
        if self.chance.percent(40) {
            actions += &removable(&format!(" ON CREATE SET {name}.k = 'made'"));
        }
        if self.chance.percent(40) {
            actions += &removable(&format!(" ON MATCH SET {name}.k = 'found'"));
        }
        format!("{text}{actions}")
    }
}
