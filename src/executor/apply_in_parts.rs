//! Runs `CALL { … } IN TRANSACTIONS`: the outer rows in parts, each committed for itself.
//!
//! A part that fails is taken back. What happens then is asked for: the statement fails (`ON ERROR FAIL`), it ends its work (`BREAK`) or
//! tries the next part (`CONTINUE`); rows without a result go on with nulls. One transaction writes at a time, so parts run one after
//! another also where `CONCURRENT` is written.

use crate::binder::bound::{OnError, Transactions};
use crate::planner::logical::ApplyKind;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{Map, Value};
use crate::vector::{Batch, Column, Slot};

use super::ExecutionError;
use super::apply::{apply_batch, writes};
use super::context::{Context, Flow, Sink};

pub(super) fn run_in_parts(
    plan: &PhysicalPlan,
    transactions: &Transactions,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Apply { outputs, .. } = &plan.operator else { unreachable!("called by an apply") };
    let batches = super::collect(plan.input(), argument, context)?;
    let rows = super::limit::row_count(&transactions.rows, ("OF … ROWS", 1), argument, context)?;
    let mut given: Vec<Batch> = Vec::new();
    let mut is_broken = false;
    for (number, part) in parts(&batches, rows).iter().enumerate() {
        let before = given.len();
        let outcome = if is_broken { Ok(()) } else { run_part(plan, part, context, &mut given) };
        let message = match outcome {
            Ok(()) => None,
            Err(error) if transactions.on_error == OnError::Fail || ends_statement(&error) => return Err(error),
            Err(error) => {
                given.truncate(before);
                context.abandon_part();
                Some(error.to_string())
            }
        };
        if is_broken || message.is_some() {
            given.extend(part.iter().map(|batch| without_result(plan, batch, outputs)));
        }
        if let Some(report) = transactions.report {
            let status = status(number + 1, !is_broken, message.as_deref());
            for batch in &mut given[before..] {
                let rows = batch.rows();
                batch.set(report, Column::Constant(status.clone(), rows));
            }
        }
        is_broken |= message.is_some() && transactions.on_error == OnError::Break;
    }
    super::give_all(given, sink)
}

/// Runs one part and commits what it wrote.
fn run_part(
    plan: &PhysicalPlan,
    part: &[Batch],
    context: &Context<'_>,
    given: &mut Vec<Batch>,
) -> Result<(), ExecutionError> {
    let Operator::Apply { kind, outputs, row, batched, .. } = &plan.operator else {
        unreachable!("called by an apply")
    };
    for batch in part {
        apply_batch(plan, (*kind, outputs, *row, *batched), batch, context, &mut |batch: Batch| {
            given.push(batch);
            Ok(Flow::Continue)
        })?;
    }
    if writes(&plan.children[1]) { context.commit_part() } else { Ok(()) }
}

/// Says whether an error is none of a part's: someone stopped the statement, or it cannot be run in parts at all.
fn ends_statement(error: &ExecutionError) -> bool {
    matches!(
        error,
        ExecutionError::Cancelled
            | ExecutionError::TimedOut { .. }
            | ExecutionError::OutOfMemory { .. }
            | ExecutionError::PartsInTransaction
    )
}

/// Returns rows whose part has no result: what the subquery would have given is null.
fn without_result(plan: &PhysicalPlan, batch: &Batch, outputs: &[Slot]) -> Batch {
    let Operator::Apply { kind, .. } = &plan.operator else { unreachable!("called by an apply") };
    if *kind == ApplyKind::Unit {
        return batch.clone();
    }
    let outer: Vec<Slot> = plan.live.iter().copied().filter(|slot| !outputs.contains(slot)).collect();
    let rows: Vec<u32> = (0..batch.rows() as u32).collect();
    let mut unmatched = batch.gather_slots(&rows, &outer);
    outputs.iter().for_each(|slot| unmatched.set(*slot, Column::nulls(rows.len())));
    unmatched
}

/// Returns what is reported of a part.
fn status(number: usize, started: bool, message: Option<&str>) -> Value {
    let text = |text: &str| Value::String(text.into());
    let entries = [
        ("transactionId", text(&format!("transaction-{number}"))),
        ("started", Value::Boolean(started)),
        ("committed", Value::Boolean(started && message.is_none())),
        ("errorMessage", message.map_or(Value::Null, text)),
    ];
    Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect::<Map>())
}

/// Returns the rows of batches in parts of so many rows each, the last perhaps shorter.
fn parts(batches: &[Batch], rows_a_part: usize) -> Vec<Vec<Batch>> {
    let mut parts: Vec<Vec<Batch>> = Vec::new();
    let mut room = 0;
    for batch in batches {
        let mut start = 0;
        while start < batch.rows() {
            if room == 0 {
                parts.push(Vec::new());
                room = rows_a_part;
            }
            let taken = room.min(batch.rows() - start);
            if let Some(part) = parts.last_mut() {
                part.push(batch.slice(start, taken));
            }
            start += taken;
            room -= taken;
        }
    }
    parts
}
