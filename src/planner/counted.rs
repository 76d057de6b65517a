//! The counts that a plan rests on: a plan made for ten nodes is right for a million, but slow, so it is made anew once they have moved
//! tenfold.

use crate::expression::LabelExpression;
use crate::graph::Snapshot;

use super::assumption::types_of;
use super::physical::{Operator, PhysicalPlan, PhysicalQuery, SoughtElement};

/// How many times more or less a count may be before the plan is made anew.
const TIMES: u64 = 10;

/// Counts below this are as good as it: to plan anew for a handful of nodes is not worth it.
const FEW: u64 = 10;

/// A count that a plan rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Of what.
    pub what: CountedKind,
    /// How many there were when the plan was made.
    pub count: u64,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq)]
pub enum CountedKind {
    /// Nodes with these labels; none means all.
    Nodes(Option<LabelExpression>),
    /// Relationships of these types; none means all.
    Relationships(Option<LabelExpression>),
}

impl CountedKind {
    fn count(&self, snapshot: &Snapshot) -> u64 {
        let statistics = snapshot.statistics();
        match self {
            CountedKind::Nodes(None) => statistics.nodes(),
            CountedKind::Nodes(Some(label)) => {
                let catalogue = snapshot.catalogue();
                statistics.nodes_where(|set| {
                    let labels = snapshot.label_set(set);
                    let has = |name: &str| labels.iter().any(|label| catalogue.label_name(*label) == name);
                    label.matches(&has, !labels.is_empty())
                })
            }
            CountedKind::Relationships(types) => {
                types_of(types.as_ref(), snapshot).into_iter().map(|kind| statistics.relationships_of(kind)).sum()
            }
        }
    }
}

impl Counted {
    /// Says whether the count has moved so far that the plan is to be made anew.
    fn has_moved(&self, snapshot: &Snapshot) -> bool {
        let (before, now) = (self.count.max(FEW), self.what.count(snapshot).max(FEW));
        before.max(now) / before.min(now) >= TIMES
    }
}

impl PhysicalQuery {
    /// Says whether the counts that the plan rests on are about what they were when it was made.
    pub fn is_in_proportion(&self, snapshot: &Snapshot) -> bool {
        !self.counts.iter().any(|counted| counted.has_moved(snapshot))
    }
}

/// Returns the counts that a query's plans rest on.
pub(super) fn counts(query: &PhysicalQuery, snapshot: &Snapshot) -> Vec<Counted> {
    let mut kinds = Vec::new();
    add(&query.root, &mut kinds);
    query.subqueries.iter().for_each(|subquery| add(&subquery.plan, &mut kinds));
    kinds.into_iter().map(|what| Counted { count: what.count(snapshot), what }).collect()
}

fn add(plan: &PhysicalPlan, kinds: &mut Vec<CountedKind>) {
    let nodes = |label: Option<&LabelExpression>| Some(CountedKind::Nodes(label.cloned()));
    let found = match &plan.operator {
        Operator::NodeScan { label, .. } => [nodes(label.as_ref()), None],
        Operator::LabelFilter { label, .. } => [nodes(Some(label)), None],
        Operator::IndexSeek { element: SoughtElement::Node, label, .. } => {
            [nodes(Some(&LabelExpression::Name(label.clone()))), None]
        }
        Operator::IndexSeek { element: SoughtElement::Relationship, label, .. } => {
            [Some(CountedKind::Relationships(Some(LabelExpression::Name(label.clone())))), None]
        }
        Operator::RelationshipScan { step }
        | Operator::Expand { step, .. }
        | Operator::OptionalExpand { step, .. }
        | Operator::ExpandCount { step, .. }
        | Operator::ExpandVariable { step, .. }
        | Operator::BoundStep { step, .. } => [Some(CountedKind::Relationships(step.label.clone())), None],
        Operator::ExpandIntersect { fixed, moving, .. } => {
            [fixed, moving].map(|step| Some(CountedKind::Relationships(step.label.clone())))
        }
        Operator::SemiJoin { step: Some(step), .. } => [Some(CountedKind::Relationships(step.label.clone())), None],
        Operator::ExpandMeet { arms: [one, _], .. } => {
            [&one.first, &one.second].map(|step| Some(CountedKind::Relationships(step.label.clone())))
        }
        _ => [None, None],
    };
    for kind in found.into_iter().flatten() {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    plan.children.iter().for_each(|child| add(child, kinds));
}
