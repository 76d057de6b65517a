//! The kinds of values, in openCypher's names.

/// The kind of a value, as error messages and signatures name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `NULL`.
    Null,
    /// `BOOLEAN`.
    Boolean,
    /// `INTEGER`, 64 bits.
    Integer,
    /// `FLOAT`, 64 bits.
    Float,
    /// `STRING`.
    String,
    /// `LIST`.
    List,
    /// `MAP`.
    Map,
    /// `DATE`.
    Date,
    /// `LOCAL TIME`.
    LocalTime,
    /// `TIME`.
    Time,
    /// `LOCAL DATETIME`.
    LocalDateTime,
    /// `DATETIME`.
    DateTime,
    /// `DURATION`.
    Duration,
    /// `PARTIAL DATE`: a year, or a year and month.
    PartialDate,
    /// `LITERAL`: RDF text with datatype or language.
    Literal,
    /// `NODE`.
    Node,
    /// `RELATIONSHIP`.
    Relationship,
    /// `PATH`.
    Path,
}
