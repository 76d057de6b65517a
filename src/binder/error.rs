//! What can be wrong with the meaning of a statement: names that are not there, values of the wrong kind, clauses in no order.

use std::fmt;

use crate::diagnostic::{self, Diagnostic, Phase};
use crate::syntax::ast;

/// A statement that means nothing: what is wrong, where, and what to try.
#[derive(Clone, Debug)]
pub struct BindError {
    /// Which kind of mistake.
    pub kind: BindErrorKind,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where in the text.
    pub span: ast::Span,
    /// A few words at the caret.
    pub label: Option<String>,
    /// A further place, with its words.
    pub related: Option<(ast::Span, String)>,
    /// What to try.
    pub hint: Option<String>,
}

impl BindError {
    /// Returns an error at a place.
    pub fn new(kind: BindErrorKind, message: impl Into<String>, span: ast::Span) -> Self {
        BindError { kind, message: message.into(), span, label: None, related: None, hint: None }
    }

    /// Returns the error with words at the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Returns the error with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the error with a hint, unless it has one.
    #[must_use]
    pub fn with_hint_if_none(self, hint: impl Into<String>) -> Self {
        if self.hint.is_some() { self } else { self.with_hint(hint) }
    }

    /// Returns the error with a further place.
    #[must_use]
    pub fn with_related(mut self, span: ast::Span, words: impl Into<String>) -> Self {
        self.related = Some((span, words.into()));
        self
    }

    /// Returns the error with the hint that names the nearest of the known names, unless none is near or it has a hint already.
    #[must_use]
    pub fn with_nearest<'n>(self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        match (&self.hint, diagnostic::nearest(name, known)) {
            (None, Some(near)) => self.with_hint(format!("did you mean `{near}`?")),
            _ => self,
        }
    }

    /// Returns the finding as plain data.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut finding =
            Diagnostic::error(Phase::Compile, self.kind.family(), self.kind.detail(), self.message.clone())
                .at(plain_span(self.span));
        if let Some(label) = &self.label {
            finding = finding.with_label(label.clone());
        }
        if let Some((span, words)) = &self.related {
            finding = finding.with_related(plain_span(*span), words.clone());
        }
        if let Some(hint) = &self.hint {
            finding = finding.with_hint(hint.clone());
        }
        finding
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}: {}", self.kind.family(), self.kind.detail(), self.message)
    }
}

impl std::error::Error for BindError {}

/// Returns the span of the tree as a span of a finding.
pub(super) fn plain_span(span: ast::Span) -> diagnostic::Span {
    diagnostic::Span::new(span.start as usize, span.end as usize)
}

/// The kinds of mistakes, in openCypher's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BindErrorKind {
    /// A variable that is not in scope.
    UndefinedVariable,
    /// A name that is taken already.
    VariableAlreadyBound,
    /// A variable used as something that it is not.
    VariableTypeConflict,
    /// An argument or operand of a kind that cannot be.
    InvalidArgumentType,
    /// An access to a part of something that has none; a `TypeError` by name.
    InvalidPartAccess,
    /// An aggregate where none may stand.
    InvalidAggregation,
    /// An aggregate within an aggregate.
    NestedAggregation,
    /// Something that is neither aggregated nor grouped by, beside an aggregate.
    AmbiguousAggregationExpression,
    /// Two columns of one name.
    ColumnNameConflict,
    /// A column of WITH without a name.
    NoExpressionAlias,
    /// Parts of a union with different columns.
    DifferentColumnsInUnion,
    /// Clauses in an order that means nothing.
    InvalidClauseComposition,
    /// Too few or too many arguments.
    InvalidNumberOfArguments,
    /// A function that does not exist.
    UnknownFunction,
    /// A negative number where none may be.
    NegativeIntegerArgument,
    /// A value that must be the same for all rows, and is not.
    NonConstantExpression,
    /// Something that cannot be deleted.
    InvalidDelete,
    /// A chain where one relationship is made.
    CreatingVarLength,
    /// A relationship to be made without exactly one type.
    NoSingleRelationshipType,
    /// A relationship to be made without direction.
    RequiresDirectedRelationship,
    /// A parameter where none may stand.
    InvalidParameterUse,
    /// Something that cannot stand here.
    UnexpectedSyntax,
    /// Arguments that must be written out.
    InvalidArgumentPassingMode,
    /// A procedure that does not exist; a `ProcedureError`.
    ProcedureNotFound,
    /// A pattern that matches nothing that could be.
    InvalidRelationshipPattern,
    /// One relationship twice in a pattern, whose relationships must differ.
    RelationshipUniquenessViolation,
    /// `*` where there are no variables.
    NoVariablesInScope,
    /// A parameter without value; a `ParameterMissing`.
    MissingParameter,
    /// A date that is none.
    InvalidDate,
    /// Something that the language allows and this engine cannot do yet.
    Unsupported,
}

