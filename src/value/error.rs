//! What goes wrong between values: an operator or a conversion that its operands do not allow.

use std::fmt;

use super::Kind;

/// The openCypher class of an error of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueErrorKind {
    /// An operand or argument has a kind or value that is not allowed here.
    TypeError,
    /// An argument's value is out of the range that is allowed.
    ArgumentError,
    /// A computation has no result: overflow, division by zero.
    ArithmeticError,
    /// The element was deleted earlier in the statement.
    EntityNotFound,
    /// What openCypher calls an error of syntax although it shows only at run time.
    SyntaxError,
}

/// What exactly is wrong, in the names of openCypher's test suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueErrorDetail {
    /// The kind does not fit.
    InvalidArgumentType,
    /// The kind fits, this value does not.
    InvalidArgumentValue,
    /// The number lies outside of what is allowed.
    NumberOutOfRange,
    /// A negative integer stands where none may.
    NegativeIntegerArgument,
    /// The result does not fit 64 bits.
    IntegerOverflow,
    /// An integer was divided by zero.
    DivisionByZero,
    /// A map was asked for a key that is no string.
    MapElementAccessByNonString,
    /// The element was deleted.
    DeletedEntityAccess,
}

/// An error of values: class, detail, and words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    /// The openCypher class.
    pub kind: ValueErrorKind,
    /// The openCypher detail.
    pub detail: ValueErrorDetail,
    /// What is wrong.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

impl ValueErrorKind {
    /// Returns the openCypher name.
    pub fn name(self) -> &'static str {
        match self {
            ValueErrorKind::TypeError => "TypeError",
            ValueErrorKind::ArgumentError => "ArgumentError",
            ValueErrorKind::ArithmeticError => "ArithmeticError",
            ValueErrorKind::EntityNotFound => "EntityNotFound",
            ValueErrorKind::SyntaxError => "SyntaxError",
        }
    }
}

impl ValueErrorDetail {
    /// Returns the openCypher name.
    pub fn name(self) -> &'static str {
        match self {
            ValueErrorDetail::InvalidArgumentType => "InvalidArgumentType",
            ValueErrorDetail::InvalidArgumentValue => "InvalidArgumentValue",
            ValueErrorDetail::NumberOutOfRange => "NumberOutOfRange",
            ValueErrorDetail::NegativeIntegerArgument => "NegativeIntegerArgument",
            ValueErrorDetail::IntegerOverflow => "IntegerOverflow",
            ValueErrorDetail::DivisionByZero => "DivisionByZero",
            ValueErrorDetail::MapElementAccessByNonString => "MapElementAccessByNonString",
            ValueErrorDetail::DeletedEntityAccess => "DeletedEntityAccess",
        }
    }
}

impl ValueError {
    /// Returns an error of this class and detail.
    pub fn new(kind: ValueErrorKind, detail: ValueErrorDetail, message: impl Into<String>) -> Self {
        ValueError { kind, detail, message: message.into(), hint: None }
    }

    /// Returns a `TypeError` for an operand or argument of the wrong kind.
    pub fn wrong_kind(message: impl Into<String>) -> Self {
        Self::new(ValueErrorKind::TypeError, ValueErrorDetail::InvalidArgumentType, message)
    }

    /// Returns a `TypeError` for a value that its place does not allow.
    pub fn wrong_value(message: impl Into<String>) -> Self {
        Self::new(ValueErrorKind::TypeError, ValueErrorDetail::InvalidArgumentValue, message)
    }

    /// Returns an `ArgumentError` for a value that cannot be read or built.
    pub fn bad_argument(message: impl Into<String>) -> Self {
        Self::new(ValueErrorKind::ArgumentError, ValueErrorDetail::InvalidArgumentValue, message)
    }

    /// Returns an `ArgumentError` for a number out of range.
    pub fn out_of_range(message: impl Into<String>) -> Self {
        Self::new(ValueErrorKind::ArgumentError, ValueErrorDetail::NumberOutOfRange, message)
    }

    /// Returns the error of an integer result that does not fit 64 bits.
    pub fn integer_overflow(computation: impl fmt::Display) -> Self {
        Self::new(
            ValueErrorKind::ArithmeticError,
            ValueErrorDetail::IntegerOverflow,
            format!("`{computation}` does not fit a 64-bit integer"),
        )
        .with_hint("use a float, as in `1.0 * x`")
    }

    /// Returns the error of an integer division by zero.
    pub fn division_by_zero() -> Self {
        Self::new(ValueErrorKind::ArithmeticError, ValueErrorDetail::DivisionByZero, "an integer is divided by zero")
            .with_hint("test for zero before, or divide floats: `toFloat(a) / b`")
    }

    /// Returns the error of a binary operator between kinds that it does not join.
    pub fn operator(operator: &str, lhs: Kind, rhs: Kind) -> Self {
        Self::wrong_kind(format!("`{operator}` is not defined between {} and {}", lhs.name(), rhs.name()))
            .with_hint("convert with `toInteger`, `toFloat` or `toString`")
    }

    /// Returns this error with words about what to try.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ValueError {}
