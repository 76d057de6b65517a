//! The limits of a text, checked before the parser sees it: how long it may be and how deep it may nest.
//!
//! Depth is counted in levels: a bracket of any kind, a CASE, a prefix operator and a lookup behind an operand are one level each.
//! Brackets are counted by [`check`] over the tokens, before the parser runs; the rest while the tree is built, by [`Depth`]. Operators
//! in a row are no levels: the tree holds them as lists.

use super::ast::Span;
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::parser::Rule;
use super::parser::{self, Node};

/// How many levels deep a statement may nest.
pub const NESTING_LIMIT: usize = 300;

/// How many bytes a statement may have.
pub const STATEMENT_SIZE_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// How many levels deep the builder is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth(usize);

impl Depth {
    /// The statement itself.
    pub(super) const TOP: Depth = Depth(0);

    /// Returns the depth some levels below, or the error that this is too deep at this place.
    pub(super) fn below(self, levels: usize, node: &Node<'_>) -> Built<Depth> {
        let depth = self.0 + levels;
        match depth > NESTING_LIMIT {
            true => Err(too_deep(parser::span_of(node))),
            false => Ok(Depth(depth)),
        }
    }
}

/// Checks length and nesting; returns how deep the parser will go, at most.
pub(super) fn check(text: &str) -> Built<usize> {
    if text.len() > STATEMENT_SIZE_LIMIT_BYTES {
        let message = format!("the statement has {} bytes; at most {STATEMENT_SIZE_LIMIT_BYTES} are read", text.len());
        return Err(SyntaxError::new(SyntaxErrorKind::LimitExceeded, message, Span::new(0, 0))
            .with_hint("load bulk data with `LOAD CSV` or `import`"));
    }
    // Most texts have fewer openers than the limit has levels; then nothing need be told apart.
    let openers = openers_at_most(text);
    // A NOT behind a comparison takes in what follows, which goes deeper too; the builder counts it.
    let nots = text.as_bytes().windows(3).filter(|word| word.eq_ignore_ascii_case(b"not")).count();
    let depth = if openers <= NESTING_LIMIT { openers } else { nesting_of(text)? };
    Ok(depth + nots.min(NESTING_LIMIT))
}

/// Counts what might open a level, whatever it stands in.
fn openers_at_most(text: &str) -> usize {
    let bytes = text.as_bytes();
    let brackets = bytes.iter().filter(|byte| matches!(byte, b'(' | b'[' | b'{')).count();
    let cases = bytes.windows(4).filter(|word| word.eq_ignore_ascii_case(b"case")).count();
    brackets + cases
}

/// Counts the levels that are open at the same time.
fn nesting_of(text: &str) -> Built<usize> {
    let mut open = 0usize;
    let mut deepest = 0usize;
    for token in super::token::raw_tokens(text) {
        let step = match token.rule {
            Rule::symbol => match token.span.text(text) {
                "(" | "[" | "{" => 1,
                ")" | "]" | "}" => -1,
                _ => 0,
            },
            Rule::word if token.span.text(text).eq_ignore_ascii_case("case") => 1,
            Rule::word if token.span.text(text).eq_ignore_ascii_case("end") => -1,
            _ => 0,
        };
        // A key named `end` may close what is not open; it must not go below the ground.
        open = open.saturating_add_signed(step);
        deepest = deepest.max(open);
        if open > NESTING_LIMIT {
            return Err(too_deep(token.span));
        }
    }
    Ok(deepest)
}

/// The error of a text that nests too deep at a place.
fn too_deep(span: Span) -> SyntaxError {
    let message = format!("this is nested more than {NESTING_LIMIT} levels deep");
    SyntaxError::new(SyntaxErrorKind::LimitExceeded, message, span)
        .with_hint("take parts out into `WITH` or `LET`, or into a parameter")
}
