//! Procedures on claims: who says what of an element, which sources speak, where they disagree.

use smol_str::SmolStr;

use crate::graph::{Particulars, Snapshot};
use crate::knowledge::{Claim, ClaimId, Reason, Statement, Subject};
use crate::value::{GroupKey, Kind, NodeId, Value, ValueError};
use crate::vector::{Column, ColumnBuilder};

use super::schema::{builtin, integer, strings, text};
use super::{Field, FieldKind, Procedure, ProcedureError};

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    let field = |name: &str, kind| Field::new(name, FieldKind::OneOf(vec![kind]));
    let any = |name: &str| Field::new(name, FieldKind::Any);
    let node = |name: &str| field(name, Kind::Node);
    let elements = Field::new("element", FieldKind::Any);
    let mut procedures = vec![
        builtin(
            "claims.of",
            std::slice::from_ref(&elements),
            &[
                integer("claim"),
                text("property"),
                any("value"),
                node("source"),
                text("title"),
                any("published"),
                any("asOf"),
                text("rank"),
                text("comparator"),
                text("unit"),
                text("asPrinted"),
                text("locator"),
                text("attributedTo"),
                text("note"),
                field("wins", Kind::Boolean),
            ],
            "lists the claims on a node or relationship; a claim without property says that the element exists",
            "MATCH (n) CALL claims.of(n) YIELD property, value, source, wins RETURN *",
            |arguments, context| claims_of(&arguments[0], context.snapshot),
        ),
        builtin(
            "claims.sources",
            &[],
            &[node("source"), any("id"), text("title"), any("published"), text("kind"), integer("claims")],
            "lists the sources that state anything, and how many claims each makes",
            "CALL claims.sources() YIELD source, title, claims",
            |_, context| Ok(sources(context.snapshot)),
        ),
        builtin(
            "claims.conflicts",
            &[elements.or(Value::Null)],
            &[
                any("element"),
                text("property"),
                any("value"),
                Field::new("values", FieldKind::ListOf(Box::new(FieldKind::Any))),
                Field::new("sources", FieldKind::ListOf(Box::new(FieldKind::OneOf(vec![Kind::Node])))),
                text("decidedBy"),
                field("tie", Kind::Boolean),
                text("name"),
                Field::new("statements", FieldKind::ListOf(Box::new(FieldKind::OneOf(vec![Kind::Map])))),
                Field::new("claims", FieldKind::ListOf(Box::new(FieldKind::OneOf(vec![Kind::Integer])))),
            ],
            "lists where claims disagree: the value that wins, all values stated, what decided, and in `statements` who says what, where and \
             as of when; of one element or of all",
            "CALL claims.conflicts() YIELD name, property, value, statements, decidedBy",
            |arguments, context| conflicts(&arguments[0], context.snapshot),
        ),
    ];
    for procedure in &mut procedures {
        let names = procedure.signature.outputs.iter().map(|output| output.name.as_str());
        procedure.signature.cites =
            names.enumerate().find(|(_, name)| matches!(*name, "claim" | "claims")).map(|(at, _)| at);
    }
    // There `claims` is a number of claims.
    procedures[1].signature.cites = None;
    procedures
}

/// Returns the element that a value is; none of null.
pub(super) fn subject(value: &Value) -> Result<Option<Subject>, ValueError> {
    match value {
        Value::Null => Ok(None),
        Value::Node(node) => Ok(Some(Subject::Node(*node))),
        Value::Relationship(relationship) => Ok(Some(Subject::Relationship(*relationship))),
        other => {
            Err(ValueError::wrong_kind(format!("claims speak of a NODE or RELATIONSHIP, not of {}", other.kind())))
        }
    }
}

fn element(subject: Subject) -> Value {
    match subject {
        Subject::Node(node) => Value::Node(node),
        Subject::Relationship(relationship) => Value::Relationship(relationship),
    }
}

fn claims_of(value: &Value, snapshot: &Snapshot) -> Result<Vec<Column>, ProcedureError> {
    const COLUMNS: usize = 15;
    let mut columns: Vec<ColumnBuilder> = (0..COLUMNS).map(|_| ColumnBuilder::default()).collect();
    let Some(subject) = subject(value)? else { return Ok(finish(columns)) };
    let particulars = Particulars::new(snapshot);
    for id in snapshot.claims_of(subject) {
        let Some(claim) = snapshot.claim(id) else { continue };
        for (column, value) in columns.iter_mut().zip(row(id, claim, &particulars)) {
            column.push(value);
        }
    }
    Ok(finish(columns))
}

fn finish(columns: Vec<ColumnBuilder>) -> Vec<Column> {
    columns.into_iter().map(ColumnBuilder::finish).collect()
}

