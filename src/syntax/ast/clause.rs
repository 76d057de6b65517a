//! Clauses as written: one struct a clause.

use smol_str::SmolStr;

use super::{Expression, Name, PathPattern, QualifiedName, Query, Span, Variable};

/// One clause of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// `MATCH`, `OPTIONAL MATCH`.
    Match(Match),
    /// `UNWIND`.
    Unwind(Unwind),
    /// `FOR`.
    For(For),
    /// `LET`.
    Let(Let),
    /// `FILTER`.
    Filter(Filter),
    /// `WITH`.
    With(With),
    /// `RETURN`.
    Return(Return),
    /// `FINISH`: the query ends without a result.
    Finish(Span),
    /// `CREATE`, `INSERT`.
    Create(Create),
    /// `MERGE`.
    Merge(Merge),
    /// `SET`.
    Set(Set),
    /// `REMOVE`.
    Remove(Remove),
    /// `DELETE`, `DETACH DELETE`.
    Delete(Delete),
    /// `FOREACH`.
    Foreach(Foreach),
    /// `CALL procedure(…)`.
    CallProcedure(CallProcedure),
    /// `CALL { … }`.
    CallSubquery(CallSubquery),
    /// `LOAD CSV`.
    LoadCsv(LoadCsv),
}

impl Clause {
    /// Returns where the clause stands.
    pub fn span(&self) -> Span {
        match self {
            Clause::Match(clause) => clause.span,
            Clause::Unwind(clause) => clause.span,
            Clause::For(clause) => clause.span,
            Clause::Let(clause) => clause.span,
            Clause::Filter(clause) => clause.span,
            Clause::With(clause) => clause.span,
            Clause::Return(clause) => clause.span,
            Clause::Finish(span) => *span,
            Clause::Create(clause) => clause.span,
            Clause::Merge(clause) => clause.span,
            Clause::Set(clause) => clause.span,
            Clause::Remove(clause) => clause.span,
            Clause::Delete(clause) => clause.span,
            Clause::Foreach(clause) => clause.span,
            Clause::CallProcedure(clause) => clause.span,
            Clause::CallSubquery(clause) => clause.span,
            Clause::LoadCsv(clause) => clause.span,
        }
    }
}

/// `[OPTIONAL] MATCH patterns [WHERE filter]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Whether a row without a match stays, with nulls.
    pub optional: bool,
    /// The paths, at least one.
    pub patterns: Vec<PathPattern>,
    /// Which matches stay.
    pub filter: Option<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// `UNWIND list AS variable`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unwind {
    /// The list.
    pub list: Expression,
    /// The element's name.
    pub variable: Variable,
    /// Where it stands.
    pub span: Span,
}

/// `FOR variable IN list [WITH ORDINALITY|OFFSET name]` (ISO GQL).
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The element's name.
    pub variable: Variable,
    /// The list.
    pub list: Expression,
    /// A name for the element's number, if wanted.
    pub position: Option<ForPosition>,
    /// Where it stands.
    pub span: Span,
}

/// `WITH ORDINALITY name` or `WITH OFFSET name`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForPosition {
    /// The first number: 1 for ORDINALITY, 0 for OFFSET.
    pub first: u8,
    /// The number's name.
    pub variable: Variable,
}

/// `LET name = value, …` (ISO GQL): the rows stay and gain columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// The new columns, at least one; a later one does not see an earlier one.
    pub bindings: Vec<LetBinding>,
    /// Where it stands.
    pub span: Span,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct LetBinding {
    /// The column's name.
    pub variable: Variable,
    /// Its value.
    pub value: Expression,
}

/// `FILTER [WHERE] condition` (ISO GQL).
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Which rows stay.
    pub condition: Expression,
    /// Where it stands.
    pub span: Span,
}

/// `WITH projection [WHERE filter]`.
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// The columns that go on.
    pub projection: Projection,
    /// Which rows stay.
    pub filter: Option<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// `RETURN projection`.
#[derive(Clone, Debug, PartialEq)]
pub struct Return {
    /// The columns of the result.
    pub projection: Projection,
    /// Where it stands.
    pub span: Span,
}

