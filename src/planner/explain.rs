//! Prints plans as trees; EXPLAIN, PROFILE, the tests and the documents use this printer.

use crate::binder::bound::SortKey;
use crate::expression::{Expression, LabelExpression, print};
use crate::vector::Slot;

use super::physical::{
    ExpandStep, MeetArm, Operator, PhysicalPlan, PhysicalQuery, SeekBound, SeekKind, SoughtElement, StepDirection,
};
use super::why::Reasons;

/// What was measured of an operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The rows that it gave.
    pub rows: u64,
    /// The time spent in it and below it, in microseconds.
    pub elapsed_us: u64,
}

/// A line of a printed plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanLine {
    /// The operator, indented by its depth.
    pub operator: String,
    /// What it works on.
    pub details: String,
    /// The rows it is expected to give.
    pub estimated_rows: f64,
    /// Why it is there: the counts, the ways weighed, the rule; empty where the text alone asks for it.
    pub why: String,
    /// What was measured, where the query was run.
    pub measured: Option<Measured>,
}

/// Returns the plan of a query as lines, the operator that gives the result first.
pub fn explain(query: &PhysicalQuery, measured: Option<&[Measured]>) -> Vec<PlanLine> {
    let mut lines = Vec::new();
    let printer = Printer { query, measured };
    printer.add(&query.root, 0, &mut lines);
    for (number, subquery) in query.subqueries.iter().enumerate() {
        let details = String::new();
        let operator = format!("subquery {number} ({:?})", subquery.kind);
        let (estimated_rows, why) = (subquery.plan.rows, String::new());
        lines.push(PlanLine { operator, details, estimated_rows, why, measured: None });
        printer.add(&subquery.plan, 1, &mut lines);
    }
    lines
}

struct Printer<'a> {
    query: &'a PhysicalQuery,
    measured: Option<&'a [Measured]>,
}

