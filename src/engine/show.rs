//! SHOW: a query over a table that holds what there is to show at this moment.
//!
//! ```text
//! SHOW INDEXES YIELD name WHERE name STARTS WITH 'a'
//! CALL show.indexes() YIELD name WHERE name STARTS WITH 'a' RETURN name
//! ```

use smol_str::SmolStr;

use crate::function;
use crate::graph::{IndexKind, IndexTarget, LabelId, PropertyKeyId, RelationshipTypeId, Snapshot};
use crate::knowledge::ValueType;
use crate::procedure::Registry;
use crate::syntax::ast::{
    self, CallProcedure, Clause, Expression, ExpressionKind, Name, Projection, ProjectionItem, QualifiedName, Return,
    Show, ShowSubject, SingleQuery, Span, With, Yield, YieldForm, YieldItem,
};
use crate::value::Value;

use super::Database;
use super::view::View;

/// What there is to show: a name, the columns with their types, the rows.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, &'static str)],
    rows: Vec<Vec<Value>>,
}

/// Returns the query that a SHOW stands for, and the procedures that it calls.
pub(super) fn query_of(show: Show, view: &View, database: &Database) -> (ast::Query, Registry) {
    let table = table(show.subject, view, database);
    let fields: Vec<String> = table.columns.iter().map(|(name, kind)| format!("{name} :: {kind}")).collect();
    let mut registry = view.registry().clone();
    let signature = format!("{}() :: ({})", table.name, fields.join(", "));
    registry.register_table(&signature, table.rows).expect("a table of ours is as wide as its signature says");
    (query(show, table.name, table.columns), registry)
}

fn query(show: Show, procedure: &str, columns: &[(&str, &str)]) -> ast::Query {
    let span = show.span;
    let all = || columns.iter().map(|(name, _)| YieldItem { field: Name::new(*name, span), variable: None }).collect();
    let items = match show.yields.as_ref().map(|yields| &yields.form) {
        Some(YieldForm::Items(items)) => items.clone(),
        Some(YieldForm::Nothing) => Vec::new(),
        Some(YieldForm::All) | None => all(),
    };
    let filter = show.yields.and_then(|yields| yields.filter).or(show.filter);
    let projection = Projection {
        distinct: false,
        star: false,
        items: items.iter().map(|item| projected(item, span)).collect(),
        order: show.order,
        skip: show.skip,
        limit: show.limit,
        span,
    };
    let call = CallProcedure {
        optional: false,
        name: QualifiedName { parts: procedure.split('.').map(|part| Name::new(part, span)).collect(), span },
        arguments: Some(Vec::new()),
        yields: Some(Yield { form: YieldForm::Items(items), filter, span }),
        span,
    };
    let mut clauses = vec![Clause::CallProcedure(call)];
    match show.returns {
        None => clauses.push(Clause::Return(Return { projection, span })),
        Some(returns) => {
            clauses.push(Clause::With(With { projection, filter: None, span }));
            clauses.push(Clause::Return(returns));
        }
    }
    ast::Query { first: SingleQuery { clauses, span }, unions: Vec::new(), before: None, span }
}

fn projected(item: &YieldItem, span: Span) -> ProjectionItem {
    let name = item.variable.as_ref().unwrap_or(&item.field).text.clone();
    let expression = Expression { kind: ExpressionKind::Variable(name.clone()), span };
    ProjectionItem { expression, alias: None, text: name, span }
}

fn table(subject: ShowSubject, view: &View, database: &Database) -> Table {
    let graph = &view.snapshot;
    let (name, columns, rows): (_, &'static [(&'static str, &'static str)], _) = match subject {
        ShowSubject::Labels => ("show.labels", NAMED, labels(graph)),
        ShowSubject::RelationshipTypes => ("show.types", NAMED, relationship_types(graph)),
        ShowSubject::Properties => ("show.properties", PROPERTY, properties(graph)),
        ShowSubject::Functions => ("show.functions", CALLABLE, functions()),
        ShowSubject::Procedures => ("show.procedures", CALLABLE, procedures(view.registry())),
        ShowSubject::Indexes => ("show.indexes", INDEX, indexes(graph, false)),
        ShowSubject::Constraints => ("show.constraints", CONSTRAINT, indexes(graph, true)),
        ShowSubject::Settings => {
            ("show.settings", &[("name", "STRING?"), ("value", "STRING?")], settings(graph, database))
        }
        ShowSubject::Schema => ("show.schema", SCHEMA, patterns(graph)),
        ShowSubject::GraphTypes => {
            ("show.graph_types", &[("name", "STRING?"), ("elements", "STRING?")], graph_types(graph))
        }
    };
    Table { name, columns, rows }
}

