//! Columns: the values of one variable or property for many rows, typed where they are of one kind.
//!
//! One kind densely with a null bitmap; anything mixed in [`Column::Any`]. Whoever computes on columns has a kernel for the typed
//! variants it is fast for, and takes [`Column::value`] for all others, so that a column's representation never changes an answer.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::{NodeId, RelationshipId, Value};

use super::{Bitmap, Dictionary};

/// The id that stands for null in columns of nodes and relationships.
pub const NO_ID: u32 = u32::MAX;

/// Values of one variable, row by row.
///
/// `nulls`, where present, holds the rows that are null and is as long as the values; what `values` holds there means nothing.
#[derive(Clone, Debug)]
pub enum Column {
    /// The same value in every row.
    Constant(Value, usize),
    /// Booleans.
    Boolean {
        /// The values.
        values: Vec<bool>,
        /// The null rows.
        nulls: Option<Bitmap>,
    },
    /// 64-bit integers.
    Integer {
        /// The values.
        values: Vec<i64>,
        /// The null rows.
        nulls: Option<Bitmap>,
    },
    /// 64-bit floats.
    Float {
        /// The values.
        values: Vec<f64>,
        /// The null rows.
        nulls: Option<Bitmap>,
    },
    /// Strings as codes of a dictionary; [`Dictionary::NULL`] is null.
    Code {
        /// The codes.
        codes: Vec<u32>,
        /// What the codes mean.
        dictionary: Arc<Dictionary>,
    },
    /// Strings.
    String {
        /// The values.
        values: Vec<SmolStr>,
        /// The null rows.
        nulls: Option<Bitmap>,
    },
    /// Nodes by slot; [`NO_ID`] is null.
    Node(Vec<u32>),
    /// Relationships by slot; [`NO_ID`] is null.
    Relationship(Vec<u32>),
    /// Nodes whose slots follow each other, as a scan gives them: from the first to before the last.
    NodeRun(Range<u32>),
    /// Relationships whose slots follow each other.
    RelationshipRun(Range<u32>),
    /// Values of any kind.
    Any(Vec<Value>),
}

fn is_null_at(nulls: &Option<Bitmap>, row: usize) -> bool {
    nulls.as_ref().is_some_and(|nulls| nulls.contains(row))
}

fn gather_nulls(nulls: &Option<Bitmap>, rows: &[u32]) -> Option<Bitmap> {
    let nulls = nulls.as_ref()?;
    let mut gathered = Bitmap::new(rows.len());
    let mut any = false;
    for (place, row) in rows.iter().enumerate() {
        if nulls.contains(*row as usize) {
            gathered.insert(place);
            any = true;
        }
    }
    any.then_some(gathered)
}

fn gather_values<T: Clone>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|row| values[*row as usize].clone()).collect()
}

fn gather_run(run: &Range<u32>, rows: &[u32]) -> Vec<u32> {
    rows.iter().map(|row| run.start + row).collect()
}

impl Column {
    /// Returns a column of nulls.
    pub fn nulls(len: usize) -> Column {
        Column::Constant(Value::Null, len)
    }

    /// Returns a column of integers without nulls.
    pub fn integers(values: Vec<i64>) -> Column {
        Column::Integer { values, nulls: None }
    }

    /// Returns a column of floats without nulls.
    pub fn floats(values: Vec<f64>) -> Column {
        Column::Float { values, nulls: None }
    }

    /// Returns a column of booleans without nulls.
    pub fn booleans(values: Vec<bool>) -> Column {
        Column::Boolean { values, nulls: None }
    }

