//! Pairs of texts that must answer alike, whatever a query means: the naive evaluator cannot see what the binder gets wrong.

use super::pattern::Chain;
use super::{Generator, Kind};

/// Which law a pair follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Same {
    /// All rows are those where a predicate is true, is false and is null.
    Partition,
    /// A path may be written from its end.
    Reversal,
    /// A path may be cut at a named node.
    Split,
    /// Patterns of one MATCH may stand in two, if the relationships are told to differ.
    Merge,
}

/// Texts whose rows, those of each side together, are the same.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The law.
    pub law: Same,
    /// The texts of one side.
    pub left: Vec<String>,
    /// The texts of the other.
    pub right: Vec<String>,
}

impl Generator<'_> {
    /// Draws a pair.
    pub fn pair(&mut self) -> Pair {
        self.scope.clear();
        match self.chance.below(8) {
            0..=3 => self.partition(),
            4 => self.chain_pair(Same::Reversal, |chain| chain.reversed()),
            5 => self.chain_pair(Same::Split, |chain| chain.split()),
            _ => self.merged(),
        }
    }

    fn partition(&mut self) -> Pair {
        let optional = self.chance.percent(20);
        let start = self.match_pattern();
        let condition = self.condition(3);
        let items = self.elements();
        // The functions choose among the paths that satisfy WHERE, so that each part chooses others.
        let chooses = ["shortestPath(", "allShortestPaths("].iter().any(|function| start.contains(function));
        let clause = |filter: &str| match (optional, chooses) {
            (false, false) => format!("MATCH {start}{filter} RETURN {items}"),
            (false, true) => format!("MATCH {start} WITH *{filter} RETURN {items}"),
            // The filter stands behind a WITH: on OPTIONAL MATCH itself it says what is a match.
            (true, _) => format!("OPTIONAL MATCH {start} WITH *{filter} RETURN {items}"),
        };
        let parts = [
            clause(&format!(" WHERE {condition}")),
            clause(&format!(" WHERE NOT ({condition})")),
            clause(&format!(" WHERE ({condition}) IS NULL")),
        ];
        Pair { law: Same::Partition, left: vec![clause("")], right: parts.to_vec() }
    }

    fn chain_pair(&mut self, law: Same, rewrite: impl Fn(&Chain) -> String) -> Pair {
        let steps = self.chance.between(1, 3);
        let chain = self.chain(steps, &mut Vec::new(), true, true);
        let filter = if self.chance.percent(50) { format!(" WHERE {}", self.condition(2)) } else { String::new() };
        let items = self.elements();
        let text = |pattern: &str| format!("MATCH {pattern}{filter} RETURN {items}");
        Pair { law, left: vec![text(&chain.text())], right: vec![text(&rewrite(&chain))] }
    }

    fn merged(&mut self) -> Pair {
        let mut parts = Vec::new();
        let mut names = Vec::new();
        for _ in 0..2 {
            let mut part = Chain::default();
            let before = self.of_kind(Kind::Relationship);
            let steps = self.chance.between(1, 2);
            let drawn = self.chain(steps, &mut Vec::new(), true, true);
            part.nodes = drawn.nodes;
            part.names = drawn.names;
            for (_, _, arrow) in drawn.steps {
                let name = self.name("q");
                part.steps.push((name, String::new(), arrow));
            }
            // Relationships drawn with the chain are not written, so they must not be named.
            self.scope.retain(|variable| {
                !matches!(variable.kind, Kind::Relationship | Kind::Relationships) || before.contains(&variable.name)
            });
            names.push(part.steps.iter().map(|(name, _, _)| name.clone()).collect::<Vec<_>>());
            names.iter().flatten().for_each(|_| {});
            parts.push(part);
        }
        let differing: Vec<String> =
            names[0].iter().flat_map(|left| names[1].iter().map(move |right| format!("{left} <> {right}"))).collect();
        for name in names.concat() {
            self.add(&name, Kind::Relationship);
        }
        let items = self.elements();
        let one = format!("MATCH {}, {} RETURN {items}", parts[0].text(), parts[1].text());
        let two = format!(
            "MATCH {} MATCH {} WHERE {} RETURN {items}",
            parts[0].text(),
            parts[1].text(),
            differing.join(" AND ")
        );
        Pair { law: Same::Merge, left: vec![one], right: vec![two] }
    }

    /// Returns the elements in scope as the items of a RETURN.
    fn elements(&self) -> String {
        let kinds = [Kind::Node, Kind::Relationship, Kind::Relationships, Kind::Nodes];
        let elements = self.scope.iter().filter(|variable| kinds.contains(&variable.kind));
        let names: Vec<&str> = elements.map(|variable| variable.name.as_str()).collect();
        if names.is_empty() { "count(*) AS c".to_owned() } else { names.join(", ") }
    }
}