impl Printer<'_> {
    fn add(&self, plan: &PhysicalPlan, depth: usize, lines: &mut Vec<PlanLine>) {
        let (operator, details) = self.describe(&plan.operator);
        lines.push(PlanLine {
            operator: format!("{}{operator}", "  ".repeat(depth)),
            details,
            estimated_rows: plan.rows,
            why: Reasons { query: self.query, name: &|slot| self.name(slot) }.of(plan),
            measured: self.measured.and_then(|measured| measured.get(plan.id as usize)).copied(),
        });
        for child in &plan.children {
            self.add(child, depth + 1, lines);
        }
    }

    fn name(&self, slot: Slot) -> String {
        let name = self.query.slots[slot.0 as usize].name.as_str();
        match name.strip_prefix(' ') {
            Some(hidden) => format!("_{hidden}{}", slot.0),
            None => name.to_owned(),
        }
    }

    fn names(&self, slots: &[Slot]) -> String {
        slots.iter().map(|slot| self.name(*slot)).collect::<Vec<_>>().join(", ")
    }

    fn text(&self, expression: &Expression) -> String {
        let text = print(expression, &|slot| self.name(slot));
        match text.char_indices().nth(200) {
            Some((cut, _)) => format!("{}…", &text[..cut]),
            None => text,
        }
    }

    fn items(&self, items: &[(Slot, Expression)]) -> String {
        let item = |(slot, expression): &(Slot, Expression)| match expression {
            Expression::Slot(same) if same == slot => self.name(*slot),
            other => format!("{} = {}", self.name(*slot), self.text(other)),
        };
        items.iter().map(item).collect::<Vec<_>>().join(", ")
    }

    fn keys(&self, keys: &[SortKey]) -> String {
        let key =
            |key: &SortKey| format!("{}{}", self.text(&key.expression), if key.descending { " DESC" } else { "" });
        keys.iter().map(key).collect::<Vec<_>>().join(", ")
    }

    fn step(&self, step: &ExpandStep, length: &str) -> String {
        let label = step.label.as_ref().map(|label| format!(":{label}")).unwrap_or_default();
        let relationship = self.name(step.relationship);
        let shown = if relationship.starts_with('_') { String::new() } else { relationship };
        let (left, right) = match step.direction {
            StepDirection::Outgoing => ("-", "->"),
            StepDirection::Incoming => ("<-", "-"),
            StepDirection::Both => ("-", "-"),
        };
        format!("({}){left}[{shown}{label}{length}]{right}({})", self.name(step.from), self.name(step.to))
    }

    fn node(&self, slot: Slot, label: Option<&LabelExpression>) -> String {
        format!("({}{})", self.name(slot), label.map(|label| format!(":{label}")).unwrap_or_default())
    }

    fn describe(&self, operator: &Operator) -> (&'static str, String) {
        match operator {
            Operator::Argument => ("Argument", String::new()),
            Operator::Unit => ("Unit", String::new()),
            Operator::NodeScan { slot, label } => ("NodeScan", self.node(*slot, label.as_ref())),
            Operator::IndexSeek { slot, element, label, keys, seek } => {
                let sought = match element {
                    SoughtElement::Node => format!("({}:{label})", self.name(*slot)),
                    SoughtElement::Relationship => format!("-[{}:{label}]-", self.name(*slot)),
                };
                let what = if matches!(seek, SeekKind::Contains(_)) { "TextIndexSeek" } else { "IndexSeek" };
                (what, format!("{sought} {}", self.seek(keys, seek)))
            }
            Operator::RelationshipScan { step } => ("RelationshipScan", self.step(step, "")),
            Operator::Expand { step, into: false } => ("Expand", self.step(step, "")),
            Operator::Expand { step, into: true } => ("ExpandInto", self.step(step, "")),
            Operator::OptionalExpand { step, label, predicate } => {
                let label =
                    label.as_ref().map(|label| format!(" ({}:{label})", self.name(step.to))).unwrap_or_default();
                let predicate = predicate.as_ref().map(|part| format!(" {}", self.text(part))).unwrap_or_default();
                ("OptionalExpand", format!("{}{label}{predicate}", self.step(step, "")))
            }
            Operator::ExpandCount { step, count, optional } => {
                let also = if *optional { ", or 0" } else { "" };
                ("ExpandCount", format!("{} = number of {}{also}", self.name(*count), self.step(step, "")))
            }
            Operator::ExpandIntersect { fixed, moving, count } => {
                let counted = count.map(|count| format!("{} = number of ", self.name(count))).unwrap_or_default();
                ("ExpandIntersect", format!("{counted}{}, {}", self.step(fixed, ""), self.step(moving, "")))
            }
            Operator::ExpandMeet { arms, count } => {
                let counted =
                    count.as_ref().map(|count| format!("{} = number of ", self.name(count.slot))).unwrap_or_default();
                let way = |arm: &MeetArm| format!("{}, {}", self.step(&arm.first, ""), self.step(&arm.second, ""));
                ("ExpandMeet", format!("{counted}{} with {}", way(&arms[0]), way(&arms[1])))
            }
            Operator::ExpandVariable { step, min, max, selector, into, distinct_ends, .. } => {
                let max = max.map(|max| max.to_string()).unwrap_or_default();
                let name = match (selector, into) {
                    (Some(_), _) => "ShortestPath",
                    (None, true) => "ExpandVariableInto",
                    (None, false) => "ExpandVariable",
                };
                let distinct = if *distinct_ends { " distinct ends" } else { "" };
                (name, format!("{}{distinct}", self.step(step, &format!("*{min}..{max}"))))
            }
            Operator::ExpandQuantified { from, to, min, max, .. } => {
                let max = max.map(|max| max.to_string()).unwrap_or_default();
                ("ExpandQuantified", format!("({}) {{{min},{max}}} ({})", self.name(*from), self.name(*to)))
            }
            Operator::BoundStep { step, .. } => ("BoundStep", self.step(step, "")),
            Operator::LabelFilter { slot, label } => ("LabelFilter", self.node(*slot, Some(label))),
            Operator::Filter { predicate } => ("Filter", self.text(predicate)),
            Operator::DistinctNodes { slot } => ("DistinctNodes", self.name(*slot)),
            Operator::CountNodes { slot, count, weights, .. } => {
                let weights = if weights.is_empty() { String::new() } else { format!(" × {}", self.names(weights)) };
                ("CountNodes", format!("{} = number of {}{weights}", self.name(*count), self.name(*slot)))
            }
            Operator::DistinctRelationships { slots } => ("DistinctRelationships", self.names(slots)),
            other => self.describe_rows(other),
        }
    }

    fn describe_rows(&self, operator: &Operator) -> (&'static str, String) {
        match operator {
            Operator::Project { items } => ("Project", self.items(items)),
            Operator::Aggregate { keys, aggregates, factors } => {
                let calls = aggregates.iter().map(|(slot, call)| {
                    let distinct = if call.distinct { "DISTINCT " } else { "" };
                    let argument = call.argument.as_ref().map(|part| self.text(part)).unwrap_or_default();
                    format!("{} = {:?}({distinct}{argument})", self.name(*slot), call.function)
                });
                let calls = calls.collect::<Vec<_>>().join(", ");
                let factors = if factors.is_empty() { String::new() } else { format!(" × {}", self.names(factors)) };
                ("Aggregate", format!("by [{}] {calls}{factors}", self.items(keys)))
            }
            Operator::Distinct { slots } => ("Distinct", self.names(slots)),
            Operator::Sort { keys } => ("Sort", self.keys(keys)),
            Operator::Top { keys, limit, .. } => ("Top", format!("{} by {}", self.text(limit), self.keys(keys))),
            Operator::Skip { count } => ("Skip", self.text(count)),
            Operator::Limit { count } => ("Limit", self.text(count)),
            Operator::Unwind { list, variable, .. } => {
                ("Unwind", format!("{} in {}", self.name(*variable), self.text(list)))
            }
            Operator::Union { output, .. } => ("Union", self.names(output)),
            Operator::CartesianProduct => ("CartesianProduct", String::new()),
            Operator::HashJoin { left, right } => {
                let pairs =
                    left.iter().zip(right).map(|(left, right)| format!("{} = {}", self.text(left), self.text(right)));
                ("HashJoin", pairs.collect::<Vec<_>>().join(", "))
            }
            Operator::Apply { kind, outputs, .. } => ("Apply", format!("{kind:?} {}", self.names(outputs))),
            Operator::SemiJoin { subquery, anti, step } => {
                let by =
                    step.as_ref().map_or_else(String::new, |step| format!(" by the ends of {}", self.step(step, "")));
                (if *anti { "AntiJoin" } else { "SemiJoin" }, format!("subquery {}{by}", subquery.0))
            }
            Operator::Create { .. } => ("Create", String::new()),
            Operator::Merge { .. } => ("Merge", String::new()),
            Operator::Set { .. } => ("Set", String::new()),
            Operator::Remove { .. } => ("Remove", String::new()),
            Operator::Delete { targets, detach } => {
                let targets = targets.iter().map(|target| self.text(target)).collect::<Vec<_>>().join(", ");
                (if *detach { "DetachDelete" } else { "Delete" }, targets)
            }
            Operator::ForEach { variable, list } => {
                ("ForEach", format!("{} in {}", self.name(*variable), self.text(list)))
            }
            Operator::Call { call } => ("Call", call.name.to_string()),
            Operator::LoadCsv { url, variable, .. } => {
                ("LoadCsv", format!("{} from {}", self.name(*variable), self.text(url)))
            }
            _ => ("Finish", String::new()),
        }
    }

    fn seek(&self, keys: &[smol_str::SmolStr], seek: &SeekKind) -> String {
        let key = keys.first().map_or("", |key| key.as_str());
        match seek {
            SeekKind::Equal(value) => format!("{key} = {}", self.text(value)),
            SeekKind::In(list) => format!("{key} IN {}", self.text(list)),
            SeekKind::Prefix(prefix) => format!("{key} STARTS WITH {}", self.text(prefix)),
            SeekKind::Contains(part) => format!("{key} CONTAINS {}", self.text(part)),
            SeekKind::Range(low, high) => self.range(key, low, high),
            SeekKind::Leading(values, low, high) => {
                let equal = keys.iter().zip(values).map(|(key, value)| format!("{key} = {}", self.text(value)));
                let next = keys.get(values.len()).map_or_else(String::new, |next| self.range(next, low, high));
                equal.chain(Some(next).filter(|next| !next.is_empty())).collect::<Vec<_>>().join(" AND ")
            }
        }
    }

    fn range(&self, key: &str, low: &SeekBound, high: &SeekBound) -> String {
        let bound = |sign: &str, bound: &SeekBound| {
            let (value, inclusive) = bound.as_ref()?;
            Some(format!("{key} {sign}{} {}", if *inclusive { "=" } else { "" }, self.text(value)))
        };
        bound(">", low).into_iter().chain(bound("<", high)).collect::<Vec<_>>().join(" AND ")
    }
}