    /// Returns a column of these values, typed if they are of one kind.
    pub fn from_values(values: impl IntoIterator<Item = Value>) -> Column {
        let mut builder = ColumnBuilder::default();
        for value in values {
            builder.push(value);
        }
        builder.finish()
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Constant(_, len) => *len,
            Column::Boolean { values, .. } => values.len(),
            Column::Integer { values, .. } => values.len(),
            Column::Float { values, .. } => values.len(),
            Column::Code { codes, .. } => codes.len(),
            Column::String { values, .. } => values.len(),
            Column::Node(ids) | Column::Relationship(ids) => ids.len(),
            Column::NodeRun(run) | Column::RelationshipRun(run) => run.len(),
            Column::Any(values) => values.len(),
        }
    }

    /// Returns about how many bytes the values take that only this column holds: a list that others hold too is theirs.
    pub fn size_bytes(&self) -> usize {
        let own = |value: &Value| match value {
            Value::List(items) if Arc::strong_count(items) == 1 => items.len() * size_of::<Value>(),
            _ => 0,
        };
        match self {
            Column::Constant(value, _) => size_of::<Value>() + own(value),
            Column::Boolean { values, .. } => values.len(),
            Column::Integer { values, .. } => values.len() * size_of::<i64>(),
            Column::Float { values, .. } => values.len() * size_of::<f64>(),
            Column::Code { codes, .. } => codes.len() * size_of::<u32>(),
            Column::String { values, .. } => values.len() * size_of::<SmolStr>(),
            Column::Node(ids) | Column::Relationship(ids) => ids.len() * size_of::<u32>(),
            Column::NodeRun(_) | Column::RelationshipRun(_) => size_of::<Column>(),
            Column::Any(values) => values.len() * size_of::<Value>() + values.iter().map(own).sum::<usize>(),
        }
    }

    /// Says whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Says whether a row is null.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Column::Constant(value, _) => value.is_null(),
            Column::Boolean { nulls, .. }
            | Column::Integer { nulls, .. }
            | Column::Float { nulls, .. }
            | Column::String { nulls, .. } => is_null_at(nulls, row),
            Column::Code { codes, .. } => codes[row] == Dictionary::NULL,
            Column::Node(ids) | Column::Relationship(ids) => ids[row] == NO_ID,
            Column::NodeRun(_) | Column::RelationshipRun(_) => false,
            Column::Any(values) => values[row].is_null(),
        }
    }

    /// Returns the value of a row.
    #[inline]
    pub fn value(&self, row: usize) -> Value {
        if self.is_null(row) {
            return Value::Null;
        }
        match self {
            Column::Constant(value, _) => value.clone(),
            Column::Boolean { values, .. } => Value::Boolean(values[row]),
            Column::Integer { values, .. } => Value::Integer(values[row]),
            Column::Float { values, .. } => Value::Float(values[row]),
            Column::Code { codes, dictionary } => Value::String(dictionary.string(codes[row]).clone()),
            Column::String { values, .. } => Value::String(values[row].clone()),
            Column::Node(ids) => Value::Node(NodeId(ids[row])),
            Column::Relationship(ids) => Value::Relationship(RelationshipId(ids[row])),
            Column::NodeRun(run) => Value::Node(NodeId(run.start + row as u32)),
            Column::RelationshipRun(run) => Value::Relationship(RelationshipId(run.start + row as u32)),
            Column::Any(values) => values[row].clone(),
        }
    }

    /// Returns the slots of nodes, row by row, if it is a column of nodes; [`NO_ID`] for null.
    pub fn node_slots(&self) -> Option<Cow<'_, [u32]>> {
        match self {
            Column::Node(ids) => Some(Cow::Borrowed(ids)),
            Column::NodeRun(run) => Some(Cow::Owned(run.clone().collect())),
            _ => None,
        }
    }

    /// Returns the slots of relationships, as [`Column::node_slots`] does of nodes.
    pub fn relationship_slots(&self) -> Option<Cow<'_, [u32]>> {
        match self {
            Column::Relationship(ids) => Some(Cow::Borrowed(ids)),
            Column::RelationshipRun(run) => Some(Cow::Owned(run.clone().collect())),
            _ => None,
        }
    }

    /// Returns the column with a run written out as a list of slots; any other as it is.
    pub fn listed(&self) -> Cow<'_, Column> {
        match self {
            Column::NodeRun(run) => Cow::Owned(Column::Node(run.clone().collect())),
            Column::RelationshipRun(run) => Cow::Owned(Column::Relationship(run.clone().collect())),
            other => Cow::Borrowed(other),
        }
    }

    /// Returns the values, row by row.
    pub fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.len()).map(|row| self.value(row))
    }

    /// Returns a column that has one row's value so many times, where that is shorter than listing it; elements and codes are listed, since
    /// what reads them reads lists.
    pub fn repeat(&self, row: u32, count: usize) -> Option<Column> {
        match self {
            Column::Node(_) | Column::Relationship(_) | Column::NodeRun(_) | Column::RelationshipRun(_) => None,
            Column::Code { .. } => None,
            _ => Some(Column::Constant(self.value(row as usize), count)),
        }
    }

    /// Returns a column of the rows named, in that order.
    pub fn gather(&self, rows: &[u32]) -> Column {
        match self {
            Column::Constant(value, _) => Column::Constant(value.clone(), rows.len()),
            Column::Boolean { values, nulls } => {
                Column::Boolean { values: gather_values(values, rows), nulls: gather_nulls(nulls, rows) }
            }
            Column::Integer { values, nulls } => {
                Column::Integer { values: gather_values(values, rows), nulls: gather_nulls(nulls, rows) }
            }
            Column::Float { values, nulls } => {
                Column::Float { values: gather_values(values, rows), nulls: gather_nulls(nulls, rows) }
            }
            Column::Code { codes, dictionary } => {
                Column::Code { codes: gather_values(codes, rows), dictionary: dictionary.clone() }
            }
            Column::String { values, nulls } => {
                Column::String { values: gather_values(values, rows), nulls: gather_nulls(nulls, rows) }
            }
            Column::Node(ids) => Column::Node(gather_values(ids, rows)),
            Column::Relationship(ids) => Column::Relationship(gather_values(ids, rows)),
            Column::NodeRun(run) => Column::Node(gather_run(run, rows)),
            Column::RelationshipRun(run) => Column::Relationship(gather_run(run, rows)),
            Column::Any(values) => Column::Any(gather_values(values, rows)),
        }
    }
}