/// Returns what is told of one claim, in the order of the result columns.
fn row(id: ClaimId, claim: Claim, particulars: &Particulars<'_>) -> [Value; 15] {
    let snapshot = particulars.snapshot();
    let (property, value, wins) = match claim.statement {
        Statement::Existence { labels } => (Value::Null, labels_value(labels), Value::Null),
        Statement::Property { key, value } => {
            let key_id = snapshot.catalogue().property_key_id(&key);
            let wins = key_id.is_some_and(|key| snapshot.resolution(claim.subject, key).winners.contains(&id));
            (Value::String(key), value, Value::Boolean(wins))
        }
    };
    let details = claim.details;
    [
        Value::Integer(id.0.into()),
        property,
        value,
        Value::Node(claim.source),
        particulars.title(claim.source),
        particulars.published(claim.source),
        details.as_of,
        Value::string(details.rank.name()),
        Value::string(details.comparator.name()),
        given(details.unit),
        given(details.as_printed),
        given(details.locator),
        given(details.attributed_to),
        given(details.note),
        wins,
    ]
}

/// Labels stated by a claim of existence; null where it states none.
fn labels_value(labels: Vec<SmolStr>) -> Value {
    if labels.is_empty() { Value::Null } else { Value::list(labels.into_iter().map(Value::String).collect()) }
}

/// A text, or null where none was given.
fn given(text: SmolStr) -> Value {
    if text.is_empty() { Value::Null } else { Value::String(text) }
}

fn sources(snapshot: &Snapshot) -> Vec<Column> {
    let particulars = Particulars::new(snapshot);
    let sources = snapshot.claiming_sources();
    let each = |read: &dyn Fn(NodeId) -> Value| Column::from_values(sources.iter().map(|source| read(*source)));
    vec![
        Column::Node(sources.iter().map(|source| source.0).collect()),
        each(&|source| particulars.id(source)),
        each(&|source| particulars.title(source)),
        each(&|source| particulars.published(source)),
        each(&|source| particulars.kind(source)),
        each(&|source| Value::Integer(snapshot.count_claims_by_source(source) as i64)),
    ]
}

fn conflicts(of: &Value, snapshot: &Snapshot) -> Result<Vec<Column>, ProcedureError> {
    let found = match subject(of)? {
        Some(subject) => snapshot.conflicts_of(subject),
        None => snapshot.conflicts(),
    };
    let catalogue = snapshot.catalogue();
    let value = |subject, key| match subject {
        Subject::Node(node) => snapshot.node_property(node, key),
        Subject::Relationship(relationship) => snapshot.relationship_property(relationship, key),
    };
    let stated = |claims: &[ClaimId]| {
        let mut values: Vec<Value> = Vec::new();
        let mut seen = hashbrown::HashSet::new();
        for claim in claims.iter().filter_map(|claim| snapshot.claim(*claim)) {
            if let Statement::Property { value, .. } = claim.statement
                && seen.insert(GroupKey(value.clone()))
            {
                values.push(value);
            }
        }
        Value::list(values)
    };
    let speaking = |claims: &[ClaimId]| {
        let mut nodes: Vec<NodeId> =
            claims.iter().filter_map(|claim| snapshot.claim(*claim)).map(|claim| claim.source).collect();
        nodes.sort_unstable();
        nodes.dedup();
        Value::list(nodes.into_iter().map(Value::Node).collect())
    };
    Ok(vec![
        Column::from_values(found.iter().map(|conflict| element(conflict.subject))),
        strings(found.iter().map(|conflict| catalogue.property_key_name(conflict.key).clone())),
        Column::from_values(found.iter().map(|conflict| value(conflict.subject, conflict.key))),
        Column::from_values(found.iter().map(|conflict| stated(&conflict.claims))),
        Column::from_values(found.iter().map(|conflict| speaking(&conflict.claims))),
        strings(found.iter().map(|conflict| SmolStr::new_static(word(conflict.resolution.reason)))),
        Column::booleans(found.iter().map(|conflict| conflict.resolution.tie).collect()),
        strings(found.iter().map(|conflict| snapshot.name_of(conflict.subject))),
        Column::from_values(found.iter().map(|conflict| {
            let winners = &conflict.resolution.winners;
            Value::list(conflict.claims.iter().filter_map(|claim| statement(*claim, winners, snapshot)).collect())
        })),
        Column::from_values(
            found.iter().map(|conflict| {
                Value::list(conflict.claims.iter().map(|claim| Value::Integer(claim.0.into())).collect())
            }),
        ),
    ])
}

