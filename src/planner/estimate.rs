//! How many rows to expect: from the graph's exact counts where they say, from rules of thumb where they do not.

use std::cell::RefCell;

use crate::binder::bound::PatternStep;
use crate::expression::{ComparisonOperator, Expression, LabelExpression};
use crate::graph::{LabelId, Snapshot};

use super::assumption::{Assumption, types_of};
use super::physical::{Operator, SeekKind};

/// The share of rows that a range keeps, where nothing better is known.
const RANGE_SHARE: f64 = 0.3;
/// The share of rows that an equality keeps, where nothing better is known.
const EQUAL_SHARE: f64 = 0.1;
/// The share of rows that any other predicate keeps.
const OTHER_SHARE: f64 = 0.5;

/// Estimates over one snapshot.
pub struct Estimator<'a> {
    snapshot: &'a Snapshot,
    /// Whether the query writes: then nothing about the graph may be taken for granted.
    writes: bool,
    assumptions: RefCell<Vec<Assumption>>,
}

impl<'a> Estimator<'a> {
    /// Returns estimates over a snapshot.
    pub fn new(snapshot: &'a Snapshot, writes: bool) -> Self {
        Estimator { snapshot, writes, assumptions: RefCell::default() }
    }

    /// Says whether the query writes.
    pub fn writes(&self) -> bool {
        self.writes
    }

    /// Takes a fact for granted if it holds; says whether it does.
    pub fn assume(&self, assumption: Assumption) -> bool {
        if self.writes || !assumption.holds(self.snapshot) {
            return false;
        }
        let mut assumptions = self.assumptions.borrow_mut();
        if !assumptions.contains(&assumption) {
            assumptions.push(assumption);
        }
        true
    }

    /// Says whether a fact may be taken for granted, without doing so yet.
    pub fn may_assume(&self, assumption: &Assumption) -> bool {
        !self.writes && assumption.holds(self.snapshot)
    }

    /// Returns what was taken for granted.
    pub fn assumptions(&self) -> Vec<Assumption> {
        self.assumptions.borrow().clone()
    }

    /// Returns the graph.
    pub fn snapshot(&self) -> &Snapshot {
        self.snapshot
    }

    fn label_id(&self, name: &str) -> Option<LabelId> {
        self.snapshot.catalogue().label_id(name)
    }

    /// Returns how many nodes satisfy a label expression.
    pub fn nodes(&self, label: Option<&LabelExpression>) -> f64 {
        let statistics = self.snapshot.statistics();
        let Some(label) = label else { return statistics.nodes() as f64 };
        let catalogue = self.snapshot.catalogue();
        let passing = statistics.nodes_where(|set| {
            let labels = self.snapshot.label_set(set);
            let has = |name: &str| labels.iter().any(|label| catalogue.label_name(*label) == name);
            label.matches(&has, !labels.is_empty())
        });
        passing as f64
    }

    /// Returns how many relationships have these types.
    pub fn relationships(&self, label: Option<&LabelExpression>) -> f64 {
        let statistics = self.snapshot.statistics();
        types_of(label, self.snapshot).into_iter().map(|kind| statistics.relationships_of(kind)).sum::<u64>() as f64
    }

    /// Returns the share of all nodes that satisfies a label expression.
    pub fn label_share(&self, label: &LabelExpression) -> f64 {
        let all = self.snapshot.statistics().nodes() as f64;
        if all == 0.0 { 1.0 } else { self.nodes(Some(label)) / all }
    }

    /// Says whether the property is indexed for the label.
    pub fn has_index(&self, label: &str, key: &str) -> bool {
        let catalogue = self.snapshot.catalogue();
        let (Some(label), Some(key)) = (self.label_id(label), catalogue.property_key_id(key)) else { return false };
        self.snapshot.has_index(label, key)
    }

    /// Returns how many nodes an index finds.
    pub fn seek_rows(&self, label: &str, key: &str, seek: &SeekKind) -> f64 {
        let nodes = self.label_id(label).map_or(0.0, |label| self.snapshot.statistics().nodes_with(label) as f64);
        let distinct = self.distinct_values(key).unwrap_or(10.0).max(1.0);
        match seek {
            SeekKind::Equal(_) => (nodes / distinct).max(0.5),
            SeekKind::In(list) => {
                let count = if let Expression::List(items) = list { items.len() as f64 } else { 10.0 };
                (nodes / distinct * count).clamp(0.5, nodes.max(0.5))
            }
            SeekKind::Range(Some(_), Some(_)) => nodes * RANGE_SHARE * RANGE_SHARE,
            SeekKind::Range(..) => nodes * RANGE_SHARE,
            SeekKind::Prefix(_) => (nodes * 0.02).max(0.5),
        }
    }

