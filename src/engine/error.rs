//! The one sum of all errors: what a statement, a parameter or the database's state can be refused for.
//!
//! Each room below has its own error type; here, and only here, they get their openCypher kind, phase and detail. The room's error stays
//! readable as [`source`](std::error::Error::source). For people an [`Error`] turns into a [`Diagnostic`].

use std::fmt;

use crate::binder::BindError;
use crate::diagnostic::{Diagnostic, Phase, Span};
use crate::exchange::{ExchangeError, ImportError};
use crate::executor::ExecutionError;
use crate::expression::{EvaluationError, Expression};
use crate::graph::GraphError;
use crate::procedure::ProcedureError;
#[cfg(feature = "rdf")]
use crate::sparql::SparqlError;
use crate::storage::StorageError;
use crate::syntax::SyntaxError;
use crate::value::{NestingTooDeep, ValueError};

/// Why something was refused: openCypher's kind, phase and detail, words for people, and the place in the text.
///
/// ```
/// let mut connection = yuanpu::Database::in_memory().connect();
/// let error = connection.run("RETURN x", ()).unwrap_err();
/// assert_eq!((error.kind(), error.phase(), error.detail()), ("SyntaxError", "compile", "UndefinedVariable"));
/// assert_eq!(error.span(), Some(7..8));
/// ```
#[derive(Debug)]
pub struct Error {
    cause: Box<Cause>,
    /// How many parts of the statement were committed before, where it commits part by part.
    committed_parts: u64,
    /// Where it failed over the data, where that is known.
    place: Option<Span>,
}

/// Whose fault it is, roughly; programs choose their exit status by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The text is wrong: its syntax or its meaning.
    Statement,
    /// The statement failed over the data, or a parameter does not fit.
    Runtime,
    /// The statement was stopped from outside.
    Cancelled,
    /// The database is in no state to do it: busy, damaged.
    Database,
}

/// The errors of the rooms, and those of the engine itself.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error(transparent)]
    Syntax(SyntaxError),
    #[error(transparent)]
    Bind(BindError),
    #[error(transparent)]
    Execution(ExecutionError),
    #[error(transparent)]
    Nesting(NestingTooDeep),
    #[error(transparent)]
    Exchange(ExchangeError),
    #[error(transparent)]
    Import(ImportError),
    #[error(transparent)]
    Storage(StorageError),
    #[cfg(feature = "rdf")]
    #[error(transparent)]
    Sparql(SparqlError),
    #[error(transparent)]
    State(StateError),
}

/// What the engine itself refuses.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum StateError {
    /// Another connection kept on writing.
    #[error("another connection is writing and did not end within {waited_ms} ms")]
    Busy {
        /// How long the statement waited.
        waited_ms: u64,
    },
    /// The database may not be written.
    #[error("the database is read only")]
    ReadOnly,
    /// Something was asked that only a database in a file can do.
    #[error("the database is in memory only")]
    InMemory,
    /// The transaction may not write.
    #[error("the transaction is read only")]
    ReadOnlyTransaction,
    /// Somebody else has written since the transaction began.
    #[error("another connection has written since this transaction began")]
    Conflict,
    /// `BEGIN` within a transaction.
    #[error("a transaction is open already")]
    TransactionOpen,
    /// `COMMIT` or `ROLLBACK` without a transaction.
    #[error("no transaction is open")]
    NoTransaction,
    /// A parameter without a value.
    #[error("parameter `${name}` has no value")]
    MissingParameter {
        /// The parameter.
        name: String,
    },
    /// A parameter that is no value of the language.
    #[error("{message}")]
    BadParameter {
        /// What is wrong with it.
        message: String,
    },
    /// A lens that names no date, or a source that is not there.
    #[error("{message}")]
    BadLens {
        /// What is wrong.
        message: String,
        /// What to try.
        hint: Option<String>,
    },
    /// Rows that the type asked for cannot hold.
    #[error("{message}")]
    BadRow {
        /// What does not fit.
        message: String,
    },
    /// A procedure whose signature or rows cannot be read.
    #[error("{message}")]
    BadProcedure {
        /// What is wrong.
        message: String,
    },
    /// Names or indexes have changed between planning and writing; never seen outside, the statement is planned anew.
    #[error("the statement must be planned anew")]
    Stale,
    /// Something that the language allows and the engine cannot do.
    #[error("{what} is not supported yet")]
    Unsupported {
        /// What it is.
        what: String,
        /// Where it stands.
        span: Option<Span>,
    },
}