fn graph_types(graph: &Snapshot) -> Vec<Vec<Value>> {
    let kept = graph.catalogue().schema().graph_types.iter();
    kept.map(|(name, elements)| vec![Value::string(name), Value::string(elements)]).collect()
}

const NAMED: &[(&str, &str)] =
    &[("name", "STRING?"), ("also", "LIST<STRING>?"), ("count", "INTEGER?"), ("properties", "LIST<STRING>?")];

const PROPERTY: &[(&str, &str)] = &[
    ("name", "STRING?"),
    ("also", "LIST<STRING>?"),
    ("nodes", "INTEGER?"),
    ("relationships", "INTEGER?"),
    ("type", "STRING?"),
    ("unit", "STRING?"),
];

const SCHEMA: &[(&str, &str)] =
    &[("start", "LIST<STRING>?"), ("type", "STRING?"), ("end", "LIST<STRING>?"), ("count", "INTEGER?")];

const CALLABLE: &[(&str, &str)] =
    &[("name", "STRING?"), ("signature", "STRING?"), ("summary", "STRING?"), ("example", "STRING?")];

const INDEX: &[(&str, &str)] = &[
    ("name", "STRING?"),
    ("kind", "STRING?"),
    ("entity", "STRING?"),
    ("label", "STRING?"),
    ("properties", "LIST<STRING>?"),
];

const CONSTRAINT: &[(&str, &str)] = &[
    ("name", "STRING?"),
    ("kind", "STRING?"),
    ("entity", "STRING?"),
    ("label", "STRING?"),
    ("properties", "LIST<STRING>?"),
    ("type", "STRING?"),
];

fn text(text: impl AsRef<str>) -> Value {
    Value::string(text)
}

