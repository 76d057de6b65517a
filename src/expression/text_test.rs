//! A test of one text against a constant: a comparison, a prefix, an infix, a pattern.

use regex::Regex;
use smol_str::SmolStr;

use super::{ComparisonOperator, StringOperator};

/// Beyond this, setting up a search pays.
const LONG_TEXT_BYTES: usize = 64;

/// A predicate on a text.
#[derive(Clone, Debug)]
pub(super) enum TextTest {
    /// Stands so to the constant, by code point.
    Compare(ComparisonOperator, SmolStr),
    /// Begins with, ends with or contains the constant.
    Part(StringOperator, SmolStr),
    /// Matches as a whole.
    Pattern(Regex),
}

impl TextTest {
    /// Says whether the text passes.
    #[inline]
    pub(super) fn holds(&self, text: &str) -> bool {
        match self {
            TextTest::Compare(operator, constant) => operator.test(text, constant.as_str()),
            // The first byte tells most apart.
            TextTest::Part(StringOperator::StartsWith, constant) => {
                text.as_bytes().first() == constant.as_bytes().first() && text.starts_with(constant.as_str())
                    || constant.is_empty()
            }
            TextTest::Part(StringOperator::EndsWith, constant) => text.ends_with(constant.as_str()),
            TextTest::Part(_, constant) => contains(text, constant),
            TextTest::Pattern(pattern) => pattern.is_match(text),
        }
    }

    /// Says whether two tests are one.
    pub(super) fn is_same(&self, other: &TextTest) -> bool {
        match (self, other) {
            (TextTest::Compare(left, text), TextTest::Compare(right, other)) => left == right && text == other,
            (TextTest::Part(left, text), TextTest::Part(right, other)) => left == right && text == other,
            (TextTest::Pattern(left), TextTest::Pattern(right)) => left.as_str() == right.as_str(),
            _ => false,
        }
    }
}

/// Says whether a text has another in it. Names are short: a plain loop is done before a search would have been set up.
fn contains(text: &str, part: &str) -> bool {
    let (bytes, wanted) = (text.as_bytes(), part.as_bytes());
    match wanted {
        [] => true,
        _ if bytes.len() > LONG_TEXT_BYTES => text.contains(part),
        [first, ..] => bytes.windows(wanted.len()).any(|window| window[0] == *first && window == wanted),
    }
}

impl ComparisonOperator {
    /// Says whether two values of one ordered type stand so to each other.
    #[inline]
    pub(super) fn test<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            ComparisonOperator::Equal => left == right,
            ComparisonOperator::NotEqual => left != right,
            ComparisonOperator::Less => left < right,
            ComparisonOperator::LessOrEqual => left <= right,
            ComparisonOperator::Greater => left > right,
            ComparisonOperator::GreaterOrEqual => left >= right,
        }
    }

    /// Returns the operator that means the same with the operands changed over.
    pub fn flipped(self) -> ComparisonOperator {
        match self {
            ComparisonOperator::Less => ComparisonOperator::Greater,
            ComparisonOperator::LessOrEqual => ComparisonOperator::GreaterOrEqual,
            ComparisonOperator::Greater => ComparisonOperator::Less,
            ComparisonOperator::GreaterOrEqual => ComparisonOperator::LessOrEqual,
            same => same,
        }
    }
}