impl Error {
    /// Returns the openCypher kind, such as `SyntaxError` or `TypeError`.
    pub fn kind(&self) -> &'static str {
        self.names().0
    }

    /// Returns the openCypher detail, such as `UndefinedVariable`.
    pub fn detail(&self) -> &'static str {
        self.names().1
    }

    /// Returns when it was found: `compile`, without looking at the data, or `runtime`.
    pub fn phase(&self) -> &'static str {
        self.found_in().name()
    }

    /// Returns where in the statement's text it is, in bytes, if it is about a place there.
    pub fn span(&self) -> Option<std::ops::Range<usize>> {
        self.to_diagnostic().span.map(|span| span.start..span.end)
    }

    /// Returns whose fault it is.
    pub fn class(&self) -> ErrorClass {
        match &*self.cause {
            Cause::Syntax(_) | Cause::Bind(_) => ErrorClass::Statement,
            Cause::State(StateError::Unsupported { .. } | StateError::MissingParameter { .. }) => ErrorClass::Statement,
            Cause::State(StateError::Busy { .. } | StateError::InMemory) => ErrorClass::Database,
            // A file that is in the way of a new one says nothing of the database.
            Cause::Storage(StorageError::AlreadyExists { .. }) => ErrorClass::Runtime,
            Cause::Storage(_) => ErrorClass::Database,
            Cause::Execution(ExecutionError::Cancelled) => ErrorClass::Cancelled,
            #[cfg(feature = "rdf")]
            Cause::Sparql(SparqlError::Syntax { .. } | SparqlError::Unsupported { .. }) => ErrorClass::Statement,
            _ => ErrorClass::Runtime,
        }
    }

    /// Returns it as plain data, with its place, its hints and its causes.
    ///
    /// ```
    /// let mut connection = yuanpu::Database::in_memory().connect();
    /// let text = "UNWIND [2, 0] AS x RETURN 10 / x";
    /// let finding = connection.run(text, ()).unwrap_err().to_diagnostic();
    /// assert_eq!(finding.message, "an integer is divided by zero");
    /// assert_eq!(finding.span.map(|span| &text[span.start..span.end]), Some("10 / x"));
    /// assert_eq!(finding.hints, ["test for zero before, or divide floats: `toFloat(a) / b`"]);
    /// ```
    pub fn to_diagnostic(&self) -> Diagnostic {
        let finding = self.cause_as_diagnostic();
        match self.committed_parts {
            0 => finding,
            1 => finding.with_hint("1 transaction was committed before, and stays"),
            count => finding.with_hint(format!("{count} transactions were committed before, and stay")),
        }
    }

    /// Returns it with the number of parts that were committed before.
    pub(super) fn after_parts(mut self, count: u64) -> Error {
        self.committed_parts = count;
        self
    }

    /// Returns what stopped the execution, if that is what it is.
    pub(super) fn execution(&self) -> Option<&ExecutionError> {
        match &*self.cause {
            Cause::Execution(error) => Some(error),
            _ => None,
        }
    }

    /// Says whether a lens names something that is not there.
    pub(super) fn is_of_lens(&self) -> bool {
        matches!(&*self.cause, Cause::State(StateError::BadLens { .. }))
    }

    /// Returns it with the place where it failed over the data.
    pub(super) fn at(mut self, span: Span) -> Error {
        self.place = Some(span);
        self
    }

    /// Says whether the statement is to be planned anew, because the names or indexes it was planned for have changed meanwhile.
    pub(super) fn is_stale(&self) -> bool {
        matches!(&*self.cause, Cause::State(StateError::Stale))
    }

    /// Returns it as an error of the execution that it stops.
    pub(super) fn into_execution(self) -> ExecutionError {
        match *self.cause {
            Cause::Execution(error) => error,
            other => EvaluationError::Host(Box::new(Error::from(other))).into(),
        }
    }

    fn cause_as_diagnostic(&self) -> Diagnostic {
        let (kind, detail) = self.names();
        let finding = Diagnostic::error(self.found_in(), kind, detail, self.cause.to_string());
        match &*self.cause {
            Cause::Syntax(error) => {
                let finding = Diagnostic { message: error.message.clone(), ..finding };
                let finding = finding.at(Span::new(error.span.start as usize, error.span.end as usize));
                hinted(finding, error.hint.as_deref())
            }
            Cause::Bind(error) => error.to_diagnostic(),
            Cause::Execution(error) => {
                let finding = hinted(Diagnostic { span: self.place, ..finding }, execution_hint(error));
                match (finding.hints.is_empty(), error) {
                    (true, ExecutionError::Evaluation(EvaluationError::At { expression, .. })) => {
                        hinted(finding, call_hint(expression).as_deref())
                    }
                    _ => finding,
                }
            }
            Cause::Nesting(_) | Cause::Exchange(_) | Cause::Import(_) => finding,
            Cause::Storage(error) => storage_finding(finding, error),
            #[cfg(feature = "rdf")]
            Cause::Sparql(error) => sparql_finding(finding, error),
            Cause::State(error) => {
                let finding = match error {
                    StateError::Unsupported { span: Some(span), .. } => finding.at(*span),
                    _ => Diagnostic { span: self.place, ..finding },
                };
                hinted(finding, state_hint(error))
            }
        }
    }

    fn names(&self) -> (&'static str, &'static str) {
        match &*self.cause {
            Cause::Syntax(error) => ("SyntaxError", error.kind.name()),
            Cause::Bind(error) => (error.kind.family(), error.kind.detail()),
            Cause::Execution(error) => execution_names(error),
            Cause::Nesting(_) => ("ArgumentError", "NestingTooDeep"),
            Cause::Exchange(ExchangeError::Graph(error)) => graph_names(error),
            Cause::Exchange(_) => ("ImportError", "InvalidPackage"),
            Cause::Import(ImportError::Graph(error)) => graph_names(error),
            Cause::Import(_) => ("ImportError", "InvalidFile"),
            Cause::Storage(error) => storage_names(error),
            #[cfg(feature = "rdf")]
            Cause::Sparql(error) => sparql_names(error),
            Cause::State(error) => state_names(error),
        }
    }

    fn found_in(&self) -> Phase {
        match &*self.cause {
            Cause::Syntax(_) | Cause::Bind(_) => Phase::Compile,
            Cause::State(StateError::Unsupported { .. } | StateError::MissingParameter { .. }) => Phase::Compile,
            #[cfg(feature = "rdf")]
            Cause::Sparql(SparqlError::Syntax { .. }) => Phase::Compile,
            _ => Phase::Runtime,
        }
    }
}

