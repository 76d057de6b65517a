//! Statements about the schema as written: indexes, constraints, SHOW.

use super::{Expression, Name, Return, SortItem, Span, Variable, Yield};

/// A statement that changes the schema.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaStatement {
    /// `CREATE INDEX`.
    CreateIndex(CreateIndex),
    /// `DROP INDEX`.
    DropIndex(Drop),
    /// `CREATE CONSTRAINT`.
    CreateConstraint(CreateConstraint),
    /// `DROP CONSTRAINT`.
    DropConstraint(Drop),
    /// `ALTER GRAPH`.
    AlterGraph(AlterGraph),
    /// `CREATE GRAPH TYPE`.
    CreateGraphType(CreateGraphType),
    /// `DROP GRAPH TYPE`.
    DropGraphType(Drop),
}

/// `CREATE [OR REPLACE] GRAPH TYPE [IF NOT EXISTS] name { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateGraphType {
    /// Its name.
    pub name: Name,
    /// Whether it takes the place of one of the same name.
    pub or_replace: bool,
    /// Whether one that is there already is no error.
    pub if_not_exists: bool,
    /// What elements a graph of it may have.
    pub elements: Vec<ElementType>,
}

/// `ALTER [CURRENT] GRAPH SET …`.
#[derive(Clone, Debug, PartialEq)]
pub enum AlterGraph {
    /// `CLOSED`: what is not declared is refused.
    Closed,
    /// `OPEN`: anything may be written.
    Open,
    /// `TYPE { … }`: these elements are declared, and no others may be written.
    Type(Vec<ElementType>),
    /// `TYPE name`: the elements of a graph type that was made under this name.
    NamedType(Name),
}

/// A sort of elements that a graph may have.
#[derive(Clone, Debug, PartialEq)]
pub enum ElementType {
    /// `(:Label {properties})`.
    Node {
        /// The label; a node of several has what each of them may carry.
        label: Name,
        /// What a node of it may carry.
        properties: Vec<PropertyType>,
    },
    /// `(:A|B)-[:TYPE {properties}]->(:C)`.
    Relationship {
        /// The labels of which one is at its start; any where empty.
        from: Vec<Name>,
        /// The type.
        name: Name,
        /// The labels of which one is at its end; any where empty.
        to: Vec<Name>,
        /// What it may carry.
        properties: Vec<PropertyType>,
    },
}

/// `key :: type`.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyType {
    /// The key.
    pub name: Name,
    /// What its values are.
    pub value_type: ValueType,
}

/// `CREATE [RANGE|TEXT] INDEX [name] [IF NOT EXISTS] FOR (n:Label) ON (n.key, …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateIndex {
    /// Which kind of index.
    pub kind: IndexKind,
    /// Its name, if written.
    pub name: Option<Name>,
    /// Whether an index that is there already is no error.
    pub if_not_exists: bool,
    /// Which elements it holds.
    pub target: SchemaTarget,
    /// Which properties, at least one.
    pub properties: Vec<Name>,
}

/// Which kind of index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// Equality, range and prefix; the default.
    Range,
    /// Search in text.
    Text,
}

/// `DROP INDEX name [IF EXISTS]`, `DROP CONSTRAINT name [IF EXISTS]`, `DROP GRAPH TYPE [IF EXISTS] name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drop {
    /// What is dropped.
    pub name: Name,
    /// Whether a missing one is no error.
    pub if_exists: bool,
}

/// `CREATE CONSTRAINT [name] [IF NOT EXISTS] FOR (n:Label) REQUIRE n.key IS …`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateConstraint {
    /// Its name, if written.
    pub name: Option<Name>,
    /// Whether a constraint that is there already is no error.
    pub if_not_exists: bool,
    /// Which elements it holds for.
    pub target: SchemaTarget,
    /// Which properties, at least one.
    pub properties: Vec<Name>,
    /// What must hold.
    pub requirement: Requirement,
}

/// What a constraint requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// `IS UNIQUE`.
    Unique,
    /// `IS NODE KEY`, `IS RELATIONSHIP KEY`, `IS KEY`: unique and there.
    Key,
    /// `IS NOT NULL`.
    NotNull,
    /// `IS :: type`.
    Type(ValueType),
}

/// `FOR (n:Label)` or `FOR ()-[r:TYPE]-()`.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaTarget {
    /// Node or relationship.
    pub kind: ElementKind,
    /// The variable that the properties are written with.
    pub variable: Variable,
    /// The label or type.
    pub label: Name,
    /// Where it stands.
    pub span: Span,
}

/// Node or relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementKind {
    /// A node.
    Node,
    /// A relationship.
    Relationship,
}

/// A type of values, as a constraint, a test or a conversion names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `BOOLEAN`, `BOOL`.
    Boolean,
    /// `INTEGER`, `INT`.
    Integer,
    /// `FLOAT`.
    Float,
    /// `STRING`.
    String,
    /// `DATE`.
    Date,
    /// `LOCAL TIME`.
    LocalTime,
    /// `ZONED TIME`, `TIME`.
    Time,
    /// `LOCAL DATETIME`.
    LocalDateTime,
    /// `ZONED DATETIME`, `DATETIME`.
    DateTime,
    /// `DURATION`.
    Duration,
    /// `MAP`.
    Map,
    /// `NODE`, `VERTEX`.
    Node,
    /// `RELATIONSHIP`, `EDGE`.
    Relationship,
    /// `PATH`.
    Path,
    /// `PARTIAL DATE`.
    PartialDate,
    /// `LITERAL`.
    Literal,
    /// `PROPERTY VALUE`.
    PropertyValue,
    /// `NULL`.
    Null,
    /// `NOTHING`.
    Nothing,
    /// `ANY`.
    Any,
    /// `LIST<type>`.
    List(Box<ValueType>),
    /// `type | type`, `ANY<type | type>`.
    OneOf(Vec<ValueType>),
    /// `type NOT NULL`, `type!`.
    NotNull(Box<ValueType>),
}

/// `SHOW subject [WHERE …]`, `SHOW subject YIELD … [WHERE …] [ORDER BY …] [SKIP …] [LIMIT …] [RETURN …]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// What is shown.
    pub subject: ShowSubject,
    /// Which columns are wanted; its filter is the WHERE behind it.
    pub yields: Option<Yield>,
    /// The order of rows behind YIELD; empty means none.
    pub order: Vec<SortItem>,
    /// How many rows are left out at the start.
    pub skip: Option<Expression>,
    /// How many rows there are at most.
    pub limit: Option<Expression>,
    /// The RETURN behind YIELD.
    pub returns: Option<Return>,
    /// The WHERE of a statement without YIELD.
    pub filter: Option<Expression>,
    /// Where it stands.
    pub span: Span,
}

/// What can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowSubject {
    /// `LABELS`.
    Labels,
    /// `TYPES`, `RELATIONSHIP TYPES`.
    RelationshipTypes,
    /// `PROPERTIES`, `PROPERTY KEYS`.
    Properties,
    /// `FUNCTIONS`.
    Functions,
    /// `PROCEDURES`.
    Procedures,
    /// `INDEXES`.
    Indexes,
    /// `CONSTRAINTS`.
    Constraints,
    /// `SETTINGS`.
    Settings,
    /// `SCHEMA`.
    Schema,
    /// `GRAPH TYPES`.
    GraphTypes,
}
