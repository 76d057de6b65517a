//! Whether two answers are the same: rows in any order where the query leaves it open, new elements by what they are.

use std::collections::BTreeMap;

use super::engine::{Given, read_out};
use super::model::Model;
use super::naive::{Answered, Failure, Spared};
use crate::value::{Value, literal};

/// How closely rows are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closeness {
    /// Whether the order of items in lists may differ.
    pub any_list_order: bool,
}

/// Says why the engine's answer is not the naive one; nothing if it is.
pub fn difference(naive: &Result<Answered, Failure>, engine: &Given, old: &Model, how: Closeness) -> Option<String> {
    match (naive, engine) {
        (_, Given::Panic(words)) => Some(format!("the engine panicked: {words}")),
        (_, Given::TooMuch) | (Err(Failure::TooMuch | Failure::Unknown(_)), _) => None,
        (Err(Failure::Broken(words)), _) => Some(format!("the bound query is broken: {words}")),
        (Err(Failure::Error(_)), Given::Error(_)) => None,
        (Err(Failure::Error(words)), Given::Rows(rows, _)) => {
            Some(format!("an error is due ({words}), {} rows came", rows.len()))
        }
        (Ok(answered), Given::Error(words)) => {
            Some(format!("{} rows are due, an error came: {words}", answered.rows.len()))
        }
        (Ok(answered), Given::Rows(rows, after)) => {
            let after = match read_out(after) {
                Ok(after) => after,
                Err(words) => return Some(format!("the graph is damaged: {words}")),
            };
            let due = Names::new(&answered.model, old);
            let came = Names::new(&after, old);
            if due.whole() != came.whole() {
                let (due, came) = (due.whole().join("\n    "), came.whole().join("\n    "));
                return Some(format!("the graphs differ\n  due\n    {due}\n  came\n    {came}"));
            }
            rows_differ(answered, rows, &due, &came, how)
        }
    }
}

/// Says whether two naive answers are the same.
pub fn naive_agree(
    left: &Result<Answered, Failure>,
    right: &Result<Answered, Failure>,
    old: &Model,
    how: Closeness,
) -> bool {
    match (left, right) {
        (Ok(left), Ok(right)) => {
            let (first, second) = (Names::new(&left.model, old), Names::new(&right.model, old));
            first.whole() == second.whole()
                && rows_differ(
                    left,
                    &right.rows.iter().skip(right.skip).take(right.limit).cloned().collect::<Vec<_>>(),
                    &first,
                    &second,
                    how,
                )
                .is_none()
                && left.classes == right.classes
        }
        (Err(Failure::Error(_)), Err(Failure::Error(_))) => true,
        _ => false,
    }
}

/// Says whether rows that came are an answer that a cut may give without coming to the rows in error: as many as are due, each one of
/// those that are not in error.
pub fn may_be_cut_so(spared: &Spared, came: &[Vec<Value>], model: &Model, how: Closeness) -> bool {
    let answered = &spared.answered;
    let all = answered.rows.len() + spared.errors;
    if came.len() != all.saturating_sub(answered.skip).min(answered.limit) {
        return false;
    }
    let names = Names::new(model, model);
    let row = |row: &Vec<Value>| names.row(row, how);
    without(&came.iter().map(row).collect::<Vec<_>>(), &answered.rows.iter().map(row).collect::<Vec<_>>()).is_empty()
}

fn rows_differ(
    answered: &Answered,
    came: &[Vec<Value>],
    due: &Names<'_>,
    came_names: &Names<'_>,
    how: Closeness,
) -> Option<String> {
    let all: Vec<String> = answered.rows.iter().map(|row| due.row(row, how)).collect();
    let came: Vec<String> = came.iter().map(|row| came_names.row(row, how)).collect();
    let count = all.len().saturating_sub(answered.skip).min(answered.limit);
    let show = || {
        let mut due: Vec<&String> = all.iter().collect();
        due.sort();
        let mut given = came.clone();
        given.sort();
        let list = |rows: Vec<String>| rows.into_iter().take(12).collect::<Vec<_>>().join("\n    ");
        let missing: Vec<String> = without(&all, &came);
        let extra: Vec<String> = without(&came, &all);
        format!("\n  only due\n    {}\n  only came\n    {}", list(missing), list(extra))
    };
    if answered.rows.first().is_some_and(Vec::is_empty) {
        return None;
    }
    if came.len() != count {
        return Some(format!("{count} rows are due, {} came{}", came.len(), show()));
    }
    // Within the rows that the order cannot tell apart any may come, each no more often than it is there.
    let mut place = 0;
    while place < came.len() {
        let class = answered.classes[answered.skip + place];
        let first = answered.classes.iter().position(|other| *other == class).unwrap_or(0);
        let last = answered.classes.iter().rposition(|other| *other == class).unwrap_or(0);
        let end = (last + 1 - answered.skip).min(came.len());
        let mut left: BTreeMap<&String, usize> = BTreeMap::new();
        all[first..=last].iter().for_each(|row| *left.entry(row).or_default() += 1);
        for row in &came[place..end] {
            match left.get_mut(row) {
                Some(count) if *count > 0 => *count -= 1,
                _ => return Some(format!("row {row} is not due at this place{}", show())),
            }
        }
        place = end;
    }
    None
}