fn hinted(finding: Diagnostic, hint: Option<&str>) -> Diagnostic {
    match hint {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}

fn execution_names(error: &ExecutionError) -> (&'static str, &'static str) {
    match error {
        ExecutionError::Evaluation(EvaluationError::Value(error) | EvaluationError::At { error, .. })
        | ExecutionError::Value(error) => value_names(error),
        ExecutionError::Procedure(ProcedureError::Value(error)) => value_names(error),
        ExecutionError::Procedure(_) => ("ProcedureError", "ProcedureFailed"),
        ExecutionError::Graph(error) => graph_names(error),
        ExecutionError::DeleteConnectedNode => ("ConstraintVerificationFailed", "DeleteConnectedNode"),
        ExecutionError::MergeNull { .. } => ("SemanticError", "MergeReadOwnWrites"),
        ExecutionError::NullEnd { .. } => ("TypeError", "InvalidArgumentValue"),
        ExecutionError::InvalidCount { negative: true, .. } => ("SyntaxError", "NegativeIntegerArgument"),
        ExecutionError::InvalidCount { .. } => ("SyntaxError", "InvalidArgumentType"),
        ExecutionError::InvalidDelete { .. } | ExecutionError::InvalidTarget { .. } => {
            ("TypeError", "InvalidArgumentType")
        }
        ExecutionError::PartsInTransaction => ("TransactionError", "TransactionOpen"),
        ExecutionError::LoadCsv { .. } => ("ArgumentError", "LoadCsvFailed"),
        ExecutionError::Cancelled => ("StatementStopped", "Cancelled"),
        ExecutionError::TimedOut { .. } => ("StatementStopped", "TimedOut"),
        ExecutionError::OutOfMemory { .. } => ("StatementStopped", "OutOfMemory"),
        ExecutionError::ProcedureGone { .. } => ("ProcedureError", "ProcedureNotFound"),
        ExecutionError::Evaluation(_) => ("StatementStopped", "Failed"),
    }
}

/// Returns what the function that failed takes.
fn call_hint(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Function(function, _) => Some(format!("it is `{function}`")),
        Expression::Slice(..) => Some("the ends of a slice are integers, counted from 0".to_owned()),
        _ => None,
    }
}

