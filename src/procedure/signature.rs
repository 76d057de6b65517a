//! What a procedure takes and gives: the part of it that a statement is checked against.
//!
//! A signature has a text form, in which test suites and embedders register procedures:
//! `test.my.proc(name :: STRING?, id :: INTEGER?) :: (city :: STRING?)`.

use smol_str::SmolStr;

use crate::value::{Kind, Value};

/// The name, the arguments and the result columns of a procedure.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The full name, parts joined by points.
    pub name: SmolStr,
    /// The arguments, in order.
    pub inputs: Vec<Field>,
    /// The result columns, in order; none for a procedure that gives no rows and keeps the driving one.
    pub outputs: Vec<Field>,
    /// Whether it changes the graph.
    pub writes: bool,
    /// The result column that holds the numbers of the claims that a row rests on, if it has one.
    pub cites: Option<usize>,
}

/// An argument or a result column.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name.
    pub name: SmolStr,
    /// What it may be besides null.
    pub kinds: FieldKind,
    /// The value of an argument that is not given; none for one that must be.
    pub default: Option<Value>,
}

/// What values a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Anything.
    Any,
    /// One of these kinds; a float field takes integers too.
    OneOf(Vec<Kind>),
    /// A list of such.
    ListOf(Box<FieldKind>),
}

impl Field {
    /// Returns a field that must be given.
    pub fn new(name: impl Into<SmolStr>, kinds: FieldKind) -> Self {
        Field { name: name.into(), kinds, default: None }
    }

    /// Returns the field with a value for where it is not given.
    #[must_use]
    pub fn or(mut self, default: Value) -> Self {
        self.default = Some(default);
        self
    }
}

impl Signature {
    /// Reads the text form.
    ///
    /// # Errors
    /// Says in words what is wrong with the text.
    pub fn parse(text: &str) -> Result<Signature, String> {
        let open = text.find('(').ok_or("the arguments' opening bracket is missing")?;
        let close = text[open..].find(')').ok_or("the arguments' closing bracket is missing")? + open;
        let name = text[..open].trim();
        if name.is_empty() {
            return Err("the procedure's name is missing".to_string());
        }
        let results = text[close + 1..].trim().strip_prefix("::").ok_or("`::` and the results are missing")?.trim();
        let results = results.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        Ok(Signature {
            name: name.into(),
            inputs: parse_fields(&text[open + 1..close])?,
            outputs: parse_fields(results.ok_or("the results stand in brackets")?)?,
            writes: false,
            cites: None,
        })
    }
}

fn parse_fields(text: &str) -> Result<Vec<Field>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let fields = text.split(',').map(|field| {
        let (name, kind) = field.split_once("::").ok_or_else(|| format!("`{}` has no `::`", field.trim()))?;
        Ok(Field::new(name.trim(), parse_kind(kind.trim().trim_end_matches('?').trim())?))
    });
    fields.collect()
}

fn parse_kind(text: &str) -> Result<FieldKind, String> {
    let upper = text.to_uppercase();
    let inner = upper.strip_prefix("LIST<").and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = inner.or_else(|| upper.strip_prefix("LIST OF ")) {
        return Ok(FieldKind::ListOf(Box::new(parse_kind(inner.trim().trim_end_matches('?'))?)));
    }
    let kinds = match upper.as_str() {
        "ANY" => return Ok(FieldKind::Any),
        "BOOLEAN" => vec![Kind::Boolean],
        "INTEGER" => vec![Kind::Integer],
        "FLOAT" => vec![Kind::Float],
        "NUMBER" => vec![Kind::Integer, Kind::Float],
        "STRING" => vec![Kind::String],
        "MAP" => vec![Kind::Map],
        "LIST" => return Ok(FieldKind::ListOf(Box::new(FieldKind::Any))),
        "NODE" => vec![Kind::Node],
        "RELATIONSHIP" => vec![Kind::Relationship],
        "PATH" => vec![Kind::Path],
        "DATE" => vec![Kind::Date],
        "LOCALTIME" | "LOCAL TIME" => vec![Kind::LocalTime],
        "TIME" => vec![Kind::Time],
        "LOCALDATETIME" | "LOCAL DATETIME" => vec![Kind::LocalDateTime],
        "DATETIME" => vec![Kind::DateTime],
        "DURATION" => vec![Kind::Duration],
        _ => return Err(format!("`{text}` is no type of a field")),
    };
    Ok(FieldKind::OneOf(kinds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_text_form() {
        let signature = Signature::parse("test.my.proc(name :: STRING?, id :: NUMBER?) :: (all :: LIST<STRING>?)");
        let signature = signature.expect("it is well formed");
        assert_eq!(signature.name, "test.my.proc");
        assert_eq!(signature.inputs[1].kinds, FieldKind::OneOf(vec![Kind::Integer, Kind::Float]));
        assert_eq!(signature.outputs[0].kinds, FieldKind::ListOf(Box::new(FieldKind::OneOf(vec![Kind::String]))));
        assert!(Signature::parse("test.doNothing() :: ()").expect("it is well formed").outputs.is_empty());
        assert!(Signature::parse("test.doNothing()").is_err());
        assert!(Signature::parse("x(a) :: ()").is_err());
    }
}