/// `[DISTINCT] *, items [ORDER BY …] [SKIP …] [LIMIT …]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// Whether equal rows become one.
    pub distinct: bool,
    /// Whether `*` stands first: all variables in scope.
    pub star: bool,
    /// The items after the star.
    pub items: Vec<ProjectionItem>,
    /// The order of rows; empty means none.
    pub order: Vec<SortItem>,
    /// How many rows are left out at the start (`SKIP`, `OFFSET`).
    pub skip: Option<Expression>,
    /// How many rows there are at most.
    pub limit: Option<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// `expression [AS alias]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectionItem {
    /// The value.
    pub expression: Expression,
    /// The column's name, if written.
    pub alias: Option<Variable>,
    /// The expression's text as written, brackets included: the column's name without alias.
    pub text: SmolStr,
    /// Where it stands, alias included.
    pub span: Span,
}

impl ProjectionItem {
    /// Returns the column's name: the alias, the variable's name, or the text as written.
    pub fn column_name(&self) -> SmolStr {
        match (&self.alias, &self.expression.kind) {
            (Some(alias), _) => alias.text.clone(),
            (None, super::ExpressionKind::Variable(name)) => name.clone(),
            (None, _) => self.text.clone(),
        }
    }
}

/// `expression [ASC|DESC]`.
#[derive(Clone, Debug, PartialEq)]
pub struct SortItem {
    /// The sort key.
    pub expression: Expression,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Where nulls go, if written.
    pub nulls: Option<NullOrder>,
}

/// `NULLS FIRST`, `NULLS LAST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullOrder {
    /// Nulls first.
    First,
    /// Nulls last.
    Last,
}

/// `CREATE patterns`, `INSERT patterns`.
#[derive(Clone, Debug, PartialEq)]
pub struct Create {
    /// Whether `INSERT` (ISO GQL) was written.
    pub insert: bool,
    /// The paths, at least one.
    pub patterns: Vec<PathPattern>,
    /// Where it stands.
    pub span: Span,
}

/// `MERGE pattern [ON CREATE SET …] [ON MATCH SET …]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// The path.
    pub pattern: PathPattern,
    /// What to set in which case, in order.
    pub actions: Vec<MergeAction>,
    /// Where it stands.
    pub span: Span,
}

/// `ON CREATE SET …` or `ON MATCH SET …`.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeAction {
    /// In which case.
    pub event: MergeEvent,
    /// What is set.
    pub items: Vec<SetItem>,
    /// Where it stands.
    pub span: Span,
}

/// What MERGE did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeEvent {
    /// It made the path.
    Create,
    /// It found the path.
    Match,
}

/// `SET items`.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// What is set, in order; at least one.
    pub items: Vec<SetItem>,
    /// Where it stands.
    pub span: Span,
}

/// One thing that is set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetItem {
    /// What it is.
    pub kind: SetItemKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of SET.
#[derive(Clone, Debug, PartialEq)]
pub enum SetItemKind {
    /// `n.key = value`, `(expression).key = value`.
    Property {
        /// The element.
        of: Expression,
        /// The key.
        key: Name,
        /// The value; null takes the property away.
        value: Expression,
    },
    /// `n = map`: these properties and no others.
    Replace {
        /// The element.
        variable: Variable,
        /// The map, or an element whose properties are taken.
        value: Expression,
    },
    /// `n += map`: these properties too.
    Add {
        /// The element.
        variable: Variable,
        /// The map, or an element whose properties are taken.
        value: Expression,
    },
    /// `n:A:B`, `n IS A`.
    Labels {
        /// The node.
        variable: Variable,
        /// The labels, at least one.
        labels: Vec<Name>,
    },
}

/// `REMOVE items`.
#[derive(Clone, Debug, PartialEq)]
pub struct Remove {
    /// What is removed, in order; at least one.
    pub items: Vec<RemoveItem>,
    /// Where it stands.
    pub span: Span,
}

/// One thing that is removed.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoveItem {
    /// What it is.
    pub kind: RemoveItemKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of REMOVE.
