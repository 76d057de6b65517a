//! The engine under test: text to bound query, and a bound query to rows, with rewrites switched off at will.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use smol_str::SmolStr;

use super::model::{Model, Node, Relationship};
use crate::binder::bound::BoundQuery;
use crate::binder::{Binder, Environment, KnownNames, NameKind};
use crate::executor::{Context, Flow, Guard, run_whole};
use crate::function::{Clock, GraphReader};
use crate::graph::{Direction, Scratch, Snapshot, Transaction};
use crate::planner;
use crate::planner::physical::{PhysicalPlan, PhysicalQuery};
use crate::procedure::Registry;
use crate::syntax::ast::StatementBody;
use crate::syntax::parse_statement;
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Batch, Threads};

/// What the engine gives.
#[derive(Clone, Debug)]
pub enum Given {
    /// Rows, and the graph afterwards.
    Rows(Vec<Vec<Value>>, Snapshot),
    /// An error.
    Error(String),
    /// It took too long.
    TooMuch,
    /// It broke down.
    Panic(String),
}

/// The names of a graph without aliases.
struct StoredNames<'s>(&'s Snapshot);

impl KnownNames for StoredNames<'_> {
    fn resolve_alias(&self, _: NameKind, _: &str) -> Option<SmolStr> {
        None
    }

    fn knows(&self, kind: NameKind, name: &str) -> bool {
        match kind {
            NameKind::Label => self.0.catalogue().label_id(name).is_some(),
            NameKind::RelationshipType => self.0.catalogue().relationship_type_id(name).is_some(),
            NameKind::PropertyKey => self.0.catalogue().property_key_id(name).is_some(),
        }
    }

    fn all(&self, _: NameKind) -> Vec<SmolStr> {
        Vec::new()
    }
}

/// The names of the parameters that a query may use.
pub const PARAMETERS: [&str; 6] = ["i", "f", "s", "b", "l", "none"];

/// Returns the value of a parameter: one that is in random graphs, so that it finds something.
pub fn parameter(name: &str) -> Value {
    match name {
        "i" => Value::Integer(1),
        "f" => Value::Float(1.5),
        "s" => Value::string("a"),
        "b" => Value::Boolean(true),
        "l" => Value::list(vec![Value::Integer(1), Value::Null, Value::Integer(2)]),
        _ => Value::Null,
    }
}

/// Returns what a text means on a graph, or why it means nothing.
pub fn bind(text: &str, snapshot: &Snapshot) -> Result<BoundQuery, String> {
    let statement = parse_statement(text).map_err(|error| format!("{error:?}"))?;
    if !matches!(statement.body, StatementBody::Query(_)) {
        return Err("this is no query".to_owned());
    }
    let registry: Vec<crate::procedure::Signature> = Vec::new();
    let given = PARAMETERS.map(|name| (SmolStr::new_static(name), parameter(name).kind()));
    let environment = Environment { names: &StoredNames(snapshot), procedures: &registry, parameters: Some(&given) };
    match catch_unwind(AssertUnwindSafe(|| Binder::bind(&statement, text, &environment))) {
        Ok(Ok(binding)) => Ok(binding.query),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("PANIC in the binder".to_owned()),
    }
}

/// Answers a bound query without some of the planner's rules.
pub fn answer(query: &BoundQuery, snapshot: &Snapshot, switched_off: &[&'static str]) -> Given {
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let plan = planner::plan(query, snapshot, switched_off);
        // Plans are run in parts also where it is not worth it, unless that is switched off.
        static MANY: LazyLock<Threads> = LazyLock::new(|| Threads::for_any_task(2));
        static ONE: LazyLock<Threads> = LazyLock::new(|| Threads::new(1));
        run_plan(&plan, snapshot, if switched_off.contains(&"parts") { &ONE } else { &MANY })
    }));
    match ran {
        Ok(given) => given,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
            Given::Panic(words.unwrap_or_default())
        }
    }
}

