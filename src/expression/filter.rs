//! Filters: the rows of a batch for which a predicate is true.

use crate::graph::Selected;
use crate::vector::{Batch, Column};

use super::evaluate::evaluate;
use super::logic::{truth_of, truths};
use super::select_property::PropertyFilter;
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

    /// Returns the rows that both select.
    fn and(self, other: Selection) -> Selection {
        match (self, other) {
            (Selection::All, other) => other,
            (own, Selection::All) => own,
            (Selection::Rows(mut rows), Selection::Rows(others)) => {
                rows.retain(|row| others.binary_search(row).is_ok());
                Selection::Rows(rows)
            }
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

/// Returns the rows for which a comparison of a property with a constant is true, where all its values are of the constant's kind and, if
/// so asked, every row has one; nothing where that cannot be told without looking at each.
pub fn filter_uniform(
    predicate: &Expression,
    batch: &Batch,
    always_set: bool,
    context: &EvaluationContext<'_>,
) -> Option<Vec<u32>> {
    let filter = PropertyFilter::of(predicate, batch, context)?;
    if always_set && !filter.is_always_set(batch, context) {
        return None;
    }
    let mut rows = Vec::new();
    let is_known = filter.select(batch, context, Selected::Rows(&mut rows));
    is_known.then_some(rows)
}

/// Returns for how many rows the predicate is true.
///
/// # Errors
/// As [`filter`].
pub fn filter_count(
    predicate: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<usize, EvaluationError> {
    let mut count = 0;
    if let [Operand::Property(test, _)] = &operands(predicate, batch, context)[..]
        && test.select(batch, context, Selected::Count(&mut count))
    {
        return Ok(count);
    }
    Ok(match select_where(predicate, batch, context)? {
        Selection::All => batch.rows(),
        Selection::Rows(rows) => rows.len(),
    })
}

/// Marks the rows for which the predicate is true with 1, the others with 0, and returns how many pass; nothing where the predicate is more
/// than tests of properties that are put to the graph's packed values.
pub fn filter_marks(
    predicate: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
    marks: &mut Vec<u8>,
) -> Option<usize> {
    let operands = operands(predicate, batch, context);
    let (first, rest) = operands.split_first()?;
    let mark = |operand: &Operand<'_>, marks: &mut Vec<u8>| {
        marks.clear();
        marks.resize(batch.rows(), 0);
        match operand {
            Operand::Property(test, _) => test.select(batch, context, Selected::Marks(marks)),
            Operand::Other(Expression::Or(alternatives)) => mark_any(alternatives, batch, context, marks),
            Operand::Other(_) => false,
        }
    };
    if !mark(first, marks) {
        return None;
    }
    let mut more = Vec::new();
    for operand in rest {
        if !mark(operand, &mut more) {
            return None;
        }
        marks.iter_mut().zip(&more).for_each(|(mark, more)| *mark &= more);
    }
    Some(marks.iter().map(|mark| usize::from(*mark)).sum())
}

/// Marks the rows for which one of some predicates is true, if each is such that [`filter_marks`] takes it; says whether it is so.
fn mark_any(alternatives: &[Expression], batch: &Batch, context: &EvaluationContext<'_>, marks: &mut [u8]) -> bool {
    let mut more = Vec::new();
    alternatives.iter().all(|alternative| {
        let is_marked = filter_marks(alternative, batch, context, &mut more).is_some();
        if is_marked {
            marks.iter_mut().zip(&more).for_each(|(mark, more)| *mark |= more);
        }
        is_marked
    })
}

/// Returns the rows for which the predicate is true, as [`filter`] does, without listing them where it is all of them.
pub(super) fn select_where(
    predicate: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Selection, EvaluationError> {
    let mut selection = Selection::All;
    for operand in operands(predicate, batch, context) {
        selection = match selection {
            Selection::All => operand.select(batch, context)?,
            Selection::Rows(rows) if rows.is_empty() => return Ok(Selection::Rows(rows)),
            Selection::Rows(rows) => match operand.select(&operand.part(batch, &rows, context), context)? {
                Selection::All => Selection::Rows(rows),
                Selection::Rows(kept) => Selection::Rows(kept.iter().map(|place| rows[*place as usize]).collect()),
            },
        };
    }
    Ok(selection)
}

/// A part of a conjunction; several tests of one property in a row are one.
enum Operand<'a> {
    Property(PropertyFilter, Vec<&'a Expression>),
    Other(&'a Expression),
}

fn operands<'a>(predicate: &'a Expression, batch: &Batch, context: &EvaluationContext<'_>) -> Vec<Operand<'a>> {
    fn add<'a>(
        predicate: &'a Expression,
        batch: &Batch,
        context: &EvaluationContext<'_>,
        found: &mut Vec<Operand<'a>>,
    ) {
        if let Expression::And(parts) = predicate {
            parts.iter().for_each(|part| add(part, batch, context, found));
            return;
        }
        match PropertyFilter::of(predicate, batch, context) {
            None => found.push(Operand::Other(predicate)),
            Some(test) => {
                if let Some(Operand::Property(last, parts)) = found.last_mut()
                    && last.join(&test)
                {
                    parts.push(predicate);
                    return;
                }
                found.push(Operand::Property(test, vec![predicate]));
            }
        }
    }
    let mut found = Vec::new();
    add(predicate, batch, context, &mut found);
    found
}

impl Operand<'_> {
    fn select(&self, batch: &Batch, context: &EvaluationContext<'_>) -> Result<Selection, EvaluationError> {
        match self {
            Operand::Other(predicate) => {
                if let Expression::Or(alternatives) = predicate {
                    let mut marks = vec![0; batch.rows()];
                    if mark_any(alternatives, batch, context, &mut marks) {
                        let rows = (0..).zip(&marks).filter(|(_, mark)| **mark == 1).map(|(row, _)| row).collect();
                        return Ok(Selection::new(rows, batch.rows()));
                    }
                }
                select(evaluate(predicate, batch, context)?.as_ref())
            }
            Operand::Property(test, parts) => {
                let mut rows = Vec::new();
                if test.select(batch, context, Selected::Rows(&mut rows)) {
                    return Ok(Selection::new(rows, batch.rows()));
                }
                let mut selection = Selection::All;
                for part in parts {
                    selection = selection.and(select(evaluate(part, batch, context)?.as_ref())?);
                }
                Ok(selection)
            }
        }
    }

    /// Returns a batch of some rows with what the operand reads.
    fn part(&self, batch: &Batch, rows: &[u32], context: &EvaluationContext<'_>) -> Batch {
        match self {
            Operand::Other(predicate) => context.part(batch, rows, predicate),
            Operand::Property(_, parts) => context.part(batch, rows, parts[0]),
        }
    }
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
