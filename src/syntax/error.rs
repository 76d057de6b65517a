//! What can be wrong with a text: the kinds bear the openCypher names.

use smol_str::SmolStr;

use super::ast::Span;
use crate::diagnostic::{self, Diagnostic, Phase};

/// A text that is no statement: what is wrong, where, and what to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which kind of mistake.
    pub kind: SyntaxErrorKind,
    /// What is wrong, in a person's words.
    pub message: String,
    /// Where in the text.
    pub span: Span,
    /// What to try, where there is something to try.
    pub hint: Option<String>,
    /// What could have stood there, in a person's words; short, may be empty.
    pub expected: Vec<SmolStr>,
    /// Whether the text only stops too early: more text behind it could mend it.
    pub at_end: bool,
}

/// What the parts of the parser answer.
pub(super) type Built<Part> = Result<Part, SyntaxError>;

impl SyntaxError {
    /// Returns an error without hint.
    pub fn new(kind: SyntaxErrorKind, message: impl Into<String>, span: Span) -> Self {
        SyntaxError { kind, message: message.into(), span, hint: None, expected: Vec::new(), at_end: false }
    }

    /// Returns the error with a hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Span> for diagnostic::Span {
    fn from(span: Span) -> Self {
        diagnostic::Span::new(span.start as usize, span.end as usize)
    }
}

impl From<SyntaxError> for Diagnostic {
    fn from(error: SyntaxError) -> Self {
        let finding = Diagnostic::error(Phase::Compile, "SyntaxError", error.kind.name(), error.message);
        let finding = finding.at(error.span.into());
        match error.hint {
            Some(hint) => finding.with_hint(hint),
            None => finding,
        }
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// The kinds of mistakes that the text alone shows; all are `SyntaxError` at compile time in openCypher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// Something stands where it cannot stand.
    UnexpectedSyntax,
    /// A number that is none, such as `0x1G`.
    InvalidNumberLiteral,
    /// An integer beyond 64 bits.
    IntegerOverflow,
    /// A float beyond the greatest.
    FloatingPointOverflow,
    /// A `\u` escape that is none.
    InvalidUnicodeLiteral,
    /// A character that looks like one of the language's but is not.
    InvalidUnicodeCharacter,
    /// A parameter where none may stand.
    InvalidParameterUse,
    /// A relationship's brackets hold what no relationship has.
    InvalidRelationshipPattern,
    /// A relationship to be made needs exactly one type.
    NoSingleRelationshipType,
    /// A relationship to be made needs a direction.
    RequiresDirectedRelationship,
    /// A relationship to be made cannot have a variable length.
    CreatingVarLength,
    /// Clauses stand in an order that means nothing, or UNION and UNION ALL are mixed.
    InvalidClauseComposition,
    /// A call within a query without its arguments.
    InvalidArgumentPassingMode,
    /// A text longer or nested deeper than the limits allow.
    LimitExceeded,
}

impl SyntaxErrorKind {
    /// Returns the name that openCypher gives the kind.
    pub fn name(self) -> &'static str {
        match self {
            SyntaxErrorKind::UnexpectedSyntax => "UnexpectedSyntax",
            SyntaxErrorKind::InvalidNumberLiteral => "InvalidNumberLiteral",
            SyntaxErrorKind::IntegerOverflow => "IntegerOverflow",
            SyntaxErrorKind::FloatingPointOverflow => "FloatingPointOverflow",
            SyntaxErrorKind::InvalidUnicodeLiteral => "InvalidUnicodeLiteral",
            SyntaxErrorKind::InvalidUnicodeCharacter => "InvalidUnicodeCharacter",
            SyntaxErrorKind::InvalidParameterUse => "InvalidParameterUse",
            SyntaxErrorKind::InvalidRelationshipPattern => "InvalidRelationshipPattern",
            SyntaxErrorKind::NoSingleRelationshipType => "NoSingleRelationshipType",
            SyntaxErrorKind::RequiresDirectedRelationship => "RequiresDirectedRelationship",
            SyntaxErrorKind::CreatingVarLength => "CreatingVarLength",
            SyntaxErrorKind::InvalidClauseComposition => "InvalidClauseComposition",
            SyntaxErrorKind::InvalidArgumentPassingMode => "InvalidArgumentPassingMode",
            SyntaxErrorKind::LimitExceeded => "LimitExceeded",
        }
    }
}
