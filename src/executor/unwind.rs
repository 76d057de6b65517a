//! One row for each item of a list.

use crate::expression::evaluate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::Value;
use crate::vector::{Batch, Column, ColumnBuilder};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_unwind(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Unwind { list, ordinal, .. } = &plan.operator else { unreachable!("an unwind is run as one") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let lists = evaluate(list, &batch, &context.evaluation(&snapshot))?;
        drop(snapshot);
        let (mut rows, mut items, mut places) = (Vec::new(), ColumnBuilder::default(), Vec::new());
        let first = ordinal.map_or(0, |(_, first)| first);
        for row in 0..batch.rows() {
            match lists.value(row) {
                Value::Null => {}
                Value::List(list) => {
                    for (place, item) in list.iter().enumerate() {
                        rows.push(row as u32);
                        items.push(item.clone());
                        places.push(place as i64 + first);
                        // A long list makes several batches, so that a limit above can stop it.
                        if rows.len() >= Batch::TARGET_ROWS {
                            context.guard.tick(rows.len())?;
                            let taken = Unwound {
                                rows: std::mem::take(&mut rows),
                                items: std::mem::take(&mut items).finish(),
                                places: std::mem::take(&mut places),
                            };
                            if taken.give(&batch, plan, sink)? == Flow::Stop {
                                return Ok(Flow::Stop);
                            }
                        }
                    }
                }
                // A single value is a list of itself.
                other => {
                    rows.push(row as u32);
                    items.push(other);
                    places.push(first);
                }
            }
        }
        Unwound { rows, items: items.finish(), places }.give(&batch, plan, sink)
    })
}

struct Unwound {
    rows: Vec<u32>,
    items: Column,
    places: Vec<i64>,
}

impl Unwound {
    fn give(self, batch: &Batch, plan: &PhysicalPlan, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        let Operator::Unwind { variable, ordinal, .. } = &plan.operator else { unreachable!("made by an unwind") };
        if self.rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let mut unwound = batch.gather_slots(&self.rows, &plan.live);
        unwound.set(*variable, self.items);
        if let Some((slot, _)) = ordinal {
            unwound.set(*slot, Column::integers(self.places));
        }
        sink(unwound)
    }
}
