//! Nodes found by an index.

use crate::expression::{Expression, evaluate};
use crate::graph::{self, Snapshot};
use crate::planner::physical::{Operator, PhysicalPlan, SeekKind};
use crate::value::Value;
use crate::vector::{Batch, Column};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_index_seek(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::IndexSeek { slot, label, key, seek } = &plan.operator else {
        unreachable!("a seek is run as a seek")
    };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let values = Values::evaluate(seek, &batch, &snapshot, context)?;
        let (mut rows, mut nodes) = (Vec::new(), Vec::new());
        let catalogue = snapshot.catalogue();
        let (Some(label), Some(key)) = (catalogue.label_id(label), catalogue.property_key_id(key)) else {
            return Ok(Flow::Continue);
        };
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            match &values {
                Values::Equal(column) => nodes.extend(snapshot.index_seek(label, key, &column.value(row))),
                Values::In(column) => {
                    if let Value::List(items) = column.value(row) {
                        // An item that stands twice in the list finds its nodes once.
                        let found = items.iter().flat_map(|item| snapshot.index_seek(label, key, item));
                        let mut found: Vec<u32> = found.collect();
                        found.sort_unstable();
                        found.dedup();
                        nodes.extend(found);
                    }
                }
                Values::Prefix(column) => {
                    if let Value::String(prefix) = column.value(row) {
                        nodes.extend(snapshot.index_prefix(label, key, &prefix));
                    }
                }
                Values::Range(from, to) => {
                    let bound = |side: &Option<(std::sync::Arc<Column>, bool)>| {
                        side.as_ref().map(|(column, inclusive)| (column.value(row), *inclusive))
                    };
                    let (from, to) = (bound(from), bound(to));
                    nodes.extend(snapshot.index_range(label, key, bound_of(&from), bound_of(&to)));
                }
            }
            rows.resize(nodes.len(), row as u32);
        }
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let mut found = batch.gather_slots(&rows, &plan.live);
        found.set(*slot, Column::Node(nodes));
        sink(found)
    })
}

fn bound_of(bound: &Option<(Value, bool)>) -> graph::Bound<'_> {
    match bound {
        Some((value, true)) => graph::Bound::Included(value),
        Some((value, false)) => graph::Bound::Excluded(value),
        None => graph::Bound::Open,
    }
}

type Bound = Option<(std::sync::Arc<Column>, bool)>;

/// What is looked up, row by row.
enum Values {
    Equal(std::sync::Arc<Column>),
    In(std::sync::Arc<Column>),
    Prefix(std::sync::Arc<Column>),
    Range(Bound, Bound),
}

impl Values {
    fn evaluate(
        seek: &SeekKind,
        batch: &Batch,
        snapshot: &Snapshot,
        context: &Context<'_>,
    ) -> Result<Values, ExecutionError> {
        let evaluation = context.evaluation(snapshot);
        let column = |expression: &Expression| evaluate(expression, batch, &evaluation);
        let bound = |bound: &Option<(Expression, bool)>| match bound {
            Some((expression, inclusive)) => Ok(Some((column(expression)?, *inclusive))),
            None => Ok::<_, ExecutionError>(None),
        };
        Ok(match seek {
            SeekKind::Equal(value) => Values::Equal(column(value)?),
            SeekKind::In(list) => Values::In(column(list)?),
            SeekKind::Prefix(prefix) => Values::Prefix(column(prefix)?),
            SeekKind::Range(from, to) => Values::Range(bound(from)?, bound(to)?),
        })
    }
}
