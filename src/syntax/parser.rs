//! The one place where the parser library runs: text to pairs, on a stack that is large enough for the depth of the text.

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::ast::Span;

/// The parser that the files of `grammar/` make; joined in this order.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/keyword.pest"]
#[grammar = "../grammar/lexical.pest"]
#[grammar = "../grammar/expression.pest"]
#[grammar = "../grammar/pattern.pest"]
#[grammar = "../grammar/clause.pest"]
#[grammar = "../grammar/statement.pest"]
struct Grammar;

/// Bytes of stack that the parser may take for each level of nesting; generous: an unoptimised build has large frames.
const STACK_SIZE_BYTES_PER_LEVEL: usize = if cfg!(debug_assertions) { 96 * 1024 } else { 24 * 1024 };

/// Bytes of stack for a flat text.
const STACK_SIZE_BYTES_FLAT: usize = 256 * 1024;

/// A node of the parser's result.
pub(super) type Node<'text> = Pair<'text, Rule>;

/// What the parser says about a text that it refuses.
pub(super) type Refusal = Box<pest::error::Error<Rule>>;

/// Runs a task that goes `depth` levels deep, on a new stretch of stack if the present one may be too short.
pub(super) fn with_stack<Answer>(depth: usize, task: impl FnOnce() -> Answer) -> Answer {
    let needed = STACK_SIZE_BYTES_FLAT + depth * STACK_SIZE_BYTES_PER_LEVEL;
    stacker::maybe_grow(needed, needed + STACK_SIZE_BYTES_FLAT, task)
}

/// Matches the whole text against a rule.
pub(super) fn parse(rule: Rule, text: &str) -> Result<Pairs<'_, Rule>, Refusal> {
    Grammar::parse(rule, text).map_err(Box::new)
}

/// Returns where a node stands; blanks that the grammar let in at its end are left out.
pub(super) fn span_of(node: &Node<'_>) -> Span {
    let span = node.as_span();
    let trimmed = span.as_str().trim_end().len();
    Span::new(span.start(), span.start() + trimmed)
}

/// Tells whether the whole text is what a rule means.
pub(super) fn matches_whole(rule: Rule, text: &str) -> bool {
    parse(rule, text).ok().and_then(|mut tree| tree.next()).is_some_and(|node| node.as_str().len() == text.len())
}
