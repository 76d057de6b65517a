//! Text to plan: parse, bind, plan; or the plan that was made for the same text before.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::binder::bound::BoundLens;
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

/// Up to how many rows of all operators, as estimated, a query that does not ask for it carries what its rows rest on.
const ROWS_SUPPORTED: f64 = 200_000.0;

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

    /// Returns the lens that it reads through and the names of the parameters, if it does not read the graph as it is stored.
    fn lens(&self) -> Option<(&BoundLens, &[SmolStr])> {
        match self {
            Plan::Query(query) if !query.physical.writes && !query.lens.is_plain() => {
                Some((&query.lens, &query.physical.parameters))
            }
            _ => None,
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
    /// Whether rows are to carry the claims that they rest on.
    pub(super) cite: bool,
    /// Through which lens it reads, or as what claims it writes.
    pub(super) lens: BoundLens,
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

    /// Returns the plan of a text, one that was made before where it is still right, and what it sees.
    pub(super) fn plan(
        &self,
        text: &str,
        prepared: Option<&Statement>,
        view: View,
        parameters: &Parameters,
    ) -> Result<(Arc<Plan>, View), Error> {
        let key = view.plan_key(text, parameters, self.keeps_support);
        let made = prepared.and_then(|statement| statement.plan_for(&view, self.database()));
        let made = made.or_else(|| key.as_ref().and_then(|key| self.database().plans().get(key)));
        if let Some(plan) = made {
            let seen = self.seen_by(&plan, view.clone(), parameters)?;
            if plan.holds(&seen) {
                return Ok((plan, seen));
            }
        }
        let plan = Arc::new(self.make_plan(text, &view, Some(parameters))?);
        if let (Some(key), Plan::Query(query)) = (key, &*plan)
            && query.procedures.is_none()
        {
            self.database().plans().keep(key, &plan);
        }
        let seen = self.seen_by(&plan, view, parameters)?;
        Ok((plan, seen))
    }

    /// Returns what a plan sees: the graph through its lens.
    fn seen_by(&self, plan: &Plan, view: View, parameters: &Parameters) -> Result<View, Error> {
        match plan.lens() {
            Some((lens, names)) => self.through_lens(lens, names, view, parameters),
            None => Ok(view),
        }
    }

    /// Parses, binds and plans a text.
    fn make_plan(&self, text: &str, view: &View, parameters: Option<&Parameters>) -> Result<Plan, Error> {
        let mut statement = parse_statement(text)?;
        let names: Option<Vec<SmolStr>> =
            parameters.map(|parameters| parameters.iter().map(|(name, _)| name.clone()).collect());
        let mut procedures = None;
        match statement.body {
            StatementBody::Query(_) => {}
            StatementBody::Show(shown) => {
                let (query, registry) = show::query_of(*shown, view, self.database());
                statement.body = StatementBody::Query(query);
                procedures = Some(Arc::new(registry));
            }
            StatementBody::Schema(schema) => return Ok(Plan::Schema(schema)),
            StatementBody::Transaction(transaction) => return Ok(Plan::Transaction(transaction)),
        }
        let environment = Environment {
            names: &GraphNames(view.snapshot.catalogue()),
            procedures: &RegisteredProcedures(procedures.as_deref().unwrap_or(view.registry())),
            parameters: names.as_deref(),
        };
        let mut binding = Binder::bind(&statement, text, &environment)?;
        let query = &mut binding.query;
        let (lens, cite) = (query.lens.clone(), query.cite);
        query.cite |= self.keeps_support && !query.writes && statement.mode == StatementMode::Run;
        // What a plan takes for granted of the graph as stored need not hold under a lens.
        let seen = match parameters {
            Some(parameters) if !query.writes && !lens.is_plain() => {
                self.through_lens(&lens, &query.parameters, view.clone(), parameters)?.snapshot
            }
            _ => view.snapshot.clone(),
        };
        let mut physical = planner::plan(query, &seen, &[]);
        if query.cite && !cite && physical.estimated_rows() > ROWS_SUPPORTED {
            query.cite = false;
            physical = planner::plan(query, &seen, &[]);
        }
        let (mode, warnings) = (statement.mode, binding.warnings);
        Ok(Plan::Query(Box::new(QueryPlan { physical, mode, warnings, cite, lens, procedures })))
    }
}

impl Statement {
    /// Returns the plan, if it is right for what a statement sees that begins now.
    pub(super) fn plan_for(&self, view: &View, database: &Database) -> Option<Arc<Plan>> {
        let versions = (view.catalogue_version, view.procedures.version);
        let is_right = versions.0.is_some() && versions == self.versions && self.database.is_same(database);
        is_right.then(|| Arc::clone(&self.plan))
    }
}