/// Collects values into a column; typed as long as all that is not null is of one kind.
#[derive(Debug, Default)]
pub struct ColumnBuilder {
    leading_nulls: usize,
    column: Option<Column>,
}

impl ColumnBuilder {
    /// Returns the number of values so far.
    pub fn len(&self) -> usize {
        self.column.as_ref().map_or(self.leading_nulls, Column::len)
    }

    /// Appends a value.
    pub fn push(&mut self, value: Value) {
        let Some(column) = &mut self.column else {
            if value.is_null() {
                self.leading_nulls += 1;
            } else {
                self.column = Some(start_column(self.leading_nulls, value));
            }
            return;
        };
        match (column, value) {
            (Column::Boolean { values, nulls }, Value::Boolean(value)) => push_typed(values, nulls, value),
            (Column::Integer { values, nulls }, Value::Integer(value)) => push_typed(values, nulls, value),
            (Column::Float { values, nulls }, Value::Float(value)) => push_typed(values, nulls, value),
            (Column::String { values, nulls }, Value::String(value)) => push_typed(values, nulls, value),
            (Column::Node(ids), Value::Node(id)) => ids.push(id.0),
            (Column::Relationship(ids), Value::Relationship(id)) => ids.push(id.0),
            (Column::Boolean { values, nulls }, Value::Null) => push_null(values, nulls),
            (Column::Integer { values, nulls }, Value::Null) => push_null(values, nulls),
            (Column::Float { values, nulls }, Value::Null) => push_null(values, nulls),
            (Column::String { values, nulls }, Value::Null) => push_null(values, nulls),
            (Column::Node(ids) | Column::Relationship(ids), Value::Null) => ids.push(NO_ID),
            (Column::Any(values), value) => values.push(value),
            (column, value) => {
                let mut values: Vec<Value> = column.iter().collect();
                values.push(value);
                *column = Column::Any(values);
            }
        }
    }

    /// Appends all rows of a column.
    pub fn append(&mut self, part: &Column) {
        match (&mut self.column, part) {
            (_, part) if part.is_empty() => {}
            (None, Column::NodeRun(run)) if self.leading_nulls == 0 => {
                self.column = Some(Column::Node(run.clone().collect()));
            }
            (None, Column::RelationshipRun(run)) if self.leading_nulls == 0 => {
                self.column = Some(Column::Relationship(run.clone().collect()));
            }
            (Some(Column::Node(ids)), Column::NodeRun(run)) => ids.extend(run.clone()),
            (Some(Column::Relationship(ids)), Column::RelationshipRun(run)) => ids.extend(run.clone()),
            (None, part) if self.leading_nulls == 0 && !matches!(part, Column::Constant(..)) => {
                self.column = Some(part.clone());
            }
            (Some(Column::Node(ids)), Column::Node(more)) => ids.extend_from_slice(more),
            (Some(Column::Relationship(ids)), Column::Relationship(more)) => ids.extend_from_slice(more),
            (Some(Column::Integer { values, nulls: None }), Column::Integer { values: more, nulls: None }) => {
                values.extend_from_slice(more);
            }
            (Some(Column::Float { values, nulls: None }), Column::Float { values: more, nulls: None }) => {
                values.extend_from_slice(more);
            }
            (Some(Column::Code { codes, dictionary }), Column::Code { codes: more, dictionary: other })
                if Dictionary::same(dictionary, other) =>
            {
                codes.extend_from_slice(more);
            }
            (_, part) => part.iter().for_each(|value| self.push(value)),
        }
    }

