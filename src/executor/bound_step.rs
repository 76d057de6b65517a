//! Steps whose relationship (or list of relationships) is known already: checked against the pattern, they give its ends.

use crate::graph::{RelationshipTypeId, Snapshot};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan, StepDirection};
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Batch, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::types::step_types;
use super::{ExecutionError, run};

pub(super) fn run_bound_step(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::BoundStep { step, from_known, to_known, length } = &plan.operator else {
        unreachable!("a bound step is run as one")
    };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let check = Check { snapshot: &snapshot, types: step_types(step.label.as_ref(), &snapshot), step };
        let (mut rows, mut starts, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let known = |slot: Slot, row: usize, known: bool| match (known, batch.get(slot).map(|column| column.value(row)))
        {
            (true, Some(Value::Node(node))) => Some(Some(node)),
            // A known end that is null fits nothing.
            (true, _) => None,
            (false, _) => Some(None),
        };
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            let (Some(from), Some(to)) = (known(step.from, row, *from_known), known(step.to, row, *to_known)) else {
                continue;
            };
            let found = match (batch.value(step.relationship, row), length) {
                (Value::Relationship(id), None) => check.single(id, from, to),
                (Value::List(items), Some((min, max))) => {
                    let count = items.len() as u32;
                    let fits = count >= *min && max.is_none_or(|max| count <= max);
                    if fits { check.chain(&items, from, to) } else { Vec::new() }
                }
                _ => Vec::new(),
            };
            for (start, end) in found {
                rows.push(row as u32);
                starts.push(start.0);
                ends.push(end.0);
            }
        }
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let mut checked = batch.gather_slots(&rows, &plan.live);
        if !from_known {
            checked.set(step.from, Column::Node(starts.clone()));
        }
        if !to_known && (step.from != step.to || *from_known) {
            checked.set(step.to, Column::Node(ends));
        }
        sink(checked)
    })
}

struct Check<'a> {
    snapshot: &'a Snapshot,
    types: Vec<RelationshipTypeId>,
    step: &'a ExpandStep,
}

impl Check<'_> {
    /// Returns the ways to walk a relationship: its start and end, as the pattern sees them.
    fn single(&self, id: RelationshipId, from: Option<NodeId>, to: Option<NodeId>) -> Vec<(NodeId, NodeId)> {
        let Some(record) = self.snapshot.relationship(id) else { return Vec::new() };
        if !self.types.contains(&record.kind) || !self.snapshot.relationship_exists(id) {
            return Vec::new();
        }
        let along = (record.start, record.end);
        let against = (record.end, record.start);
        let ways = match self.step.direction {
            StepDirection::Outgoing => vec![along],
            StepDirection::Incoming => vec![against],
            StepDirection::Both if record.start == record.end => vec![along],
            StepDirection::Both => vec![along, against],
        };
        let closes = self.step.from == self.step.to;
        let fits = |(start, end): &(NodeId, NodeId)| {
            from.is_none_or(|from| from == *start) && to.is_none_or(|to| to == *end) && (!closes || start == end)
        };
        ways.into_iter().filter(fits).collect()
    }

    /// Returns the ways to walk a list of relationships from its first to its last.
    fn chain(&self, items: &[Value], from: Option<NodeId>, to: Option<NodeId>) -> Vec<(NodeId, NodeId)> {
        let mut ways: Vec<(NodeId, NodeId)> = match from.or(to) {
            Some(node) if items.is_empty() => {
                return if from.is_none_or(|from| from == node) && to.is_none_or(|to| to == node) {
                    vec![(node, node)]
                } else {
                    Vec::new()
                };
            }
            // No relationship leads from any node to itself.
            None if items.is_empty() => {
                let mut nodes = Vec::new();
                (0..self.snapshot.chunk_count()).for_each(|chunk| self.snapshot.scan_chunk(chunk, None, &mut nodes));
                return nodes.into_iter().map(|node| (NodeId(node), NodeId(node))).collect();
            }
            _ => Vec::new(),
        };
        for (place, item) in items.iter().enumerate() {
            let Value::Relationship(id) = item else { return Vec::new() };
            if place == 0 {
                ways = self.single(*id, from, None);
                continue;
            }
            ways = ways
                .into_iter()
                .flat_map(|(start, node)| {
                    self.single(*id, Some(node), None).into_iter().map(move |(_, end)| (start, end))
                })
                .collect();
        }
        ways.retain(|(_, end)| to.is_none_or(|to| to == *end));
        ways
    }
}
