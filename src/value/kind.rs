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

impl Kind {
    /// Returns the name that messages use, such as `INTEGER`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "NULL",
            Kind::Boolean => "BOOLEAN",
            Kind::Integer => "INTEGER",
            Kind::Float => "FLOAT",
            Kind::String => "STRING",
            Kind::List => "LIST",
            Kind::Map => "MAP",
            Kind::Date => "DATE",
            Kind::LocalTime => "LOCAL TIME",
            Kind::Time => "TIME",
            Kind::LocalDateTime => "LOCAL DATETIME",
            Kind::DateTime => "DATETIME",
            Kind::Duration => "DURATION",
            Kind::PartialDate => "PARTIAL DATE",
            Kind::Literal => "LITERAL",
            Kind::Node => "NODE",
            Kind::Relationship => "RELATIONSHIP",
            Kind::Path => "PATH",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}