/// Returns who states what, where and as of when, as a map.
fn statement(id: ClaimId, winners: &[ClaimId], snapshot: &Snapshot) -> Option<Value> {
    let claim = snapshot.claim(id)?;
    let Statement::Property { value, .. } = claim.statement else { return None };
    let details = claim.details;
    let entries = [
        ("source", Particulars::new(snapshot).id(claim.source)),
        ("value", value),
        ("comparator", Value::string(details.comparator.name())),
        ("asOf", details.as_of),
        ("rank", Value::string(details.rank.name())),
        ("locator", given(details.locator)),
        ("asPrinted", given(details.as_printed)),
        ("wins", Value::Boolean(winners.contains(&id))),
    ];
    Some(Value::Map(entries.into_iter().map(|(key, value)| (SmolStr::new_static(key), value)).collect()))
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::OnlyValue => "only value",
        Reason::Rank => "rank",
        Reason::AsOf => "as of",
        Reason::Published => "published",
        Reason::Precision => "precision",
        Reason::Majority => "majority",
        Reason::All => "all",
        Reason::Tie => "tie",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::super::sample::{ask_with, column};
    use super::super::{NoInterrupt, ProcedureContext, Registry};
    use super::*;
    use crate::graph::Transaction;
    use crate::knowledge::{Schema, SourceDeclaration};
    use crate::vector::Threads;

    /// A thing that two sources date in different years.
    fn dated() -> Snapshot {
        let mut graph = Transaction::begin(Snapshot::empty());
        let source = SourceDeclaration { label: "Source".into(), title: "name".into(), ..SourceDeclaration::default() };
        graph.declare_schema(Schema { source: Some(source), ..Schema::default() }).expect("it can be declared");
        let (name, label) = (graph.property_key("name").expect("a name"), graph.label("Source").expect("a name"));
        let thing = graph.create_node(&[]).expect("there is room");
        for (title, year) in [("Report", 2016), ("Article", 2017)] {
            let source = graph.create_node(&[label]).expect("there is room");
            graph.set_node_property(source, name, Value::string(title)).expect("it can be stored");
            let statement = Statement::Property { key: "begun".into(), value: Value::Integer(year) };
            graph.add_claim(Claim::new(Subject::Node(thing), statement, source)).expect("it can be claimed");
        }
        graph.commit().expect("nothing is left hanging").0
    }

    fn thing_node(snapshot: &Snapshot) -> String {
        let Subject::Node(node) = snapshot.conflicts()[0].subject else { panic!("the thing is a node") };
        format!("#{}", node.0)
    }

    #[test]
    fn claims_say_who_states_what_and_who_wins() {
        let snapshot = dated();
        let rows = ask_with(&snapshot, "claims.of", &[&thing_node(&snapshot)]).expect("it runs");
        assert_eq!(column(&rows, 1), ["'begun'", "'begun'"]);
        assert_eq!(column(&rows, 2), ["2016", "2017"]);
        assert_eq!(column(&rows, 4), ["'Report'", "'Article'"]);
        assert_eq!(column(&rows, 14), ["true", "false"]);
        assert_eq!(ask_with(&snapshot, "claims.of", &["null"]), Ok(vec![]));
        assert!(ask_with(&snapshot, "claims.of", &["1"]).is_err());
        let rows = ask_with(&snapshot, "claims.sources", &[]).expect("it runs");
        assert_eq!(column(&rows, 2), ["'Report'", "'Article'"]);
        assert_eq!(column(&rows, 5), ["1", "1"]);
    }

    #[test]
    fn conflicts_name_all_values_and_what_decided() {
        let snapshot = dated();
        let rows = ask_with(&snapshot, "claims.conflicts", &[]).expect("it runs");
        assert_eq!(column(&rows, 2), ["2016"]);
        assert_eq!(column(&rows, 3), ["[2016, 2017]"]);
        assert_eq!(column(&rows, 5), ["'tie'"]);
        assert_eq!(ask_with(&snapshot, "claims.conflicts", &[&thing_node(&snapshot)]), Ok(rows));
    }

    #[test]
    fn a_claim_can_be_taken_back() {
        let snapshot = dated();
        let claim = snapshot.conflicts()[0].resolution.winners[0];
        let (registry, writer) = (Registry::default(), Mutex::new(Transaction::begin(snapshot.clone())));
        let interrupt = &NoInterrupt;
        let context = ProcedureContext {
            snapshot: &snapshot,
            registry: &registry,
            interrupt,
            threads: &Threads::new(1),
            writer: Some(&writer),
        };
        let retract = registry.find("claims.retract").expect("it is built in");
        assert!(retract.call(&[Value::Integer(claim.0.into())], &context).is_ok());
        assert!(retract.call(&[Value::Integer(claim.0.into())], &context).is_err(), "it is gone");
        assert!(retract.call(&[Value::Integer(-1)], &context).is_err());
        let settled = writer.into_inner().expect("nobody panicked").commit().expect("nothing is left hanging").0;
        assert!(settled.conflicts().is_empty());
    }
}
