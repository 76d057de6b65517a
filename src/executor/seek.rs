//! Nodes and relationships found by an index.

use std::sync::Arc;

use crate::expression::{Expression, evaluate};
use crate::graph::{Bound, IndexProbe, IndexTarget, PropertyKeyId, Snapshot};
use crate::planner::physical::{Operator, PhysicalPlan, SeekBound, SeekKind, SoughtElement};
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
    let Operator::IndexSeek { slot, element, label, keys, seek } = &plan.operator else {
        unreachable!("a seek is run as a seek")
    };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let values = Values::evaluate(seek, &batch, &snapshot, context)?;
        let catalogue = snapshot.catalogue();
        let target = match element {
            SoughtElement::Node => catalogue.label_id(label).map(IndexTarget::Node),
            SoughtElement::Relationship => catalogue.relationship_type_id(label).map(IndexTarget::Relationship),
        };
        let keys: Option<Vec<PropertyKeyId>> = keys.iter().map(|key| catalogue.property_key_id(key)).collect();
        let (Some(target), Some(keys)) = (target, keys) else { return Ok(Flow::Continue) };
        let lookup = Lookup { snapshot: &snapshot, target, keys };
        let (mut rows, mut found) = (Vec::new(), Vec::new());
        // What is the same in every row is looked up once.
        let is_fixed = |value: &&Expression| matches!(value, Expression::Constant(_) | Expression::Parameter(_));
        let is_same = seek.expressions().iter().all(is_fixed);
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            if is_same && row > 0 {
                found.extend_from_within(..found.len() / row);
            } else {
                values.look_up(row, &lookup, &mut found);
            }
            context.guard.tick(found.len() - rows.len())?;
            rows.resize(found.len(), row as u32);
        }
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let mut gathered = batch.gather_slots(&rows, &plan.live);
        gathered.set(
            *slot,
            match element {
                SoughtElement::Node => Column::Node(found),
                SoughtElement::Relationship => Column::Relationship(found),
            },
        );
        sink(gathered)
    })
}

/// An index of a snapshot.
struct Lookup<'a> {
    snapshot: &'a Snapshot,
    target: IndexTarget,
    keys: Vec<PropertyKeyId>,
}

impl Lookup<'_> {
    fn probe(&self, probe: IndexProbe<'_>) -> Vec<u32> {
        self.snapshot.probe_index(self.target, &self.keys, probe).unwrap_or_default()
    }

    /// Returns what may contain a text; everything where the index cannot say.
    fn containing(&self, part: &str) -> Vec<u32> {
        let probe = IndexProbe::Containing(part);
        self.snapshot.probe_index(self.target, &self.keys, probe).unwrap_or_else(|| self.everything())
    }

    fn everything(&self) -> Vec<u32> {
        let mut all = Vec::new();
        match self.target {
            IndexTarget::Node(label) => {
                (0..self.snapshot.chunk_count())
                    .for_each(|chunk| self.snapshot.scan_chunk(chunk, Some(label), &mut all));
            }
            IndexTarget::Relationship(kind) => {
                let chunks = 0..self.snapshot.relationship_chunk_count();
                chunks.for_each(|chunk| self.snapshot.scan_relationships(Some(kind), chunk, &mut all));
            }
        }
        all
    }
}

/// One end of a range, row by row.
type End = Option<(Arc<Column>, bool)>;

/// What is looked up, row by row.
enum Values {
    Equal(Arc<Column>),
    In(Arc<Column>),
    Prefix(Arc<Column>),
    Range(End, End),
    Leading(Vec<Arc<Column>>, End, End),
    Contains(Arc<Column>),
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
        let end = |bound: &SeekBound| match bound {
            Some((expression, inclusive)) => Ok(Some((column(expression)?, *inclusive))),
            None => Ok::<_, ExecutionError>(None),
        };
        Ok(match seek {
            SeekKind::Equal(value) => Values::Equal(column(value)?),
            SeekKind::In(list) => Values::In(column(list)?),
            SeekKind::Prefix(prefix) => Values::Prefix(column(prefix)?),
            SeekKind::Contains(part) => Values::Contains(column(part)?),
            SeekKind::Range(low, high) => Values::Range(end(low)?, end(high)?),
            SeekKind::Leading(values, low, high) => {
                let values = values.iter().map(|value| Ok(column(value)?)).collect::<Result<_, ExecutionError>>()?;
                Values::Leading(values, end(low)?, end(high)?)
            }
        })
    }

    /// Adds what the index finds for a row.
    fn look_up(&self, row: usize, lookup: &Lookup<'_>, found: &mut Vec<u32>) {
        let value_of = |end: &End| end.as_ref().map(|(column, inclusive)| (column.value(row), *inclusive));
        match self {
            Values::Equal(column) => found.extend(lookup.probe(IndexProbe::Equal(&column.value(row)))),
            Values::In(column) => {
                if let Value::List(items) = column.value(row) {
                    // An item that stands twice in the list finds its elements once.
                    let all = items.iter().flat_map(|item| lookup.probe(IndexProbe::Equal(item)));
                    let mut all: Vec<u32> = all.collect();
                    all.sort_unstable();
                    all.dedup();
                    found.extend(all);
                }
            }
            Values::Prefix(column) => {
                if let Value::String(prefix) = column.value(row) {
                    found.extend(lookup.probe(IndexProbe::Prefix(&prefix)));
                }
            }
            Values::Contains(column) => {
                if let Value::String(part) = column.value(row) {
                    found.extend(lookup.containing(&part));
                }
            }
            Values::Range(low, high) => {
                let (low, high) = (value_of(low), value_of(high));
                found.extend(lookup.probe(IndexProbe::Range(bound_of(&low), bound_of(&high))));
            }
            Values::Leading(columns, low, high) => {
                let values: Vec<Value> = columns.iter().map(|column| column.value(row)).collect();
                let (low, high) = (value_of(low), value_of(high));
                found.extend(lookup.probe(IndexProbe::Leading(&values, bound_of(&low), bound_of(&high))));
            }
        }
    }
}

fn bound_of(bound: &Option<(Value, bool)>) -> Bound<'_> {
    match bound {
        Some((value, true)) => Bound::Included(value),
        Some((value, false)) => Bound::Excluded(value),
        None => Bound::Open,
    }
}