fn value_names(error: &ValueError) -> (&'static str, &'static str) {
    (error.kind.name(), error.detail.name())
}

fn graph_names(error: &GraphError) -> (&'static str, &'static str) {
    match error {
        GraphError::Unstorable { .. } | GraphError::TooDeep => ("TypeError", "InvalidPropertyType"),
        GraphError::DeletedNode(_) | GraphError::DeletedRelationship(_) => ("EntityNotFound", "DeletedEntityAccess"),
        GraphError::NoSuchNode(_) | GraphError::NoSuchRelationship(_) => ("EntityNotFound", "EntityNotFound"),
        GraphError::NotUnique { .. } => ("ConstraintValidationFailed", "NotUnique"),
        GraphError::Missing { .. } => ("ConstraintValidationFailed", "PropertyMissing"),
        GraphError::WrongType { .. } => ("ConstraintValidationFailed", "PropertyOfWrongType"),
        GraphError::NotInSchema { .. } => ("ConstraintValidationFailed", "NotInSchema"),
        GraphError::IndexExists(_) | GraphError::SameIndexExists { .. } => ("SchemaError", "IndexExists"),
        GraphError::NoSuchIndex(_) => ("SchemaError", "IndexNotFound"),
        GraphError::GraphTypeExists(_) => ("SchemaError", "GraphTypeExists"),
        GraphError::NoSuchGraphType(_) => ("SchemaError", "GraphTypeNotFound"),
        GraphError::TooManyNodes | GraphError::TooManyRelationships | GraphError::TooManyNames { .. } => {
            ("StorageError", "GraphFull")
        }
        GraphError::Claimed { .. } | GraphError::ClaimedName { .. } => ("SemanticError", "ClaimedProperty"),
        GraphError::ClaimedLabel { .. } => ("SemanticError", "ClaimedLabel"),
        GraphError::SourceRequired => ("SemanticError", "SourceRequired"),
        GraphError::NoSuchClaim(_) => ("EntityNotFound", "ClaimNotFound"),
        _ => ("StorageError", "GraphRefused"),
    }
}