#[derive(Clone, Debug, PartialEq)]
pub enum RemoveItemKind {
    /// `n.key`.
    Property {
        /// The element.
        of: Expression,
        /// The key.
        key: Name,
    },
    /// `n:A:B`.
    Labels {
        /// The node.
        variable: Variable,
        /// The labels, at least one.
        labels: Vec<Name>,
    },
}

/// `[DETACH] DELETE expressions`.
#[derive(Clone, Debug, PartialEq)]
pub struct Delete {
    /// Whether a node's relationships go with it.
    pub detach: bool,
    /// What is deleted: nodes, relationships, paths.
    pub expressions: Vec<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// `FOREACH (variable IN list | clauses)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreach {
    /// The element's name.
    pub variable: Variable,
    /// The list.
    pub list: Expression,
    /// The writing clauses, at least one.
    pub clauses: Vec<Clause>,
    /// Where it stands.
    pub span: Span,
}

/// `[OPTIONAL] CALL name(arguments) [YIELD …]`. As the only clause of a statement it is a standalone call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallProcedure {
    /// Whether a row without a result stays, with nulls.
    pub optional: bool,
    /// The procedure's name.
    pub name: QualifiedName,
    /// The arguments; none if there are no brackets (a standalone call takes them from the parameters).
    pub arguments: Option<Vec<Expression>>,
    /// Which results are wanted.
    pub yields: Option<Yield>,
    /// Where it stands.
    pub span: Span,
}

/// `YIELD items [WHERE filter]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Yield {
    /// Whether `*` or `-` stands for the items.
    pub form: YieldForm,
    /// Which results of it stay.
    pub filter: Option<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// What is yielded.
#[derive(Clone, Debug, PartialEq)]
pub enum YieldForm {
    /// `YIELD *`: every result; only in a standalone call.
    All,
    /// `YIELD -`: none.
    Nothing,
    /// `YIELD a, b AS c`.
    Items(Vec<YieldItem>),
}

/// `field [AS variable]`.
#[derive(Clone, Debug, PartialEq)]
pub struct YieldItem {
    /// The result's name in the procedure's signature.
    pub field: Name,
    /// Its name in the query, if written.
    pub variable: Option<Variable>,
}

/// `[OPTIONAL] CALL (imports) { query } [IN TRANSACTIONS …]`.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSubquery {
    /// Whether a row without a result stays, with nulls.
    pub optional: bool,
    /// Which variables come in; none if there are no brackets (then a leading WITH imports).
    pub imports: Option<Imports>,
    /// The query, run for each row.
    pub query: Query,
    /// Whether and how it commits part by part.
    pub transactions: Option<InTransactions>,
    /// Where it stands.
    pub span: Span,
}

/// What stands between the brackets of `CALL (…) { … }`.
#[derive(Clone, Debug, PartialEq)]
pub enum Imports {
    /// `(*)`: every variable.
    All,
    /// `(a, b)`, also `()`.
    Variables(Vec<Variable>),
}

/// `IN [n CONCURRENT] TRANSACTIONS [OF n ROWS] [ON ERROR …] [REPORT STATUS AS variable]`.
#[derive(Clone, Debug, PartialEq)]
pub struct InTransactions {
    /// Whether CONCURRENT is written.
    pub concurrent: bool,
    /// How many at a time, if written.
    pub concurrency: Option<Expression>,
    /// How many rows a transaction takes, if written.
    pub batch_size: Option<Expression>,
    /// What a failure does, if written.
    pub on_error: Option<OnError>,
    /// A name for each row's status, if wanted.
    pub report: Option<Variable>,
    /// Where it stands.
    pub span: Span,
}

/// What a failure in one of the transactions does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The statement goes on with the next rows.
    Continue,
    /// The statement ends, what was committed stays.
    Break,
    /// The statement fails, what was committed stays.
    Fail,
}

/// `LOAD CSV [WITH HEADERS] FROM source AS variable [FIELDTERMINATOR text]`.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadCsv {
    /// Whether rows are maps by the first line's names.
    pub with_headers: bool,
    /// The file.
    pub source: Expression,
    /// The row's name.
    pub variable: Variable,
    /// What separates fields; none means a comma.
    pub field_terminator: Option<SmolStr>,
    /// Where it stands.
    pub span: Span,
}