impl BindErrorKind {
    /// Returns the openCypher kind, such as `SyntaxError`.
    pub fn family(self) -> &'static str {
        match self {
            BindErrorKind::InvalidPartAccess => "TypeError",
            BindErrorKind::ProcedureNotFound => "ProcedureError",
            BindErrorKind::MissingParameter => "ParameterMissing",
            _ => "SyntaxError",
        }
    }

    /// Returns the openCypher detail, such as `UndefinedVariable`.
    pub fn detail(self) -> &'static str {
        match self {
            BindErrorKind::UndefinedVariable => "UndefinedVariable",
            BindErrorKind::VariableAlreadyBound => "VariableAlreadyBound",
            BindErrorKind::VariableTypeConflict => "VariableTypeConflict",
            BindErrorKind::InvalidArgumentType | BindErrorKind::InvalidPartAccess => "InvalidArgumentType",
            BindErrorKind::InvalidAggregation => "InvalidAggregation",
            BindErrorKind::NestedAggregation => "NestedAggregation",
            BindErrorKind::AmbiguousAggregationExpression => "AmbiguousAggregationExpression",
            BindErrorKind::ColumnNameConflict => "ColumnNameConflict",
            BindErrorKind::NoExpressionAlias => "NoExpressionAlias",
            BindErrorKind::DifferentColumnsInUnion => "DifferentColumnsInUnion",
            BindErrorKind::InvalidClauseComposition => "InvalidClauseComposition",
            BindErrorKind::InvalidNumberOfArguments => "InvalidNumberOfArguments",
            BindErrorKind::UnknownFunction => "UnknownFunction",
            BindErrorKind::NegativeIntegerArgument => "NegativeIntegerArgument",
            BindErrorKind::NonConstantExpression => "NonConstantExpression",
            BindErrorKind::InvalidDelete => "InvalidDelete",
            BindErrorKind::CreatingVarLength => "CreatingVarLength",
            BindErrorKind::NoSingleRelationshipType => "NoSingleRelationshipType",
            BindErrorKind::RequiresDirectedRelationship => "RequiresDirectedRelationship",
            BindErrorKind::InvalidParameterUse => "InvalidParameterUse",
            BindErrorKind::UnexpectedSyntax => "UnexpectedSyntax",
            BindErrorKind::InvalidArgumentPassingMode => "InvalidArgumentPassingMode",
            BindErrorKind::ProcedureNotFound => "ProcedureNotFound",
            BindErrorKind::InvalidRelationshipPattern => "InvalidRelationshipPattern",
            BindErrorKind::RelationshipUniquenessViolation => "RelationshipUniquenessViolation",
            BindErrorKind::NoVariablesInScope => "NoVariablesInScope",
            BindErrorKind::MissingParameter => "MissingParameter",
            BindErrorKind::InvalidDate => "InvalidArgumentValue",
            BindErrorKind::Unsupported => "UnsupportedFeature",
        }
    }
}