fn execution_hint(error: &ExecutionError) -> Option<&str> {
    match error {
        ExecutionError::Evaluation(EvaluationError::Value(error) | EvaluationError::At { error, .. })
        | ExecutionError::Value(error) => error.hint.as_deref(),
        ExecutionError::Procedure(ProcedureError::Value(error)) if error.hint.is_some() => error.hint.as_deref(),
        ExecutionError::Procedure(_) => Some("`SHOW PROCEDURES` tells what it takes"),
        ExecutionError::PartsInTransaction => Some("commit or roll back first"),
        ExecutionError::DeleteConnectedNode => Some("delete its relationships too: `DETACH DELETE`"),
        ExecutionError::MergeNull { .. } => Some("leave such rows out with `WHERE … IS NOT NULL`, or use `CREATE`"),
        ExecutionError::NullEnd { .. } => Some("leave such rows out with `WHERE … IS NOT NULL`"),
        ExecutionError::InvalidCount { least: 0, .. } => Some("`SKIP` and `LIMIT` count from 0"),
        ExecutionError::InvalidCount { .. } => Some("leave `OF … ROWS` away for 1000 rows a transaction"),
        ExecutionError::InvalidDelete { .. } => Some("`REMOVE` takes properties and labels away"),
        ExecutionError::LoadCsv { hints, .. } => hints.first().map(String::as_str),
        ExecutionError::Graph(GraphError::NotUnique { .. }) => Some("`MERGE` finds the one that is there"),
        ExecutionError::Graph(GraphError::IndexExists(_) | GraphError::SameIndexExists { .. }) => {
            Some("choose another name, or write `IF NOT EXISTS`; `SHOW INDEXES` lists them")
        }
        ExecutionError::Graph(GraphError::NoSuchIndex(_)) => Some("`SHOW INDEXES` lists them; `IF EXISTS` lets it be"),
        ExecutionError::Graph(GraphError::GraphTypeExists(_)) => Some("write `CREATE OR REPLACE GRAPH TYPE`"),
        ExecutionError::Graph(GraphError::NoSuchGraphType(_)) => Some("`SHOW GRAPH TYPES` lists them"),
        ExecutionError::Graph(GraphError::NoSuchClaim(_)) => {
            Some("`CALL claims.of(element)` lists claims with their numbers")
        }
        ExecutionError::TimedOut { .. } => Some("allow more time, or ask for less: `LIMIT`, a narrower pattern"),
        ExecutionError::OutOfMemory { .. } => Some("allow more memory, or keep less: `LIMIT`, fewer columns"),
        ExecutionError::Graph(GraphError::ClaimedName { .. }) => {
            Some("make a node of the other name, and delete this one")
        }
        ExecutionError::Graph(GraphError::Claimed { .. } | GraphError::ClaimedLabel { .. }) => {
            Some("write it as a claim with `ACCORDING TO`, or retract the claims with `claims.retract`")
        }
        ExecutionError::Graph(GraphError::SourceRequired) => {
            Some("put `ACCORDING TO 'the source's id'` before the query, and `AS OF` its date where it holds for one")
        }
        ExecutionError::Graph(GraphError::NotInSchema { hint: Some(hint), .. }) => Some(hint),
        ExecutionError::Graph(GraphError::NotInSchema { .. }) => {
            Some("declare it with `ALTER GRAPH SET TYPE`, or let anything in with `ALTER GRAPH SET OPEN`")
        }
        ExecutionError::Graph(GraphError::Unstorable { .. }) => {
            Some("store its properties one by one, or as a list of plain values")
        }
        _ => None,
    }
}

/// Adds what lies behind an error of the file, and what to try.
fn storage_finding(finding: Diagnostic, error: &StorageError) -> Diagnostic {
    let mut finding = hinted(finding, error.hint().as_deref());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        finding = finding.with_cause(cause.to_string());
        source = cause.source();
    }
    finding
}

fn storage_names(error: &StorageError) -> (&'static str, &'static str) {
    let detail = match error {
        StorageError::InUse { .. } => "DatabaseInUse",
        StorageError::Foreign { .. } => "NotADatabase",
        StorageError::NewerVersion { .. } => "NewerFormat",
        StorageError::Damaged { .. } => "DatabaseDamaged",
        StorageError::ReadOnly { .. } | StorageError::NotWritable { .. } => "ReadOnlyDatabase",
        StorageError::AlreadyExists { .. } => "FileExists",
        StorageError::TooLarge { .. } => "TooLarge",
        StorageError::Busy { .. } | StorageError::Stale { .. } => "DatabaseBusy",
        StorageError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => "NoSuchFile",
        _ if error.is_out_of_room() => "DiskFull",
        _ => "DiskFailed",
    };
    ("StorageError", detail)
}

#[cfg(feature = "rdf")]
fn sparql_finding(finding: Diagnostic, error: &SparqlError) -> Diagnostic {
    match error {
        SparqlError::Syntax { span, hint, .. } => hinted(finding.at(*span), hint.as_deref()),
        SparqlError::Unsupported { hint, .. } => finding.with_hint(*hint),
        _ => finding,
    }
}

#[cfg(feature = "rdf")]
fn sparql_names(error: &SparqlError) -> (&'static str, &'static str) {
    match error {
        SparqlError::Syntax { .. } => ("SyntaxError", "InvalidSparql"),
        SparqlError::Unsupported { .. } => ("SyntaxError", "UnsupportedFeature"),
        _ => ("StatementStopped", "Failed"),
    }
}

