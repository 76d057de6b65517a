//! Text to syntax tree and back; the nesting limit, the keywords; the only room that knows the parser library.
//!
//! The syntax is defined by the files of `grammar/`, and nowhere else. [`parse_statement`] turns one statement's text into the tree of
//! [`ast`]; [`split_script`] cuts a script into statements; [`tokens`] serves colouring; [`print`](mod@print) turns a tree back into text.

pub mod ast;
mod check;
mod continuation;
mod habit;
mod expected;
mod message;
mod slip;
mod slip_clause;
mod script;
mod layout;
mod format;
pub mod print;
pub mod error;
pub mod keyword;
mod lift;
mod limit;
mod parse_atom;
mod parse_call;
mod parse_clause;
mod parse_expression;
mod parse_graph_type;
mod parse_literal;
mod parse_pattern;
mod parse_query;
mod parse_schema;
mod parse_statement;
mod parse_update;
mod parser;
mod precedence;
mod token;

pub use continuation::words_behind;
pub use error::{SyntaxError, SyntaxErrorKind};
pub use format::format_script;
pub use habit::look_alike;
pub use lift::{Lifted, lift_literals};
#[cfg(test)]
use limit::{CLAUSE_LIMIT, NESTING_LIMIT, STATEMENT_SIZE_LIMIT_BYTES};
#[cfg(test)]
use script::split_script;
pub use script::{Completeness, is_complete, parse_script};
pub use token::{Token, TokenKind, tokens};

/// Parses one statement, with or without a `;` at its end.
///
/// # Errors
/// Returns what is wrong with the text, with its place: see [`SyntaxErrorKind`].
pub fn parse_statement(text: &str) -> Result<ast::Statement, SyntaxError> {
    let depth = limit::check(text)?;
    parser::with_stack(depth, || {
        let tree = parser::parse(parser::Rule::statement, text);
        let mut tree = tree.map_err(|refusal| message::explain(text, &refusal))?;
        match tree.next() {
            Some(node) => parse_statement::statement(node),
            None => Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, "the text is empty", ast::Span::default())),
        }
    })
}

#[cfg(test)]
mod tests;
