//! Procedures that write claims: adding one with all its particulars, giving one another rank, taking one back.

use std::sync::{MutexGuard, PoisonError};

use smol_str::SmolStr;

use crate::graph::{Particulars, Transaction};
use crate::knowledge::{Claim, ClaimDetails, ClaimId, Comparator, Rank, Statement, Subject, last_day};
use crate::value::{Kind, Map, NodeId, Value, ValueError};
use crate::vector::Column;

use super::claims::subject;
use super::schema::{builtin, integer, text};
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

/// The details that `claims.add` takes.
const DETAILS: [&str; 9] =
    ["asOf", "asPrinted", "attributedTo", "comparator", "labels", "locator", "note", "rank", "unit"];

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    let details = Field::new("details", FieldKind::OneOf(vec![Kind::Map])).or(Value::Map(Map::default()));
    let mut add = builtin(
        "claims.add",
        &[
            Field::new("element", FieldKind::Any),
            text("property"),
            Field::new("value", FieldKind::Any),
            Field::new("source", FieldKind::OneOf(vec![Kind::Node, Kind::String])),
            details,
        ],
        &[integer("claim")],
        "adds a claim of a source, given by id or node: on a property, or on existence where property is null; details is a map of \
         asOf, asPrinted, attributedTo, comparator, labels, locator, note, rank, unit",
        "MATCH (n) CALL claims.add(n, 'height', 300, 'survey', {locator: 'L7', asOf: date('2015-01-01')}) YIELD claim RETURN claim",
        add_claim,
    );
    let mut rank = builtin(
        "claims.rank",
        &[integer("claim"), text("rank")],
        &[integer("claim")],
        "gives a claim the rank preferred, normal or deprecated; it has another number from then on",
        "CALL claims.of(n) YIELD claim, note WHERE note = 'misprint' CALL claims.rank(claim, 'deprecated') YIELD claim AS now",
        rank_claim,
    );
    let mut retract = builtin(
        "claims.retract",
        &[integer("claim")],
        &[],
        "takes a claim back; what it bore on is settled anew from the claims that are left",
        "CALL claims.of(n) YIELD claim, note WHERE note = 'misread' CALL claims.retract(claim)",
        retract_claim,
    );
    for procedure in [&mut add, &mut rank, &mut retract] {
        procedure.signature.writes = true;
    }
    vec![add, rank, retract]
}