fn run_plan(plan: &PhysicalQuery, snapshot: &Snapshot, threads: &Threads) -> Given {
    let guard = Guard::new(Arc::default(), (Instant::now(), Some(Duration::from_secs(10))), 1 << 28, None);
    let registry = Registry::default();
    let parameters: Vec<Value> = plan.parameters.iter().map(|name| parameter(name)).collect();
    let transaction = plan.writes.then(|| Mutex::new(Transaction::begin(snapshot.clone())));
    let context = Context {
        query: plan,
        snapshot: snapshot.clone(),
        transaction: transaction.as_ref(),
        parameters: &parameters,
        clock: Clock::fixed(0),
        guard: &guard,
        procedures: &registry,
        csv_folder: None,
        cache: Arc::default(),
        profile: None,
        parts: None,
        threads,
        part: None,
        builds: Arc::default(),
    };
    let mut rows = Vec::new();
    let outcome = run_whole(&plan.root, &Batch::new(1), &context, &mut |batch: Batch| {
        for row in 0..batch.rows() {
            rows.push(plan.columns.iter().map(|column| batch.value(column.slot, row)).collect());
        }
        Ok(Flow::Continue)
    });
    if let Err(error) = outcome {
        let words = error.to_string();
        return if words.contains("longer than") { Given::TooMuch } else { Given::Error(words) };
    }
    let Some(held) = transaction else { return Given::Rows(rows, snapshot.clone()) };
    let mut transaction = held.into_inner().expect("nobody panicked with it");
    if transaction.dangling().is_some() {
        return Given::Error("a deleted node has relationships".to_owned());
    }
    match transaction.commit() {
        Ok((after, _)) => Given::Rows(rows, after),
        Err(error) => Given::Error(error.to_string()),
    }
}

/// Returns the names of the operators of a plan.
pub fn operators(query: &BoundQuery, snapshot: &Snapshot) -> Vec<String> {
    fn gather(plan: &PhysicalPlan, names: &mut Vec<String>) {
        let words = format!("{:?}", plan.operator);
        names.push(words.chars().take_while(|character| character.is_alphanumeric()).collect());
        plan.children.iter().for_each(|child| gather(child, names));
    }
    let mut names = Vec::new();
    let planned = catch_unwind(AssertUnwindSafe(|| planner::plan(query, snapshot, &[])));
    if let Ok(plan) = planned {
        gather(&plan.root, &mut names);
        plan.subqueries.iter().for_each(|subquery| gather(&subquery.plan, &mut names));
    }
    names
}

/// Reads a whole graph out, once by relationships and once by neighbours.
///
/// # Errors
/// Where the two do not agree, in words.
pub fn read_out(snapshot: &Snapshot) -> Result<Model, String> {
    let known_labels = snapshot.catalogue().labels().map(|(_, name)| name.clone()).collect();
    let mut model = Model { known_labels, ..Model::default() };
    let mut nodes = Vec::new();
    (0..snapshot.chunk_count()).for_each(|chunk| snapshot.scan_chunk(chunk, None, &mut nodes));
    for id in nodes {
        let labels = GraphReader::labels(snapshot, NodeId(id)).unwrap_or_default().into_iter().collect();
        let properties = GraphReader::node_properties(snapshot, NodeId(id)).unwrap_or_default();
        let properties = properties.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        model.nodes.insert(id, Node { labels, properties });
    }
    let mut relationships = Vec::new();
    (0..snapshot.relationship_chunk_count())
        .for_each(|chunk| snapshot.scan_relationships(None, chunk, &mut relationships));
    for id in relationships {
        let record = snapshot.relationship(RelationshipId(id)).ok_or("a relationship scanned is not there")?;
        let properties = GraphReader::relationship_properties(snapshot, RelationshipId(id)).unwrap_or_default();
        let properties = properties.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let kind = snapshot.catalogue().relationship_type_name(record.kind).clone();
        model.relationships.insert(id, Relationship { kind, start: record.start, end: record.end, properties });
    }
    check_neighbours(snapshot, &model)?;
    if snapshot.node_count() != model.nodes.len() as u64 {
        return Err(format!("{} nodes are counted, {} are there", snapshot.node_count(), model.nodes.len()));
    }
    if snapshot.relationship_count() != model.relationships.len() as u64 {
        return Err("relationships are counted wrong".to_owned());
    }
    Ok(model)
}

fn check_neighbours(snapshot: &Snapshot, model: &Model) -> Result<(), String> {
    for (direction, start_known) in [(Direction::Outgoing, true), (Direction::Incoming, false)] {
        let mut met = Vec::new();
        for (kind, _) in snapshot.catalogue().relationship_types() {
            for node in model.nodes.keys() {
                let mut scratch = Scratch::default();
                let neighbours = snapshot.neighbours(kind, direction, NodeId(*node), &mut scratch);
                let mut ids = Vec::new();
                neighbours.relationships_into(&mut ids);
                for (id, other) in ids.into_iter().zip(neighbours.nodes.iter()) {
                    let ends = if start_known { (*node, *other) } else { (*other, *node) };
                    met.push((id, ends));
                }
            }
        }
        met.sort_unstable();
        let held: Vec<_> = model.relationships.iter().map(|(id, held)| (*id, (held.start.0, held.end.0))).collect();
        if met != held {
            return Err(format!("neighbours differ from relationships: {met:?} against {held:?}"));
        }
    }
    Ok(())
}
