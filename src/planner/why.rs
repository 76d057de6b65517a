//! Why an operator stands in a plan: the counts it rests on, the other ways that were weighed and what they would cost, or the rule.
//!
//! A cost is a number of rows and relationships looked at. The other starts of a pattern are weighed again only for `EXPLAIN`.

use crate::expression::LabelExpression;
use crate::vector::Slot;

use super::counted::CountedKind;
use super::physical::{ExpandStep, Operator, PhysicalPlan, PhysicalQuery, SoughtElement};

/// Where a pattern could have started, and what that would have cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The node that it starts from.
    pub start: Slot,
    /// What the cheapest order from there costs.
    pub cost: f64,
    /// The other nodes it could start from, each with what its cheapest order costs.
    pub others: Vec<(Slot, f64)>,
}

/// Gives the reasons of one query's operators.
pub(super) struct Reasons<'a> {
    pub(super) query: &'a PhysicalQuery,
    pub(super) name: &'a dyn Fn(Slot) -> String,
}

impl Reasons<'_> {
    /// Returns why an operator is there; nothing where the text alone asks for it.
    pub(super) fn of(&self, plan: &PhysicalPlan) -> String {
        match &plan.operator {
            Operator::NodeScan { slot, label } => {
                let all = self.nodes(label.as_ref());
                self.with_choice(*slot, format!("{all} nodes; no index finds fewer"))
            }
            Operator::IndexSeek { slot, element, label, keys, .. } => {
                let (named, found) = (Some(LabelExpression::Name(label.clone())), number(plan.rows.max(1.0)));
                let (all, what) = match element {
                    SoughtElement::Node => (self.counted(&CountedKind::Nodes(named)), "nodes"),
                    SoughtElement::Relationship => (self.counted(&CountedKind::Relationships(named)), "relationships"),
                };
                let keys = keys.join(", ");
                self.with_choice(*slot, format!("index on {label}({keys}) finds about {found} of {all} {what}"))
            }
            Operator::RelationshipScan { step } => {
                format!("{} relationships; as many rows from any end", self.relationships(step))
            }
            Operator::Expand { step, into: false } => {
                format!("about {} of {} relationships a row", self.share(plan), self.relationships(step))
            }
            Operator::Expand { step, into: true } => {
                format!("both ends are known; looked up in {} relationships", self.relationships(step))
            }
            Operator::ExpandCount { step, .. } => {
                format!("only their number is read above, of {} relationships", self.relationships(step))
            }
            Operator::ExpandIntersect { fixed, moving, .. } => {
                let (one, other) = (self.relationships(fixed), self.relationships(moving));
                format!("a closed cycle: sorted neighbours meet, of {one} and {other} relationships")
            }
            Operator::OptionalExpand { step, .. } => {
                format!("one step of {} relationships, null where it leads nowhere", self.relationships(step))
            }
            Operator::ExpandMeet { arms: [one, _], .. } => {
                let (first, second) = (self.relationships(&one.first), self.relationships(&one.second));
                format!("a cycle of four: two ways of {first} and {second} relationships meet")
            }
            Operator::ExpandVariable { distinct_ends: true, .. } => {
                "only distinct ends are read above: nodes are visited once".to_owned()
            }
            Operator::ExpandVariable { selector: Some(_), into: true, .. } => {
                "both ends are known: searched from both at once".to_owned()
            }
            Operator::HashJoin { .. } => {
                let [left, right] = [0, 1].map(|place| number(plan.children[place].rows));
                format!("no relationship joins the parts: {left} rows look into a table of {right}")
            }
            Operator::CartesianProduct => {
                let [left, right] = [0, 1].map(|place| number(plan.children[place].rows));
                format!("nothing joins the parts: {left} × {right} rows")
            }
            Operator::SemiJoin { step: Some(step), .. } => self.marked_ends(plan, step),
            Operator::SemiJoin { .. } => "EXISTS alone: whether there is a match, not how many".to_owned(),
            Operator::Top { .. } => "sort and limit in one: only the first rows are held".to_owned(),
            Operator::Apply { batched: true, .. } => "inner rows are found for a batch of rows at a time".to_owned(),
            Operator::Apply { .. } => "the inner part looks across rows: run row by row".to_owned(),
            Operator::DistinctRelationships { .. } => "the graph allows both to be the same relationship".to_owned(),
            Operator::Aggregate { factors, .. } if !factors.is_empty() => {
                "each row counts as often as its factors say".to_owned()
            }
            _ => String::new(),
        }
    }

    fn marked_ends(&self, plan: &PhysicalPlan, step: &ExpandStep) -> String {
        let (ends, all) = (number(plan.children[1].rows), self.relationships(step));
        format!("{ends} nodes are marked, and what one of {all} relationships joins to them")
    }

    /// Adds to the reason of a start what the other starts would cost.
    fn with_choice(&self, slot: Slot, reason: String) -> String {
        let Some(choice) = self.query.choices.iter().find(|choice| choice.start == slot) else { return reason };
        let others = choice.others.iter().map(|(slot, cost)| format!("({}) {}", (self.name)(*slot), number(*cost)));
        let others: Vec<String> = others.collect();
        let from = if others.is_empty() { String::new() } else { format!(", from {}", others.join(", ")) };
        format!("{reason}; cost {}{from}", number(choice.cost))
    }

    fn nodes(&self, label: Option<&LabelExpression>) -> u64 {
        self.counted(&CountedKind::Nodes(label.cloned()))
    }

    fn relationships(&self, step: &ExpandStep) -> u64 {
        self.counted(&CountedKind::Relationships(step.label.clone()))
    }

    fn counted(&self, what: &CountedKind) -> u64 {
        self.query.counts.iter().find(|counted| counted.what == *what).map_or(0, |counted| counted.count)
    }

    /// Returns how many rows an operator makes of one, with one place after the point where that says something.
    fn share(&self, plan: &PhysicalPlan) -> String {
        let share = plan.rows / plan.input().rows.max(f64::MIN_POSITIVE);
        if share < 10.0 { format!("{share:.1}") } else { number(share) }
    }
}

fn number(value: f64) -> String {
    format!("{value:.0}")
}