fn without(rows: &[String], others: &[String]) -> Vec<String> {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    others.iter().for_each(|row| *left.entry(row.clone()).or_default() += 1);
    let taken = |row: &&String| match left.get_mut(*row) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    rows.iter().filter(taken).cloned().collect()
}

/// How elements are called: those that were there before by number, new ones by what they are and stand beside.
pub struct Names<'m> {
    model: &'m Model,
    old: &'m Model,
    nodes: BTreeMap<u32, String>,
}

impl<'m> Names<'m> {
    /// Names the elements of a graph that came from an old one.
    pub fn new(model: &'m Model, old: &'m Model) -> Names<'m> {
        let mut names = Names { model, old, nodes: BTreeMap::new() };
        for (id, node) in &model.nodes {
            let properties: Vec<String> =
                node.properties.iter().map(|(key, value)| format!("{key}: {}", literal(value))).collect();
            let what = format!("{:?} {}", node.labels, properties.join(", "));
            let name = if old.nodes.contains_key(id) { format!("({id}) {what}") } else { format!("(new) {what}") };
            names.nodes.insert(*id, name);
        }
        // What a new node stands beside tells it from others; two rounds are enough for what is drawn.
        for _ in 0..2 {
            let mut further = names.nodes.clone();
            for (id, name) in &mut further {
                if old.nodes.contains_key(id) {
                    continue;
                }
                let touching = model.relationships.values().filter(|held| held.start.0 == *id || held.end.0 == *id);
                let mut around: Vec<String> = touching
                    .map(|held| {
                        let (way, other) = if held.start.0 == *id { (">", held.end) } else { ("<", held.start) };
                        let other =
                            if old.nodes.contains_key(&other.0) { format!("{}", other.0) } else { names.node(other.0) };
                        format!("{way}{}{}", held.kind, other)
                    })
                    .collect();
                around.sort();
                *name = format!("{name} {{{}}}", around.join(" "));
            }
            names.nodes = further;
        }
        names
    }

    fn node(&self, id: u32) -> String {
        self.nodes.get(&id).cloned().unwrap_or_else(|| format!("(deleted {id})"))
    }

    fn relationship(&self, id: u32) -> String {
        match self.model.relationships.get(&id) {
            Some(held) => {
                let properties: Vec<String> =
                    held.properties.iter().map(|(key, value)| format!("{key}: {}", literal(value))).collect();
                let (start, end) = (self.node(held.start.0), self.node(held.end.0));
                let id = if self.old.relationships.contains_key(&id) { id.to_string() } else { "new".to_owned() };
                format!("[{id} {} {} {start} -> {end}]", held.kind, properties.join(", "))
            }
            None => format!("[deleted {id}]"),
        }
    }

    /// Returns the whole graph, an element a line.
    pub fn whole(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.nodes.values().cloned().collect();
        lines.extend(self.model.relationships.keys().map(|id| self.relationship(*id)));
        lines.sort();
        lines
    }

    fn row(&self, row: &[Value], how: Closeness) -> String {
        row.iter().map(|value| self.value(value, how)).collect::<Vec<_>>().join(" | ")
    }

    fn value(&self, value: &Value, how: Closeness) -> String {
        match value {
            Value::Node(id) => self.node(id.0),
            Value::Relationship(id) => self.relationship(id.0),
            Value::Path(path) => {
                let nodes: Vec<String> = path.nodes.iter().map(|id| self.node(id.0)).collect();
                let steps: Vec<String> = path.relationships.iter().map(|id| self.relationship(id.0)).collect();
                format!("<{} : {}>", nodes.join(" "), steps.join(" "))
            }
            Value::List(items) => {
                let mut items: Vec<String> = items.iter().map(|item| self.value(item, how)).collect();
                if how.any_list_order {
                    items.sort();
                }
                format!("[{}]", items.join(", "))
            }
            Value::Map(map) => {
                let entries: Vec<String> =
                    map.iter().map(|(key, value)| format!("{key}: {}", self.value(value, how))).collect();
                format!("{{{}}}", entries.join(", "))
            }
            // Sums of floats may differ in their last digits by the order of the rows.
            Value::Float(float) if float.is_nan() => "NaN".to_owned(),
            Value::Float(float) => format!("{:.9e}", if *float == 0.0 { 0.0 } else { *float }),
            other => literal(other),
        }
    }
}

/// Says whether rows are the same whatever their order.
pub fn same_rows(left: &[Vec<Value>], right: &[Vec<Value>], model: &Model) -> Option<String> {
    let names = Names::new(model, model);
    let how = Closeness { any_list_order: true };
    let text = |rows: &[Vec<Value>]| -> Vec<String> { rows.iter().map(|row| names.row(row, how)).collect() };
    let (left, right) = (text(left), text(right));
    let (missing, extra) = (without(&left, &right), without(&right, &left));
    if missing.is_empty() && extra.is_empty() {
        return None;
    }
    let list = |rows: Vec<String>| rows.into_iter().take(12).collect::<Vec<_>>().join("\n    ");
    Some(format!("\n  only left\n    {}\n  only right\n    {}", list(missing), list(extra)))
}