    fn distinct_values(&self, key: &str) -> Option<f64> {
        let key = self.snapshot.catalogue().property_key_id(key)?;
        let estimate = self.snapshot.statistics().estimate_node_values(key);
        (estimate.distinct > 0.0).then_some(estimate.distinct)
    }

    /// Returns the share of rows that a predicate keeps, of nodes of a label if one is given.
    pub fn selectivity(&self, predicate: &Expression, label: Option<&LabelExpression>) -> f64 {
        match predicate {
            Expression::Comparison(ComparisonOperator::Equal, left, right) => {
                let key = [left, right].into_iter().find_map(|side| match side.as_ref() {
                    Expression::Property(_, key) => Some(key),
                    _ => None,
                });
                match key.and_then(|key| self.distinct_values(key)) {
                    // The values are those of all labels that have the property; a label has no more than its nodes.
                    Some(distinct) if label.is_some() => 1.0 / distinct.min(self.nodes(label)).max(1.0),
                    Some(distinct) => 1.0 / distinct,
                    None => EQUAL_SHARE,
                }
            }
            Expression::Comparison(ComparisonOperator::NotEqual, ..) => 1.0 - EQUAL_SHARE,
            Expression::Comparison(..) => RANGE_SHARE,
            Expression::Text(..) => 0.1,
            Expression::In(_, list) => match list.as_ref() {
                Expression::List(items) => (EQUAL_SHARE * items.len() as f64).min(OTHER_SHARE),
                _ => RANGE_SHARE,
            },
            Expression::And(parts) => parts.iter().map(|part| self.selectivity(part, label)).product(),
            Expression::Or(parts) => parts.iter().map(|part| self.selectivity(part, label)).sum::<f64>().min(1.0),
            Expression::Not(part) => (1.0 - self.selectivity(part, label)).max(EQUAL_SHARE),
            Expression::HasLabel(_, label) => self.label_share(label),
            _ => OTHER_SHARE,
        }
    }

    /// Returns how many relationships of a step a node has, on average, that lead to nodes of the wanted labels.
    pub fn degree(
        &self,
        from: Option<&LabelExpression>,
        step: &PatternStep,
        to: Option<&LabelExpression>,
        forward: bool,
    ) -> f64 {
        let (from_label, to_label) = (self.single_label(from), self.single_label(to));
        // A label that no node has leads nowhere.
        if from_label == Err(()) || to_label == Err(()) {
            return 0.0;
        }
        let (from_label, to_label) = (from_label.unwrap_or(None), to_label.unwrap_or(None));
        let sources = self.nodes(from).max(1.0);
        let types = types_of(step.relationship.label.as_ref(), self.snapshot);
        let statistics = self.snapshot.statistics();
        let along = |kind| statistics.relationships_between(Some(kind), from_label, to_label) as f64;
        let against = |kind| statistics.relationships_between(Some(kind), to_label, from_label) as f64;
        let total: f64 = types
            .into_iter()
            .map(|kind| match (step.relationship.undirected, forward) {
                (true, _) => along(kind) + against(kind),
                (false, true) => along(kind),
                (false, false) => against(kind),
            })
            .sum();
        total / sources
    }

    /// Returns the one label that an expression needs; nothing if it is more than that, an error if no node has it.
    fn single_label(&self, label: Option<&LabelExpression>) -> Result<Option<LabelId>, ()> {
        match label.map(LabelExpression::required).unwrap_or_default().first() {
            Some(name) => self.label_id(name).map(Some).ok_or(()),
            None => Ok(None),
        }
    }

    /// Returns how many rows an operator with one input gives.
    pub fn rows_after(&self, operator: &Operator, rows: f64) -> f64 {
        match operator {
            Operator::Aggregate { keys, .. } if keys.is_empty() => 1.0,
            Operator::Aggregate { .. } | Operator::Distinct { .. } => rows.powf(0.75).max(1.0),
            Operator::Limit { count } | Operator::Top { limit: count, .. } => match count {
                Expression::Constant(crate::value::Value::Integer(count)) => rows.min(*count as f64),
                _ => rows.min(10.0),
            },
            Operator::Unwind { .. } | Operator::Call { .. } => rows * 10.0,
            Operator::LoadCsv { .. } => rows * 1000.0,
            Operator::Finish => 0.0,
            _ => rows,
        }
    }
}
