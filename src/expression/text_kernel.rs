//! Parts of texts over whole columns: `substring`, `left`, and one piece of a `split`, of which no list is made.

use smol_str::SmolStr;

use crate::function::Function;
use crate::value::Value;
use crate::vector::{Batch, Bitmap, Column};

use super::evaluate::evaluate;
use super::{EvaluationContext, EvaluationError, Expression};

/// Up to which size a text may be split without its pieces being counted.
const MOST_BYTES: usize = 1 << 16;

/// Computes a part of every text of a column, if there is a kernel for it and nothing can be wrong.
pub(super) fn part_of_text(
    function: &Function,
    arguments: &[impl AsRef<Column>],
    context: &EvaluationContext<'_>,
) -> Result<Option<Column>, EvaluationError> {
    let Some((source, bounds)) = arguments.split_first() else { return Ok(None) };
    let bounds: Option<Vec<usize>> = bounds.iter().map(|bound| constant_count(bound.as_ref())).collect();
    let (Column::String { values, nulls }, Some(bounds)) = (source.as_ref(), bounds) else { return Ok(None) };
    let (skipped, length) = match (function.name, &bounds[..]) {
        ("left", [length]) => (0, Some(*length)),
        ("substring", [skipped]) => (*skipped, None),
        ("substring", [skipped, length]) => (*skipped, Some(*length)),
        _ => return Ok(None),
    };
    let part = |text: &SmolStr| {
        let rest = &text[byte_of(text, skipped)..];
        SmolStr::new(&rest[..length.map_or(rest.len(), |length| byte_of(rest, length))])
    };
    strings(values.iter().map(part), nulls.clone(), context).map(Some)
}

/// Evaluates `split(text, delimiter)[place]`, if an expression is that with a plain delimiter and place.
pub(super) fn piece_of_split(
    target: &Expression,
    index: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Option<Column>, EvaluationError> {
    let (Expression::Function(function, arguments), Some(Value::Integer(place))) = (target, constant(index, context))
    else {
        return Ok(None);
    };
    let [source, delimiter] = &arguments[..] else { return Ok(None) };
    let Some(Value::String(delimiter)) = constant(delimiter, context).filter(|_| function.name == "split") else {
        return Ok(None);
    };
    let column = evaluate(source, batch, context)?;
    let Column::String { values, nulls } = column.as_ref() else { return Ok(None) };
    if delimiter.is_empty() || values.iter().any(|text| text.len() > MOST_BYTES) {
        return Ok(None);
    }
    let mut missing = nulls.clone();
    let piece = |(row, text): (usize, &SmolStr)| {
        let found = match usize::try_from(*place) {
            Ok(place) => text.split(delimiter.as_str()).nth(place),
            // Delimiters may overlap, so that pieces are not counted from the end.
            Err(_) => {
                let pieces: Vec<&str> = text.split(delimiter.as_str()).collect();
                let back = usize::try_from(place.unsigned_abs()).ok();
                back.and_then(|back| pieces.len().checked_sub(back)).map(|place| pieces[place])
            }
        };
        if found.is_none() {
            missing.get_or_insert_with(|| Bitmap::new(values.len())).insert(row);
        }
        found.map(SmolStr::new).unwrap_or_default()
    };
    let pieces: Vec<SmolStr> = values.iter().enumerate().map(piece).collect();
    strings(pieces.into_iter(), missing, context).map(Some)
}

fn strings(
    texts: impl Iterator<Item = SmolStr>,
    nulls: Option<Bitmap>,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let values: Vec<SmolStr> = texts.collect();
    let held = |text: &SmolStr| size_of::<SmolStr>() + if text.is_heap_allocated() { text.len() } else { 0 };
    context.note_bytes(values.iter().map(held).sum())?;
    Ok(Column::String { values, nulls })
}

/// Returns the value that an expression has in every row, where that is written down or given.
fn constant<'a>(expression: &'a Expression, context: &EvaluationContext<'a>) -> Option<&'a Value> {
    match expression {
        Expression::Constant(value) => Some(value),
        Expression::Parameter(place) => context.parameters.get(*place as usize),
        _ => None,
    }
}

/// Returns a number of characters that is the same in every row.
fn constant_count(column: &Column) -> Option<usize> {
    match column {
        Column::Constant(Value::Integer(count), _) => usize::try_from(*count).ok(),
        _ => None,
    }
}

/// Returns the bytes before the character at a place.
fn byte_of(text: &str, place: usize) -> usize {
    if text.is_ascii() {
        return place.min(text.len());
    }
    text.char_indices().nth(place).map_or(text.len(), |(byte, _)| byte)
}