fn writer<'a>(context: &'a ProcedureContext<'_>) -> MutexGuard<'a, Transaction> {
    let writer = context.writer.expect("a writing procedure is called in a writing statement");
    // A statement that failed while it wrote is rolled back whole; nothing half done is kept.
    writer.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add_claim(arguments: &[Value], context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let [element, property, value, source, details] = arguments else { return Ok(vec![Column::nulls(0)]) };
    let Some(subject) = subject(element)? else { return Ok(vec![Column::nulls(0)]) };
    let mut transaction = writer(context);
    let source = source_node(source, &transaction)?;
    let entries = Entries::new(details)?;
    let statement = match property {
        Value::String(key) if !value.is_null() => Statement::Property { key: key.clone(), value: value.clone() },
        Value::String(key) => {
            return Err(ValueError::wrong_value(format!("a claim on `{key}` states a value, not null")).into());
        }
        _ if !value.is_null() => {
            return Err(ValueError::wrong_value("a claim of existence states no value".to_owned()).into());
        }
        _ => Statement::Existence { labels: entries.labels(subject)? },
    };
    let claim = Claim { subject, statement, source, details: entries.details()? };
    Ok(vec![number(transaction.add_claim(claim)?)])
}

fn rank_claim(arguments: &[Value], context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let (id, Value::String(name)) = (claim_id(&arguments[0])?, &arguments[1]) else {
        return Ok(vec![Column::nulls(0)]);
    };
    let Some(id) = id else { return Ok(vec![Column::nulls(0)]) };
    let rank = named_rank(name)?;
    let mut transaction = writer(context);
    let claim = transaction.view().claim(id);
    transaction.retract_claim(id)?;
    let Some(mut claim) = claim else { return Ok(vec![Column::nulls(0)]) };
    claim.details.rank = rank;
    Ok(vec![number(transaction.add_claim(claim)?)])
}

fn retract_claim(arguments: &[Value], context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    if let Some(id) = claim_id(&arguments[0])? {
        writer(context).retract_claim(id)?;
    }
    Ok(Vec::new())
}

fn number(claim: ClaimId) -> Column {
    Column::integers(vec![i64::from(claim.0)])
}

fn claim_id(value: &Value) -> Result<Option<ClaimId>, ValueError> {
    let Value::Integer(number) = value else { return Ok(None) };
    let id = u32::try_from(*number).map_err(|_| {
        ValueError::bad_argument(format!("there is no claim {number}")).with_hint("`claims.of` numbers them")
    })?;
    Ok(Some(ClaimId(id)))
}

fn source_node(source: &Value, transaction: &Transaction) -> Result<NodeId, ValueError> {
    match source {
        Value::Node(node) => Ok(*node),
        Value::String(id) => Particulars::new(transaction.view()).find(id).ok_or_else(|| {
            ValueError::bad_argument(format!("no source has the id `{id}`")).with_hint("`claims.sources` lists them")
        }),
        other => Err(ValueError::wrong_kind(format!("a source is a node or the id of one, not {}", other.kind()))),
    }
}

fn named_rank(name: &str) -> Result<Rank, ValueError> {
    Rank::named(name).ok_or_else(|| {
        ValueError::wrong_value(format!("`{name}` is no rank")).with_hint("ranks are preferred, normal, deprecated")
    })
}

/// The details of a claim, by name.
struct Entries<'a>(Vec<(&'a SmolStr, &'a Value)>);

impl<'a> Entries<'a> {
    fn new(details: &'a Value) -> Result<Entries<'a>, ValueError> {
        let Value::Map(map) = details else { return Ok(Entries(Vec::new())) };
        if let Some((name, _)) = map.iter().find(|(name, _)| !DETAILS.contains(&name.as_str())) {
            let message = format!("a claim has no detail `{name}`");
            return Err(ValueError::wrong_value(message).with_hint(format!("details are {}", DETAILS.join(", "))));
        }
        Ok(Entries(map.iter().collect()))
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|(known, value)| *known == name && !value.is_null()).map(|(_, value)| *value)
    }

    fn text(&self, name: &str) -> Result<SmolStr, ValueError> {
        match self.get(name) {
            None => Ok(SmolStr::default()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => {
                Err(ValueError::wrong_kind(format!("the detail `{name}` is a string, not {}", other.kind())))
            }
        }
    }

    fn labels(&self, subject: Subject) -> Result<Vec<SmolStr>, ValueError> {
        let wrong = || ValueError::wrong_kind("the detail `labels` is a list of strings, for a node".to_owned());
        match (self.get("labels"), subject) {
            (None, _) => Ok(Vec::new()),
            (Some(Value::List(items)), Subject::Node(_)) => {
                let names = items
                    .iter()
                    .map(|item| if let Value::String(name) = item { Ok(name.clone()) } else { Err(wrong()) });
                names.collect()
            }
            _ => Err(wrong()),
        }
    }

    fn details(&self) -> Result<ClaimDetails, ValueError> {
        let as_of = self.get("asOf").cloned().unwrap_or_default();
        if !as_of.is_null() && last_day(&as_of).is_none() {
            return Err(ValueError::wrong_value(format!("the detail `asOf` is a date, not {as_of}")));
        }
        let (rank, comparator) = (self.text("rank")?, self.text("comparator")?);
        Ok(ClaimDetails {
            attributed_to: self.text("attributedTo")?,
            locator: self.text("locator")?,
            as_printed: self.text("asPrinted")?,
            as_of,
            rank: if rank.is_empty() { Rank::default() } else { named_rank(&rank)? },
            note: self.text("note")?,
            unit: self.text("unit")?,
            comparator: match comparator.is_empty() {
                true => Comparator::default(),
                false => Comparator::named(&comparator)
                    .ok_or_else(|| ValueError::wrong_value(format!("`{comparator}` is no comparator")))?,
            },
        })
    }
}
