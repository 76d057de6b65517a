//! Text to plan: parse, bind, plan; or the plan that was made for the same text before.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::binder::{Binder, Environment};
use crate::diagnostic::{Diagnostic, Span};
use crate::planner;
use crate::planner::physical::PhysicalQuery;
use crate::procedure::Registry;
use crate::syntax::ast::{self, SchemaStatement, StatementBody, StatementMode, TransactionStatement};
use crate::syntax::parse_statement;

use super::environment::{GraphNames, RegisteredProcedures};
use super::error::{Error, StateError};
use super::view::View;
use super::{Connection, Database, Parameters, show};

/// What is to be done for a text.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// A query.
    Query(Box<QueryPlan>),
    /// A change of indexes or constraints.
    Schema(SchemaStatement),
    /// The begin or end of a transaction.
    Transaction(TransactionStatement),
}

impl Plan {
    /// Says whether what it takes for granted of the graph holds in a view.
    fn holds(&self, view: &View) -> bool {
        match self {
            Plan::Query(query) => query.physical.holds(&view.snapshot),
            Plan::Schema(_) | Plan::Transaction(_) => true,
        }
    }
}

/// A query ready to run.
#[derive(Clone, Debug)]
pub(super) struct QueryPlan {
    /// Its plan.
    pub(super) physical: PhysicalQuery,
    /// Whether to run it, or to show the plan.
    pub(super) mode: StatementMode,
    /// What is probably not meant.
    pub(super) warnings: Vec<Diagnostic>,
    /// The procedures that it calls, where they are not the database's: those behind SHOW.
    pub(super) procedures: Option<Arc<Registry>>,
}

/// A statement that was parsed, bound and planned, to be run many times with different parameters.
///
/// ```
/// let mut connection = yuanpu::Database::in_memory().connect();
/// let statement = connection.prepare("RETURN $x + 1 AS y")?;
/// for x in 0..3 {
///     let answer = connection.run_prepared(&statement, [("x", x)])?;
///     assert_eq!(answer.rows[0][0], yuanpu::ResultValue::Integer(x + 1));
/// }
/// # Ok::<(), yuanpu::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Statement {
    text: String,
    plan: Arc<Plan>,
    database: Database,
    /// The versions of names and of procedures that the plan was made for.
    versions: (Option<u64>, u64),
}

impl Statement {
    /// Returns the text that it was made from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the names of its columns.
    pub fn columns(&self) -> Vec<String> {
        match &*self.plan {
            Plan::Query(query) => query.physical.columns.iter().map(|column| column.name.to_string()).collect(),
            Plan::Schema(_) | Plan::Transaction(_) => Vec::new(),
        }
    }

    /// Returns the names of the parameters that it wants.
    pub fn parameters(&self) -> Vec<String> {
        match &*self.plan {
            Plan::Query(query) => query.physical.parameters.iter().map(SmolStr::to_string).collect(),
            Plan::Schema(_) | Plan::Transaction(_) => Vec::new(),
        }
    }

    /// Returns what is probably not meant, such as names that the graph does not know.
    pub fn warnings(&self) -> &[Diagnostic] {
        match &*self.plan {
            Plan::Query(query) => &query.warnings,
            Plan::Schema(_) | Plan::Transaction(_) => &[],
        }
    }

    /// Says whether it changes the graph or its schema.
    pub fn writes(&self) -> bool {
        match &*self.plan {
            Plan::Query(query) => query.physical.writes,
            Plan::Schema(_) => true,
            Plan::Transaction(_) => false,
        }
    }
}

impl Connection {
    /// Returns the statement of a text, checked and planned; what its parameters hold is not looked at.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn prepare(&mut self, text: &str) -> Result<Statement, Error> {
        super::stack::with_enough_stack(|| {
            let view = self.view();
            let plan = Arc::new(self.make_plan(text, &view, None)?);
            let versions = (view.catalogue_version, view.procedures.version);
            Ok(Statement { text: text.to_owned(), plan, database: self.database().clone(), versions })
        })
    }

    /// Returns the plan of a text: one that was made before where it is still right, else a new one.
    pub(super) fn plan(&self, text: &str, view: &View, parameters: &Parameters) -> Result<Arc<Plan>, Error> {
        let key = view.plan_key(text, parameters);
        if let Some(plan) = key.as_ref().and_then(|key| self.database().plans().get(key))
            && plan.holds(view)
        {
            return Ok(plan);
        }
        let names: Vec<SmolStr> = parameters.iter().map(|(name, _)| name.clone()).collect();
        let plan = Arc::new(self.make_plan(text, view, Some(&names))?);
        if let (Some(key), Plan::Query(query)) = (key, &*plan)
            && query.procedures.is_none()
        {
            self.database().plans().keep(key, &plan);
        }
        Ok(plan)
    }

    /// Parses, binds and plans a text.
    fn make_plan(&self, text: &str, view: &View, parameters: Option<&[SmolStr]>) -> Result<Plan, Error> {
        let mut statement = parse_statement(text)?;
        let mut procedures = None;
        match statement.body {
            StatementBody::Query(_) => {}
            StatementBody::Show(shown) => {
                let (query, registry) = show::query_of(shown, view, self.database());
                statement.body = StatementBody::Query(query);
                procedures = Some(Arc::new(registry));
            }
            StatementBody::Schema(schema) => return Ok(Plan::Schema(schema)),
            StatementBody::Transaction(transaction) => return Ok(Plan::Transaction(transaction)),
        }
        let environment = Environment {
            names: &GraphNames(view.snapshot.catalogue()),
            procedures: &RegisteredProcedures(procedures.as_deref().unwrap_or(view.registry())),
            parameters,
        };
        refuse_lens(&statement.lens)?;
        let binding = Binder::bind(&statement, text, &environment)?;
        let physical = planner::plan(&binding.query, &view.snapshot, &[]);
        let (mode, warnings) = (statement.mode, binding.warnings);
        Ok(Plan::Query(Box::new(QueryPlan { physical, mode, warnings, procedures })))
    }
}

impl Statement {
    /// Returns the plan, if it is right for what a statement sees that begins now.
    pub(super) fn plan_for(&self, view: &View, database: &Database) -> Option<Arc<Plan>> {
        let versions = (view.catalogue_version, view.procedures.version);
        let is_right = versions.0.is_some() && versions == self.versions && self.database.is_same(database);
        (is_right && self.plan.holds(view)).then(|| Arc::clone(&self.plan))
    }
}

/// Refuses the prefixes of a lens, until snapshots can be read through one.
fn refuse_lens(lens: &ast::LensPrefix) -> Result<(), Error> {
    let prefixes = [
        lens.cite.map(|span| ("`CITE`", span)),
        lens.as_of.as_ref().map(|prefix| ("`AS OF`", prefix.span)),
        lens.according_to.as_ref().map(|prefix| ("`ACCORDING TO`", prefix.span)),
        lens.resolve_by.as_ref().map(|prefix| ("`RESOLVE BY`", prefix.span)),
    ];
    match prefixes.into_iter().flatten().next() {
        None => Ok(()),
        Some((what, span)) => {
            let span = Some(Span::new(span.start as usize, span.end as usize));
            Err(StateError::Unsupported { what: what.to_owned(), span }.into())
        }
    }
}