fn count(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Returns the other names that a schema declares for one.
fn also(declared: Option<(&String, &Vec<String>)>) -> Value {
    let names = declared.into_iter().flat_map(|(zh, aliases)| [zh].into_iter().chain(aliases));
    Value::list(names.filter(|name| !name.is_empty()).map(text).collect())
}

fn labels(graph: &Snapshot) -> Vec<Vec<Value>> {
    let (catalogue, statistics) = (graph.catalogue(), graph.statistics());
    let row = |(id, name): (LabelId, &SmolStr)| {
        let declared = catalogue.schema().labels.get(name.as_str());
        let listed = declared.and_then(|held| held.properties.as_ref());
        let found = || found_keys(graph, |key| statistics.node_values(Some(id), key) > 0);
        let properties = listed.map_or_else(found, |listed| Value::list(listed.iter().map(text).collect()));
        let names = also(declared.map(|held| (&held.zh, &held.aliases)));
        vec![text(name), names, count(statistics.nodes_with(id)), properties]
    };
    catalogue.labels().map(row).collect()
}

fn relationship_types(graph: &Snapshot) -> Vec<Vec<Value>> {
    let (catalogue, statistics) = (graph.catalogue(), graph.statistics());
    let row = |(id, name): (RelationshipTypeId, &SmolStr)| {
        let declared = catalogue.schema().types.get(name.as_str());
        let found = || found_keys(graph, |key| statistics.relationship_values(Some(id), key) > 0);
        let properties = declared.map_or_else(found, |held| Value::list(held.properties.iter().map(text).collect()));
        let names = also(declared.map(|held| (&held.zh, &held.aliases)));
        vec![text(name), names, count(statistics.relationships_of(id)), properties]
    };
    catalogue.relationship_types().map(row).collect()
}

/// Returns the property keys that are found on some elements, in order of name.
fn found_keys(graph: &Snapshot, is_found: impl Fn(PropertyKeyId) -> bool) -> Value {
    let keys = graph.catalogue().property_keys().filter(|(key, _)| is_found(*key));
    Value::list(keys.map(|(_, name)| text(name)).collect())
}

fn properties(graph: &Snapshot) -> Vec<Vec<Value>> {
    let (catalogue, statistics) = (graph.catalogue(), graph.statistics());
    let row = |(id, name): (PropertyKeyId, &SmolStr)| {
        let declared = catalogue.schema().properties.get(name.as_str());
        let value_type = declared.filter(|held| held.value != ValueType::Any).map(|held| match held.many {
            true => format!("LIST<{}>", held.value.name()),
            false => held.value.name().to_owned(),
        });
        let unit = declared.and_then(|held| held.unit.as_ref());
        let on_relationships = count(statistics.relationship_values(None, id));
        vec![
            text(name),
            also(declared.map(|held| (&held.zh, &held.aliases))),
            count(statistics.node_values(None, id)),
            on_relationships,
            value_type.map_or(Value::Null, text),
            unit.map_or(Value::Null, text),
        ]
    };
    catalogue.property_keys().map(row).collect()
}

fn functions() -> Vec<Vec<Value>> {
    let mut all: Vec<_> = function::all().collect();
    all.sort_by_key(|function| function.name);
    let row = |function: &&function::Function| {
        vec![text(function.name), text(function.to_string()), text(function.summary), text(function.example)]
    };
    all.iter().map(row).collect()
}

fn procedures(registry: &Registry) -> Vec<Vec<Value>> {
    let row = |procedure: &std::sync::Arc<crate::procedure::Procedure>| {
        let signature = &procedure.signature;
        vec![text(&signature.name), text(signature.to_string()), text(procedure.summary), text(procedure.example)]
    };
    registry.all().map(row).collect()
}

fn indexes(graph: &Snapshot, constraints: bool) -> Vec<Vec<Value>> {
    let catalogue = graph.catalogue();
    let wanted = catalogue.indexes().iter().filter(|index| index.kind.is_constraint() == constraints);
    let row = |index: &crate::graph::IndexDefinition| {
        let kind = match index.kind {
            IndexKind::Range => "range",
            IndexKind::Unique => "unique",
            IndexKind::Text => "text",
            IndexKind::Key => "key",
            IndexKind::Exists => "not null",
            IndexKind::Typed(_) => "type",
        };
        let entity = match index.target {
            IndexTarget::Node(_) => "node",
            IndexTarget::Relationship(_) => "relationship",
        };
        let label = catalogue.target_name(index.target);
        let properties = index.keys.iter().map(|key| text(catalogue.property_key_name(*key))).collect();
        let mut row = vec![text(&index.name), text(kind), text(entity), text(label), Value::list(properties)];
        if constraints {
            row.push(if let IndexKind::Typed(types) = index.kind { text(types.words()) } else { Value::Null });
        }
        row
    };
    wanted.map(row).collect()
}

fn settings(graph: &Snapshot, database: &Database) -> Vec<Vec<Value>> {
    let options = database.options();
    let timeout = options.timeout.map_or("none".to_owned(), |timeout| format!("{} ms", timeout.as_millis()));
    let threads = options.threads.map_or("as many as processors".to_owned(), |threads| threads.to_string());
    let folder = options.csv_folder.as_ref().map_or("none".to_owned(), |folder| folder.display().to_string());
    let settings = [
        ("csv folder", folder),
        ("graph closed", graph.catalogue().schema().graph.closed.to_string()),
        ("lock timeout", format!("{} ms", options.lock_timeout.as_millis())),
        ("memory limit", format!("{} bytes", database.memory_limit_bytes())),
        ("read only", options.read_only.to_string()),
        ("requires sources", graph.catalogue().schema().graph.requires_sources.to_string()),
        ("threads", threads),
        ("timeout", timeout),
    ];
    settings.into_iter().map(|(name, value)| vec![text(name), text(value)]).collect()
}

/// Returns which labels each type joins: those that the schema declares, else those that its relationships have at their ends.
fn patterns(graph: &Snapshot) -> Vec<Vec<Value>> {
    let (catalogue, statistics) = (graph.catalogue(), graph.statistics());
    let row = |(kind, name): (RelationshipTypeId, &SmolStr)| {
        let declared = catalogue.schema().types.get(name.as_str());
        let labels_where = |is_there: &dyn Fn(LabelId) -> bool| -> Value {
            let found = catalogue.labels().filter(|(label, _)| is_there(*label));
            Value::list(found.map(|(_, label)| text(label)).collect())
        };
        let written = |labels: &Vec<String>| Value::list(labels.iter().map(text).collect());
        let start = match declared.map(|held| &held.from).filter(|labels| !labels.is_empty()) {
            Some(labels) => written(labels),
            None => labels_where(&|label| statistics.relationships_between(Some(kind), Some(label), None) > 0),
        };
        let end = match declared.map(|held| &held.to).filter(|labels| !labels.is_empty()) {
            Some(labels) => written(labels),
            None => labels_where(&|label| statistics.relationships_between(Some(kind), None, Some(label)) > 0),
        };
        vec![start, text(name), end, count(statistics.relationships_of(kind))]
    };
    catalogue.relationship_types().map(row).collect()
}
