//! Text to plan: parse, bind, plan; or the plan that was made for the same text before.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::binder::bound::BoundLens;
use crate::binder::{Binder, Environment, PROPERTY_KIND_DIFFERS};
use crate::diagnostic::Diagnostic;
use crate::planner;
use crate::planner::physical::PhysicalQuery;
use crate::procedure::Registry;
use crate::syntax::ast::{self, Literal, SchemaStatement, StatementBody, StatementMode, TransactionStatement};
use crate::syntax::{Lifted, lift_literals, parse_statement};
use crate::value::{Kind, Value};

use super::environment::{GraphNames, RegisteredProcedures};
use super::error::Error;
use super::plan_cache::{KeptPlan, PlanKey};
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
            Plan::Query(query) => {
                query.physical.holds(&view.snapshot) && query.physical.is_in_proportion(&view.snapshot)
            }
            Plan::Schema(_) | Plan::Transaction(_) => true,
        }
    }

    /// Returns the lens that it reads through and the names of the parameters; a query that writes sees the graph as it is stored.
    fn lens(&self) -> Option<(&BoundLens, &[SmolStr])> {
        match self {
            Plan::Query(query) if !query.physical.writes => Some((&query.lens, &query.physical.parameters)),
            _ => None,
        }
    }
}

/// A plan to be run, and what it is run on.
pub(super) struct Ready {
    /// The plan.
    pub(super) plan: Arc<Plan>,
    /// What it sees.
    pub(super) view: View,
    /// The parameters with the literals that were lifted out of the text, if there are some.
    pub(super) lifted: Option<Parameters>,
}

/// Says whether a plan may be used again. What is said of the kinds of values that the graph holds may be wrong by then.
fn is_kept(plan: &Plan) -> bool {
    let Plan::Query(query) = plan else { return false };
    query.procedures.is_none() && !query.warnings.iter().any(|warning| warning.detail == PROPERTY_KIND_DIFFERS)
}

fn value_of(literal: Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Boolean(value) => Value::Boolean(value),
        Literal::Integer(value) => Value::Integer(value),
        Literal::Float(value) => Value::Float(value),
        Literal::String(value) => Value::String(value),
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
        super::stack::with_stack_for(text, || {
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
    ) -> Result<Ready, Error> {
        let key = view.plan_key(text, parameters, self.keeps_support);
        let made = prepared.and_then(|statement| statement.plan_for(&view, self.database())).map(KeptPlan::from);
        let made = made.or_else(|| key.as_ref().and_then(|key| self.database().plans().get(key)));
        if let Some(ready) = made.map(|kept| self.ready(kept, &view, parameters)).transpose()?.flatten() {
            return Ok(ready);
        }
        let Some(key) = key else {
            let plan = Arc::new(self.make_plan(text, &view, Some(parameters))?);
            return Ok(Ready { view: self.seen_by(&plan, view, parameters)?, plan, lifted: None });
        };
        let mut statement = parse_statement(text)?;
        if statement.mode == StatementMode::Run
            && let Some(lifted) = lift_literals(&mut statement, text)
        {
            if let Some(ready) = self.plan_by_shape((statement, text), lifted, &key, &view, parameters)? {
                return Ok(ready);
            }
            statement = parse_statement(text)?;
        }
        let plan = Arc::new(self.plan_statement(statement, text, &view, Some(parameters))?);
        if is_kept(&plan) {
            self.database().plans().keep(key, Arc::clone(&plan).into());
        }
        Ok(Ready { view: self.seen_by(&plan, view, parameters)?, plan, lifted: None })
    }

    /// Returns a plan with what it sees, if that is as the plan takes for granted.
    fn ready(&self, kept: KeptPlan, view: &View, parameters: &Parameters) -> Result<Option<Ready>, Error> {
        let KeptPlan { plan, lifted } = kept;
        let seen = self.seen_by(&plan, view.clone(), parameters)?;
        let with_lifted = || parameters.clone().with_values(&lifted);
        Ok(plan.holds(&seen).then(|| Ready { plan, view: seen, lifted: (!lifted.is_empty()).then(with_lifted) }))
    }

    /// Returns the plan of a text whose literals were lifted out: one made for the same shape, or a new one. Returns nothing for a text
    /// that is refused, or of which something is to be said: that is planned as it stands.
    fn plan_by_shape(
        &self,
        (statement, text): (ast::Statement, &str),
        lifted: Lifted,
        key: &PlanKey,
        view: &View,
        parameters: &Parameters,
    ) -> Result<Option<Ready>, Error> {
        let values: Arc<[(SmolStr, Value)]> =
            lifted.literals.into_iter().map(|(name, literal)| (name, value_of(literal))).collect();
        let all = parameters.clone().with_values(&values);
        let Some(shape) = view.plan_key(&lifted.shape, &all, self.keeps_support) else { return Ok(None) };
        let made = self.database().plans().get(&shape).map(|kept| kept.plan);
        if let Some(plan) = made {
            let kept = KeptPlan { plan, lifted: Arc::clone(&values) };
            if let Some(ready) = self.ready(kept.clone(), view, parameters)? {
                self.database().plans().keep(key.clone(), kept);
                return Ok(Some(ready));
            }
        }
        let Ok(plan) = self.plan_statement(statement, text, view, Some(&all)) else { return Ok(None) };
        if !is_kept(&plan) || matches!(&plan, Plan::Query(query) if !query.warnings.is_empty()) {
            return Ok(None);
        }
        let plan = Arc::new(plan);
        let mut plans = self.database().plans();
        plans.keep(shape, Arc::clone(&plan).into());
        plans.keep(key.clone(), KeptPlan { plan: Arc::clone(&plan), lifted: values });
        drop(plans);
        Ok(Some(Ready { view: self.seen_by(&plan, view.clone(), parameters)?, plan, lifted: Some(all) }))
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
        self.plan_statement(parse_statement(text)?, text, view, parameters)
    }

    /// Binds and plans a statement.
    fn plan_statement(
        &self,
        mut statement: ast::Statement,
        text: &str,
        view: &View,
        parameters: Option<&Parameters>,
    ) -> Result<Plan, Error> {
        let given: Option<Vec<(SmolStr, Kind)>> =
            parameters.map(|parameters| parameters.iter().map(|(name, value)| (name.clone(), value.kind())).collect());
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
            names: &GraphNames(&view.snapshot),
            procedures: &RegisteredProcedures(procedures.as_deref().unwrap_or(view.registry())),
            parameters: given.as_deref(),
        };
        let mut binding = Binder::bind(&statement, text, &environment)?;
        let query = &mut binding.query;
        let (lens, cite) = (query.lens.clone(), query.cite);
        query.cite |= self.keeps_support && !query.writes && statement.mode == StatementMode::Run;
        // What a plan takes for granted of the graph as stored need not hold under a lens.
        let seen = match parameters {
            Some(parameters) if !query.writes => {
                self.through_lens(&lens, &query.parameters, view.clone(), parameters)?.snapshot
            }
            _ => view.snapshot.clone(),
        };
        let mut physical = match statement.mode {
            StatementMode::Explain => planner::plan_explained(query, &seen),
            _ => planner::plan(query, &seen, &[]),
        };
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
