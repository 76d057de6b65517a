//! Filters: the rows of a batch for which a predicate is true.

use crate::vector::{Batch, Column};

use super::evaluate::evaluate;
use super::logic::{truth_of, truths};
use super::{EvaluationContext, EvaluationError, Expression};

/// Some rows of a batch, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// All rows.
    All,
    /// These rows, and not all.
    Rows(Vec<u32>),
}

impl Selection {
    /// Returns the batch of the selected rows.
    pub(super) fn apply(&self, batch: &Batch) -> Batch {
        match self {
            Selection::All => batch.clone(),
            Selection::Rows(rows) => batch.gather(rows),
        }
    }

    /// Returns the selected rows of a batch of `rows` rows.
    pub(super) fn into_rows(self, rows: usize) -> Vec<u32> {
        match self {
            Selection::All => (0..rows as u32).collect(),
            Selection::Rows(rows) => rows,
        }
    }

    fn new(selected: Vec<u32>, rows: usize) -> Selection {
        if selected.len() == rows { Selection::All } else { Selection::Rows(selected) }
    }
}

/// Returns the rows for which the predicate is true.
///
/// The operands of a conjunction are tried one by one, each on the rows that are left.
///
/// # Errors
/// If the predicate cannot be evaluated, or is neither boolean nor null.
pub fn filter(
    predicate: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Vec<u32>, EvaluationError> {
    Ok(select_where(predicate, batch, context)?.into_rows(batch.rows()))
}

/// Returns the rows for which the predicate is true, as [`filter`] does, without listing them where it is all of them.
pub(super) fn select_where(
    predicate: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Selection, EvaluationError> {
    let Expression::And(operands) = predicate else {
        return select(evaluate(predicate, batch, context)?.as_ref());
    };
    let mut selection = Selection::All;
    for operand in operands {
        selection = match selection {
            Selection::All => select_where(operand, batch, context)?,
            Selection::Rows(rows) if rows.is_empty() => return Ok(Selection::Rows(rows)),
            Selection::Rows(rows) => match select_where(operand, &context.part(batch, &rows, operand), context)? {
                Selection::All => Selection::Rows(rows),
                Selection::Rows(kept) => Selection::Rows(kept.iter().map(|place| rows[*place as usize]).collect()),
            },
        };
    }
    Ok(selection)
}

/// Returns the rows of a column that are true.
///
/// # Errors
/// If a value is neither boolean nor null.
pub(super) fn select(column: &Column) -> Result<Selection, EvaluationError> {
    let rows = column.len();
    let selected: Vec<u32> = match column {
        Column::Constant(value, _) => {
            return Ok(match truth_of(value)? {
                Some(true) => Selection::All,
                _ => Selection::new(Vec::new(), rows),
            });
        }
        Column::Boolean { values, nulls } => {
            let mut selected = Vec::with_capacity(rows);
            for (row, value) in values.iter().enumerate() {
                if *value && !nulls.as_ref().is_some_and(|nulls| nulls.contains(row)) {
                    selected.push(row as u32);
                }
            }
            selected
        }
        other => {
            let truths = truths(other)?.into_iter().zip(0..);
            truths.filter(|(truth, _)| *truth == Some(true)).map(|(_, row)| row).collect()
        }
    };
    Ok(Selection::new(selected, rows))
}
