//! How many rows to expect: from the graph's exact counts where they say, from rules of thumb where they do not.

use std::cell::RefCell;

use smol_str::SmolStr;

use crate::binder::bound::PatternStep;
use crate::expression::{ComparisonOperator, Expression, LabelExpression};
use crate::graph::{Direction, IndexTarget, LabelId, PropertyKeyId, Side, Snapshot};

use super::assumption::{Assumption, types_of};
use super::pattern_seek::text_length;
use super::physical::{Operator, SeekBound, SeekKind, SoughtElement};

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

    /// Returns the elements that an index would be over.
    fn target(&self, element: SoughtElement, label: &str) -> Option<IndexTarget> {
        let catalogue = self.snapshot.catalogue();
        match element {
            SoughtElement::Node => catalogue.label_id(label).map(IndexTarget::Node),
            SoughtElement::Relationship => catalogue.relationship_type_id(label).map(IndexTarget::Relationship),
        }
    }

    /// Says whether an index orders these elements by these properties.
    pub fn has_index(&self, element: SoughtElement, label: &str, keys: &[SmolStr]) -> bool {
        let catalogue = self.snapshot.catalogue();
        let keys: Option<Vec<PropertyKeyId>> = keys.iter().map(|key| catalogue.property_key_id(key)).collect();
        let (Some(target), Some(keys)) = (self.target(element, label), keys) else { return false };
        self.snapshot.has_index_over(target, &keys)
    }

    /// Says whether there is an index of the texts of a property.
    pub fn has_text_index(&self, element: SoughtElement, label: &str, key: &str) -> bool {
        let key = self.snapshot.catalogue().property_key_id(key);
        let (Some(target), Some(key)) = (self.target(element, label), key) else { return false };
        self.snapshot.has_text_index(target, key)
    }

    /// Returns the properties of the indexes that order these elements by more than one.
    pub fn indexes_over_several(&self, element: SoughtElement, label: &str) -> Vec<Vec<SmolStr>> {
        let catalogue = self.snapshot.catalogue();
        let Some(target) = self.target(element, label) else { return Vec::new() };
        let own = catalogue.indexes().iter().filter(|index| index.target == target);
        let several = own.filter(|index| index.kind.is_ordered() && index.keys.len() > 1);
        let name = |key: &PropertyKeyId| catalogue.property_key_name(*key).clone();
        several.map(|index| index.keys.iter().map(name).collect()).collect()
    }

    /// Returns how many elements an index over a label or type could hold.
    pub fn elements(&self, element: SoughtElement, label: &str) -> f64 {
        let statistics = self.snapshot.statistics();
        match (element, self.target(element, label)) {
            (_, Some(IndexTarget::Node(label))) => statistics.nodes_with(label) as f64,
            (_, Some(IndexTarget::Relationship(kind))) => statistics.relationships_of(kind) as f64,
            (_, None) => 0.0,
        }
    }

    /// Returns how many elements an index finds.
    pub fn seek_rows(&self, element: SoughtElement, label: &str, keys: &[SmolStr], seek: &SeekKind) -> f64 {
        let all = self.elements(element, label);
        let distinct = |key: Option<&SmolStr>| {
            key.and_then(|key| self.distinct_values(element, key)).unwrap_or(10.0).min(all).max(1.0)
        };
        let range =
            |low: &SeekBound, high: &SeekBound| low.iter().chain(high).fold(1.0, |share, _| share * RANGE_SHARE);
        match seek {
            SeekKind::Equal(_) => (all / distinct(keys.first())).max(0.5),
            SeekKind::In(list) => {
                let count = if let Expression::List(items) = list { items.len() as f64 } else { 10.0 };
                (all / distinct(keys.first()) * count).clamp(0.5, all.max(0.5))
            }
            SeekKind::Range(low, high) => all * range(low, high),
            SeekKind::Prefix(_) => (all * 0.02).max(0.5),
            SeekKind::Leading(values, low, high) => {
                let combinations: f64 = keys.iter().take(values.len()).map(|key| distinct(Some(key))).product();
                (all / combinations * range(low, high)).max(0.5)
            }
            // Each further character leaves few of those that had the others.
            SeekKind::Contains(part) => match text_length(part) {
                Some(0 | 1) => all * 0.2,
                Some(2) => (all * 0.03).max(0.5),
                _ => (all * 0.01).max(0.5),
            },
        }
    }

    fn distinct_values(&self, element: SoughtElement, key: &str) -> Option<f64> {
        let key = self.snapshot.catalogue().property_key_id(key)?;
        let statistics = self.snapshot.statistics();
        let estimate = match element {
            SoughtElement::Node => statistics.estimate_node_values(key),
            SoughtElement::Relationship => statistics.estimate_relationship_values(key),
        };
        (estimate.distinct > 0.0).then_some(estimate.distinct)
    }

    /// Returns the share of rows that a predicate keeps, of nodes of a label if one is given.
    pub fn selectivity(&self, predicate: &Expression, label: Option<&LabelExpression>) -> f64 {
        self.share_kept(predicate, SoughtElement::Node, label)
    }

    /// Returns the share of relationships that a predicate on one of them keeps.
    pub fn relationship_selectivity(&self, predicate: &Expression) -> f64 {
        self.share_kept(predicate, SoughtElement::Relationship, None)
    }

    fn share_kept(&self, predicate: &Expression, of: SoughtElement, label: Option<&LabelExpression>) -> f64 {
        let share = |part: &Expression| self.share_kept(part, of, label);
        match predicate {
            Expression::Comparison(ComparisonOperator::Equal, left, right) => {
                let key = [left, right].into_iter().find_map(|side| match side.as_ref() {
                    Expression::Property(_, key) => Some(key),
                    _ => None,
                });
                match key.and_then(|key| self.distinct_values(of, key)) {
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
            Expression::And(parts) => parts.iter().map(share).product(),
            Expression::Or(parts) => parts.iter().map(share).sum::<f64>().min(1.0),
            Expression::Not(part) => (1.0 - share(part)).max(EQUAL_SHARE),
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

    /// Returns the label of a node whose degrees can all be looked at.
    pub fn label_of_few(&self, node: Option<&LabelExpression>) -> Option<LabelId> {
        let label = self.single_label(node).ok().flatten()?;
        self.snapshot.has_few_nodes(label).then_some(label)
    }

    /// Says whether nodes of a label have one relationship of a type at most, as far as the counts can tell: then it goes together with
    /// nothing.
    pub fn leads_to_one(&self, label: LabelId, (kind, direction): Side) -> bool {
        let statistics = self.snapshot.statistics();
        direction == Direction::Outgoing && statistics.relationships_of(kind) <= statistics.nodes_with(label)
    }

    /// Returns the relationships of a step at one of its ends, if they are of one type.
    pub fn side(&self, step: &PatternStep, starts: bool) -> Option<Side> {
        let direction = match (step.relationship.undirected, starts) {
            (true, _) => Direction::Both,
            (false, true) => Direction::Outgoing,
            (false, false) => Direction::Incoming,
        };
        match types_of(step.relationship.label.as_ref(), self.snapshot)[..] {
            [kind] => Some((kind, direction)),
            _ => None,
        }
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
