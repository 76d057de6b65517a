//! Scripts: a text cut into statements at `;`, and whether a text is complete.

use super::ast::{Span, Statement};
use super::error::SyntaxError;
use super::parse_statement;
use super::parser::Rule;
use super::token::raw_tokens;

/// One statement of a script, not parsed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptStatement<'text> {
    /// Its text, without the comments before it and the `;` behind it.
    pub text: &'text str,
    /// Where it stands in the script.
    pub span: Span,
    /// What stands before it since the statement before: blanks and comments.
    pub leading: Span,
    /// Whether a `;` ends it; only the last may lack one.
    pub terminated: bool,
}

impl ScriptStatement<'_> {
    /// Parses the statement; the tree's spans count from the statement's own first byte.
    ///
    /// # Errors
    /// Returns what is wrong, with its place in the whole script.
    pub fn parse(&self) -> Result<Statement, SyntaxError> {
        parse_statement(self.text).map_err(|mut error| {
            error.span = error.span.shifted(self.span.start);
            error
        })
    }
}

/// Cuts a script into its statements; a `;` in a text, a name or a comment does not count, empty statements are left out.
pub fn split_script(text: &str) -> Vec<ScriptStatement<'_>> {
    let mut statements = Vec::new();
    // Where the present statement's text begins and ends, if it has begun; and where the one before ended.
    let mut present: Option<Span> = None;
    let mut behind = 0u32;
    let statement = |span: Span, behind: u32, terminated: bool| ScriptStatement {
        text: span.text(text),
        span,
        leading: Span { start: behind, end: span.start },
        terminated,
    };
    for token in raw_tokens(text) {
        let is_end = token.rule == Rule::mark && token.span.text(text) == ";";
        match (present, token.rule) {
            (Some(span), _) if is_end => {
                statements.push(statement(span, behind, true));
                (present, behind) = (None, token.span.end);
            }
            (None, _) if is_end => behind = token.span.end,
            (_, Rule::line_comment | Rule::block_comment) => {}
            (span, _) => present = Some(span.map_or(token.span, |span| span.to(token.span))),
        }
    }
    statements.extend(present.map(|span| statement(span, behind, false)));
    statements
}

/// Parses a script statement by statement, each when it is asked for.
pub fn parse_script(text: &str) -> impl Iterator<Item = (ScriptStatement<'_>, Result<Statement, SyntaxError>)> {
    split_script(text).into_iter().map(|statement| (statement, statement.parse()))
}

/// Whether a text can be run as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Nothing but blanks and comments.
    Empty,
    /// The grammar wants more: the last statement stops too early.
    NeedsMore,
    /// It can be run, or refused for good.
    Complete,
}

/// Tells whether a text can be run, or whether more must follow.
pub fn is_complete(text: &str) -> Completeness {
    let statements = split_script(text);
    match statements.last() {
        None if raw_tokens(text).iter().any(|token| token.rule == Rule::open_comment) => Completeness::NeedsMore,
        None => Completeness::Empty,
        Some(last) if last.terminated => Completeness::Complete,
        Some(last) => match last.parse() {
            Err(error) if error.at_end => Completeness::NeedsMore,
            _ => Completeness::Complete,
        },
    }
}
