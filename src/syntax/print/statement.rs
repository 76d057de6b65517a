//! Statements, queries and schema statements as text.

use super::{Printer, quote_string};
use crate::syntax::ast::{
    AlterGraph, Clause, CreateConstraint, CreateIndex, Drop, ElementKind, ElementType, IndexKind, LensPrefix, Name,
    PropertyType, Query, Requirement, ResolutionRule, SchemaStatement, SchemaTarget, Show, ShowSubject, Statement,
    StatementBody, StatementMode, TextOrParameter, TextOrParameterKind, TransactionStatement, ValueType,
};

impl Printer {
    /// Adds a statement.
    pub(super) fn statement(&mut self, statement: &Statement) {
        self.put(match statement.mode {
            StatementMode::Run => "",
            StatementMode::Explain => "EXPLAIN ",
            StatementMode::Profile => "PROFILE ",
        });
        self.lens(&statement.lens);
        match &statement.body {
            StatementBody::Query(query) => self.query(query),
            StatementBody::Transaction(transaction) => self.put(match transaction {
                TransactionStatement::Begin { read_only: false } => "BEGIN",
                TransactionStatement::Begin { read_only: true } => "BEGIN READ ONLY",
                TransactionStatement::Commit => "COMMIT",
                TransactionStatement::Rollback => "ROLLBACK",
            }),
            StatementBody::Schema(schema) => self.schema(schema),
            StatementBody::Show(show) => self.show(show),
        }
    }

    /// Adds the prefixes.
    pub(super) fn lens(&mut self, lens: &LensPrefix) {
        self.put(if lens.cite.is_some() { "CITE " } else { "" });
        if let Some(as_of) = &lens.as_of {
            self.put("AS OF ");
            self.text_or_parameter(&as_of.date);
            self.put(" ");
        }
        if let Some(according_to) = &lens.according_to {
            self.put(if according_to.only { "ACCORDING TO ONLY " } else { "ACCORDING TO " });
            self.list(&according_to.sources, ", ", Printer::text_or_parameter);
            self.put(" ");
        }
        if let Some(resolve_by) = &lens.resolve_by {
            self.put(match resolve_by.rule {
                ResolutionRule::Rank => "RESOLVE BY rank ",
                ResolutionRule::Latest => "RESOLVE BY latest ",
                ResolutionRule::Earliest => "RESOLVE BY earliest ",
                ResolutionRule::Majority => "RESOLVE BY majority ",
                ResolutionRule::All => "RESOLVE BY all ",
            });
        }
    }

    fn text_or_parameter(&mut self, value: &TextOrParameter) {
        match &value.kind {
            TextOrParameterKind::Text(text) => {
                let quoted = quote_string(text);
                self.put(&quoted);
            }
            TextOrParameterKind::Parameter(name) => self.parameter(name),
        }
    }

    /// Adds a query.
    pub(super) fn query(&mut self, query: &Query) {
        if let Some(before) = &query.before {
            self.query(before);
            self.put(" NEXT ");
        }
        self.list(&query.first.clauses, " ", Printer::clause);
        for union in &query.unions {
            self.put(if union.all { " UNION ALL " } else { " UNION " });
            self.list(&union.query.clauses, " ", Printer::clause);
        }
    }

    fn schema(&mut self, statement: &SchemaStatement) {
        match statement {
            SchemaStatement::CreateIndex(index) => self.create_index(index),
            SchemaStatement::CreateConstraint(constraint) => self.create_constraint(constraint),
            SchemaStatement::DropIndex(drop) => self.drop_object("DROP INDEX ", drop),
            SchemaStatement::DropConstraint(drop) => self.drop_object("DROP CONSTRAINT ", drop),
            SchemaStatement::AlterGraph(AlterGraph::Closed) => self.put("ALTER GRAPH SET CLOSED"),
            SchemaStatement::AlterGraph(AlterGraph::Open) => self.put("ALTER GRAPH SET OPEN"),
            SchemaStatement::AlterGraph(AlterGraph::Type(types)) => {
                self.put("ALTER GRAPH SET TYPE ");
                self.graph_type(types);
            }
            SchemaStatement::AlterGraph(AlterGraph::NamedType(name)) => {
                self.put("ALTER GRAPH SET TYPE ");
                self.schema_name(name);
            }
            SchemaStatement::CreateGraphType(created) => {
                self.put(if created.or_replace { "CREATE OR REPLACE GRAPH TYPE " } else { "CREATE GRAPH TYPE " });
                self.put(if created.if_not_exists { "IF NOT EXISTS " } else { "" });
                self.object_name(&created.name);
                self.graph_type(&created.elements);
            }
            SchemaStatement::DropGraphType(drop) => self.drop_object("DROP GRAPH TYPE ", drop),
        }
    }

    /// Adds what elements a graph may have.
    pub(super) fn graph_type(&mut self, types: &[ElementType]) {
        self.put("{");
        self.list(types, ", ", Printer::element_type);
        self.put("}");
    }

    fn element_type(&mut self, element: &ElementType) {
        match element {
            ElementType::Node { label, properties } => {
                self.put("(:");
                self.schema_name(label);
                self.property_types(properties);
                self.put(")");
            }
            ElementType::Relationship { from, name, to, properties } => {
                self.graph_end(from);
                self.put("-[:");
                self.schema_name(name);
                self.property_types(properties);
                self.put("]->");
                self.graph_end(to);
            }
        }
    }

    fn graph_end(&mut self, labels: &[Name]) {
        self.put(if labels.is_empty() { "(" } else { "(:" });
        self.list(labels, "|", Printer::schema_name);
        self.put(")");
    }