    /// Returns the column.
    pub fn finish(self) -> Column {
        self.column.unwrap_or_else(|| Column::nulls(self.leading_nulls))
    }
}

fn push_typed<T>(values: &mut Vec<T>, nulls: &mut Option<Bitmap>, value: T) {
    values.push(value);
    if let Some(nulls) = nulls {
        nulls.push(false);
    }
}

fn push_null<T: Default>(values: &mut Vec<T>, nulls: &mut Option<Bitmap>) {
    nulls.get_or_insert_with(|| Bitmap::new(values.len())).push(true);
    values.push(T::default());
}

fn start_column(leading_nulls: usize, value: Value) -> Column {
    let nulls = || (leading_nulls > 0).then(|| Bitmap::full(leading_nulls));
    let mut column = match &value {
        Value::Boolean(_) => Column::Boolean { values: vec![false; leading_nulls], nulls: nulls() },
        Value::Integer(_) => Column::Integer { values: vec![0; leading_nulls], nulls: nulls() },
        Value::Float(_) => Column::Float { values: vec![0.0; leading_nulls], nulls: nulls() },
        Value::String(_) => Column::String { values: vec![SmolStr::default(); leading_nulls], nulls: nulls() },
        Value::Node(_) => Column::Node(vec![NO_ID; leading_nulls]),
        Value::Relationship(_) => Column::Relationship(vec![NO_ID; leading_nulls]),
        _ => Column::Any(vec![Value::Null; leading_nulls]),
    };
    match (&mut column, value) {
        (Column::Boolean { values, nulls }, Value::Boolean(value)) => push_typed(values, nulls, value),
        (Column::Integer { values, nulls }, Value::Integer(value)) => push_typed(values, nulls, value),
        (Column::Float { values, nulls }, Value::Float(value)) => push_typed(values, nulls, value),
        (Column::String { values, nulls }, Value::String(value)) => push_typed(values, nulls, value),
        (Column::Node(ids), Value::Node(id)) => ids.push(id.0),
        (Column::Relationship(ids), Value::Relationship(id)) => ids.push(id.0),
        (Column::Any(values), value) => values.push(value),
        _ => unreachable!("the column was made for this kind of value"),
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_builder_keeps_what_was_pushed_whatever_the_kinds() {
        let values = [Value::Null, Value::Integer(1), Value::Null, Value::string("a"), Value::Float(0.5)];
        let column = Column::from_values(values.clone());
        let texts: Vec<String> = column.iter().map(|value| format!("{value:?}")).collect();
        assert_eq!(texts, values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>());
    }

    #[test]
    fn push_into_code_column_degrades_to_values() {
        let mut dictionary = Dictionary::default();
        let code = dictionary.intern(&SmolStr::new("x"));
        let codes = Column::Code { codes: vec![code, Dictionary::NULL], dictionary: Arc::new(dictionary) };
        let mut builder = ColumnBuilder::default();
        builder.append(&codes);
        builder.push(Value::Integer(3));
        let column = builder.finish();
        assert!(matches!(column.value(0), Value::String(text) if text == "x"));
        assert!(column.is_null(1));
        assert!(matches!(column.value(2), Value::Integer(3)));
    }

    #[test]
    fn runs_are_lists_written_shorter() {
        let run = Column::NodeRun(3..6);
        assert_eq!((run.len(), run.is_null(2)), (3, false));
        assert!(matches!(run.value(2), Value::Node(NodeId(5))));
        assert!(matches!(run.gather(&[2, 0]), Column::Node(ids) if ids == [5, 3]));
        let mut builder = ColumnBuilder::default();
        builder.append(&run);
        builder.append(&Column::NodeRun(9..10));
        builder.push(Value::Null);
        assert!(matches!(builder.finish(), Column::Node(ids) if ids == [3, 4, 5, 9, NO_ID]));
    }

    #[test]
    fn gather_repeats_and_keeps_nulls() {
        let column = Column::from_values([Value::Integer(7), Value::Null]);
        let gathered = column.gather(&[1, 0, 0]);
        assert!(gathered.is_null(0));
        assert!(matches!(gathered.value(2), Value::Integer(7)));
    }
}