fn state_names(error: &StateError) -> (&'static str, &'static str) {
    match error {
        StateError::Busy { .. } => ("TransactionError", "Busy"),
        StateError::ReadOnly => ("TransactionError", "ReadOnlyDatabase"),
        StateError::InMemory => ("StorageError", "InMemory"),
        StateError::ReadOnlyTransaction => ("TransactionError", "ReadOnlyTransaction"),
        StateError::Conflict => ("TransactionError", "Conflict"),
        StateError::TransactionOpen => ("TransactionError", "TransactionOpen"),
        StateError::NoTransaction => ("TransactionError", "NoTransaction"),
        StateError::MissingParameter { .. } => ("ParameterMissing", "MissingParameter"),
        StateError::BadParameter { .. } => ("ArgumentError", "InvalidParameter"),
        StateError::BadLens { .. } => ("ArgumentError", "InvalidLens"),
        StateError::BadRow { .. } => ("TypeError", "InvalidRowType"),
        StateError::BadProcedure { .. } => ("ProcedureError", "InvalidSignature"),
        StateError::Stale => ("TransactionError", "Stale"),
        StateError::Unsupported { .. } => ("SyntaxError", "UnsupportedFeature"),
    }
}

fn state_hint(error: &StateError) -> Option<&str> {
    match error {
        StateError::BadLens { hint, .. } => hint.as_deref(),
        StateError::Conflict => Some("roll back and run the transaction again"),
        StateError::TransactionOpen => Some("end it with `COMMIT` or `ROLLBACK`"),
        StateError::NoTransaction => Some("begin one with `BEGIN`"),
        StateError::ReadOnlyTransaction => Some("begin one without `READ ONLY`"),
        StateError::ReadOnly => Some("it was opened for reading only; open it without `--read-only` to write"),
        _ => None,
    }
}

impl fmt::Display for Error {
    /// Writes kind, detail and message in one line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, detail) = self.names();
        write!(formatter, "{kind}/{detail}: {}", self.to_diagnostic().message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.cause {
            Cause::Syntax(error) => Some(error),
            Cause::Bind(error) => Some(error),
            Cause::Execution(error) => Some(error),
            Cause::Nesting(error) => Some(error),
            Cause::Exchange(error) => Some(error),
            Cause::Import(error) => Some(error),
            Cause::Storage(error) => Some(error),
            #[cfg(feature = "rdf")]
            Cause::Sparql(error) => Some(error),
            Cause::State(_) => None,
        }
    }
}

impl From<Cause> for Error {
    fn from(cause: Cause) -> Self {
        Error { cause: Box::new(cause), committed_parts: 0, place: None }
    }
}

#[cfg(feature = "rdf")]
impl From<SparqlError> for Error {
    fn from(error: SparqlError) -> Self {
        match error {
            // What stops any statement is said in the same words.
            SparqlError::Stopped(stopped) => Cause::Execution(stopped).into(),
            error => Cause::Sparql(error).into(),
        }
    }
}

impl From<SyntaxError> for Error {
    fn from(error: SyntaxError) -> Self {
        Cause::Syntax(error).into()
    }
}

impl From<BindError> for Error {
    fn from(error: BindError) -> Self {
        Cause::Bind(error).into()
    }
}

impl From<ExchangeError> for Error {
    fn from(error: ExchangeError) -> Self {
        Cause::Exchange(error).into()
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        Cause::Import(error).into()
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        Cause::Storage(error).into()
    }
}

impl From<ExecutionError> for Error {
    fn from(error: ExecutionError) -> Self {
        Cause::Execution(error).into()
    }
}

impl From<EvaluationError> for Error {
    fn from(error: EvaluationError) -> Self {
        ExecutionError::from(error).into()
    }
}

impl From<GraphError> for Error {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::Unreadable(failure) => failure.again().into(),
            error => ExecutionError::Graph(error).into(),
        }
    }
}

impl From<NestingTooDeep> for Error {
    fn from(error: NestingTooDeep) -> Self {
        Cause::Nesting(error).into()
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        Cause::State(error).into()
    }
}