    fn property_types(&mut self, properties: &[PropertyType]) {
        if properties.is_empty() {
            return;
        }
        self.put(" {");
        self.list(properties, ", ", |printer, property| {
            printer.schema_name(&property.name);
            printer.put(" :: ");
            printer.value_type(&property.value_type);
        });
        self.put("}");
    }

    fn drop_object(&mut self, words: &str, drop: &Drop) {
        self.put(words);
        self.object_name(&drop.name);
        self.put(if drop.if_exists { "IF EXISTS" } else { "" });
        self.text.truncate(self.text.trim_end().len());
    }

    /// Adds an index's or constraint's name; words that go on with the statement need backticks.
    fn object_name(&mut self, name: &Name) {
        match name.text.eq_ignore_ascii_case("if") || name.text.eq_ignore_ascii_case("for") {
            true => self.put(&format!("`{}`", name.text)),
            false => self.schema_name(name),
        }
        self.put(" ");
    }

    fn create_index(&mut self, index: &CreateIndex) {
        self.put(match index.kind {
            IndexKind::Range => "CREATE INDEX ",
            IndexKind::Text => "CREATE TEXT INDEX ",
        });
        self.object_head(index.name.as_ref(), index.if_not_exists, &index.target);
        self.put(" ON (");
        self.schema_properties(&index.target, &index.properties);
        self.put(")");
    }

    fn object_head(&mut self, name: Option<&Name>, if_not_exists: bool, target: &SchemaTarget) {
        if let Some(name) = name {
            self.object_name(name);
        }
        self.put(if if_not_exists { "IF NOT EXISTS FOR " } else { "FOR " });
        self.put(if target.kind == ElementKind::Node { "(" } else { "()-[" });
        self.variable(&target.variable);
        self.put(":");
        self.schema_name(&target.label);
        self.put(if target.kind == ElementKind::Node { ")" } else { "]-()" });
    }

    fn schema_properties(&mut self, target: &SchemaTarget, properties: &[Name]) {
        self.list(properties, ", ", |printer, key| {
            printer.variable(&target.variable);
            printer.put(".");
            printer.schema_name(key);
        });
    }

    fn create_constraint(&mut self, constraint: &CreateConstraint) {
        self.put("CREATE CONSTRAINT ");
        self.object_head(constraint.name.as_ref(), constraint.if_not_exists, &constraint.target);
        self.put(" REQUIRE (");
        self.schema_properties(&constraint.target, &constraint.properties);
        self.put(") IS ");
        match &constraint.requirement {
            Requirement::Unique => self.put("UNIQUE"),
            Requirement::Key => self.put("KEY"),
            Requirement::NotNull => self.put("NOT NULL"),
            Requirement::Type(value_type) => {
                self.put(":: ");
                self.value_type(value_type);
            }
        }
    }

    /// Adds a type in a place where a bare `|` would not be its own.
    pub(super) fn single_type(&mut self, value_type: &ValueType) {
        match value_type {
            ValueType::OneOf(types) => {
                self.put("ANY<");
                self.list(types, " | ", Printer::single_type);
                self.put(">");
            }
            other => self.value_type(other),
        }
    }

    /// Adds a type.
    pub(super) fn value_type(&mut self, value_type: &ValueType) {
        let word = match value_type {
            ValueType::Boolean => "BOOLEAN",
            ValueType::Integer => "INTEGER",
            ValueType::Float => "FLOAT",
            ValueType::String => "STRING",
            ValueType::Date => "DATE",
            ValueType::LocalTime => "LOCAL TIME",
            ValueType::Time => "ZONED TIME",
            ValueType::LocalDateTime => "LOCAL DATETIME",
            ValueType::DateTime => "ZONED DATETIME",
            ValueType::Duration => "DURATION",
            ValueType::Map => "MAP",
            ValueType::Node => "NODE",
            ValueType::Relationship => "RELATIONSHIP",
            ValueType::Path => "PATH",
            ValueType::PartialDate => "PARTIAL DATE",
            ValueType::Literal => "LITERAL",
            ValueType::PropertyValue => "PROPERTY VALUE",
            ValueType::Null => "NULL",
            ValueType::Nothing => "NOTHING",
            ValueType::Any => "ANY",
            ValueType::List(inner) => {
                self.put("LIST<");
                self.value_type(inner);
                ">"
            }
            ValueType::NotNull(inner) => {
                self.single_type(inner);
                " NOT NULL"
            }
            ValueType::OneOf(types) => {
                self.list(types, " | ", Printer::single_type);
                ""
            }
        };
        self.put(word);
    }

    fn show(&mut self, show: &Show) {
        self.put(match show.subject {
            ShowSubject::Labels => "SHOW LABELS",
            ShowSubject::RelationshipTypes => "SHOW TYPES",
            ShowSubject::Properties => "SHOW PROPERTIES",
            ShowSubject::Functions => "SHOW FUNCTIONS",
            ShowSubject::Procedures => "SHOW PROCEDURES",
            ShowSubject::Indexes => "SHOW INDEXES",
            ShowSubject::Constraints => "SHOW CONSTRAINTS",
            ShowSubject::Settings => "SHOW SETTINGS",
            ShowSubject::Schema => "SHOW SCHEMA",
            ShowSubject::GraphTypes => "SHOW GRAPH TYPES",
        });
        if let Some(yields) = &show.yields {
            self.put(" ");
            self.yields(yields);
        }
        self.filter(show.filter.as_ref());
        self.row_bounds(&show.order, show.skip.as_ref(), show.limit.as_ref());
        if let Some(returns) = &show.returns {
            self.put(" ");
            self.clause(&Clause::Return(returns.clone()));
        }
    }
}
