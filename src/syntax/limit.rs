//! The limits of a text, checked before the parser sees it: how long it may be and how deep it may nest.
//!
//! Depth is counted in levels: a bracket of any kind, a CASE, a prefix operator and a lookup behind an operand are one level each, a
//! query within a query is four (its clauses are larger things to walk through).
//! Brackets are counted by [`check`] over the tokens, before the parser runs; the rest while the tree is built, by [`Depth`]. Operators
//! in a row are no levels: the tree holds them as lists. Clauses in a row are none either, but the plan of each stands on the one
//! before, so that their number is bounded too.

use pest::iterators::Pairs;

use super::ast::Span;
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::parser::{self, Node, Rule};
use super::token::{RawToken, raw_tokens};

/// How many levels deep a statement may nest.
pub const NESTING_LIMIT: usize = 300;

/// How many clauses may follow each other, those around a query within a query included.
pub const CLAUSE_LIMIT: usize = 10_000;

/// How many levels a query takes, and the clauses of a FOREACH.
pub(super) const QUERY_LEVELS: usize = 4;

/// How many bytes a statement may have.
pub const STATEMENT_SIZE_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// How many levels deep the builder is, and how many clauses stand in the queries around.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth {
    levels: usize,
    clauses: usize,
}

impl Depth {
    /// The statement itself.
    pub(super) const TOP: Depth = Depth { levels: 0, clauses: 0 };

    /// Returns the depth some levels below, or the error that this is too deep at this place.
    pub(super) fn below(self, levels: usize, node: &Node<'_>) -> Built<Depth> {
        let levels = self.levels + levels;
        match levels > NESTING_LIMIT {
            true => Err(too_deep(parser::span_of(node))),
            false => Ok(Depth { levels, ..self }),
        }
    }

    /// Returns the depth in a row of clauses, or the error that they are too many.
    pub(super) fn among(self, clauses: &Pairs<'_, Rule>) -> Built<Depth> {
        let room = CLAUSE_LIMIT - self.clauses;
        let mut parts = clauses.clone();
        match parts.by_ref().take(room).count() {
            counted if parts.peek().is_none() => Ok(Depth { clauses: self.clauses + counted, ..self }),
            _ => Err(too_many(parts.peek().map_or(Span::new(0, 0), |first| parser::span_of(&first)))),
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
    let brackets = bytes.iter().filter(|byte| matches!(byte, b'(' | b'[' | b'{' | b'<')).count();
    brackets + bytes.windows(4).filter(|word| word.eq_ignore_ascii_case(b"case")).count()
}

/// Counts the levels that are open at the same time: brackets, CASE up to its END, and the `<` of a type.
///
/// The parser goes as deep as this says and takes its stack from it, so a level must never be missed: what is not plainly a closing END
/// (a key, a label) closes nothing, and a type stays open.
fn nesting_of(text: &str) -> Built<usize> {
    let tokens = raw_tokens(text);
    let words: Vec<RawToken> =
        tokens.into_iter().filter(|token| !matches!(token.rule, Rule::line_comment | Rule::block_comment)).collect();
    let written =
        |index: Option<usize>| index.and_then(|index| words.get(index)).map_or("", |token| token.span.text(text));
    let mut open = 0usize;
    let mut deepest = 0usize;
    for (index, token) in words.iter().enumerate() {
        let step = match (token.rule, token.span.text(text)) {
            (Rule::mark, "(" | "[" | "{") => 1,
            (Rule::mark, ")" | "]" | "}") => -1,
            (Rule::symbol, "<") if opens_type(written(index.checked_sub(1))) => 1,
            // Behind a point it is a key.
            (Rule::word, word) if word.eq_ignore_ascii_case("case") && written(index.checked_sub(1)) != "." => 1,
            (Rule::word, word) if word.eq_ignore_ascii_case("end") => {
                let before = index.checked_sub(1).and_then(|before| words.get(before));
                let closes = before.is_some_and(|before| ends_operand(before, text)) && written(Some(index + 1)) != ":";
                if closes { -1 } else { 0 }
            }
            _ => 0,
        };
        // A text may close more than it opens; it must not go below the ground.
        open = open.saturating_add_signed(step);
        deepest = deepest.max(open);
        if open > NESTING_LIMIT {
            return Err(too_deep(token.span));
        }
    }
    Ok(deepest)
}

/// Tells whether a `<` behind this word begins what is in a type.
fn opens_type(word: &str) -> bool {
    ["list", "array", "any", "value"].iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// Tells whether an expression may end with this token, so that an END behind it closes a CASE.
fn ends_operand(token: &RawToken, text: &str) -> bool {
    match token.rule {
        Rule::word => {
            let word = token.span.text(text);
            !["is", "labeled", "yield", "index", "constraint"].iter().any(|other| word.eq_ignore_ascii_case(other))
        }
        Rule::mark => matches!(token.span.text(text), ")" | "]" | "}"),
        Rule::symbol => token.span.text(text) == "%",
        _ => true,
    }
}

/// The error of a text that nests too deep at a place.
fn too_deep(span: Span) -> SyntaxError {
    let message = format!("this is nested more than {NESTING_LIMIT} levels deep");
    SyntaxError::new(SyntaxErrorKind::LimitExceeded, message, span)
        .with_hint("take parts out into `WITH` or `LET`, or into a parameter")
}

/// The error of a clause that is one too many.
fn too_many(span: Span) -> SyntaxError {
    let message = format!("a query has more than {CLAUSE_LIMIT} clauses");
    SyntaxError::new(SyntaxErrorKind::LimitExceeded, message, span)
        .with_hint("make several statements of it, or one clause behind `UNWIND` of a list, a parameter or `LOAD CSV`")
}
