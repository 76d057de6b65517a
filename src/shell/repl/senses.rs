//! What the line editor asks while a person types: is it finished, how is it coloured, what could follow.

use std::borrow::Cow;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};

use crate::shell::script::{Piece, pieces};
use crate::shell::session::Session;
use crate::syntax::{Completeness, is_complete};

use super::completion::Names;
use super::highlight::{coloured, dimmed};

/// The senses; they know the names of the graph.
#[derive(Debug, Default)]
pub(super) struct Senses {
    names: Names,
}

impl Senses {
    /// Learns the names that the graph has now.
    pub(super) fn refresh(&mut self, session: &mut Session) {
        self.names.refresh(session);
    }
}

impl Helper for Senses {}

impl Hinter for Senses {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, _: &Context<'_>) -> Option<String> {
        self.names.rest_of_only(line, position)
    }
}

impl Validator for Senses {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        let finished = is_finished(context.input());
        Ok(if finished { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Highlighter for Senses {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        coloured(line)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        dimmed(hint)
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}

impl Completer for Senses {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        Ok(self.names.complete(line, position))
    }
}

/// Says whether what was typed is to be run: it is complete, or so wrong that more text cannot mend it, or the person insists with an
/// empty line.
fn is_finished(text: &str) -> bool {
    let insists = text.trim_end_matches([' ', '\t']).ends_with("\n");
    if insists {
        return true;
    }
    match pieces(text).last() {
        Some(Piece::Statement(range)) => is_complete(&text[range.start..]) != Completeness::NeedsMore,
        Some(Piece::Command(_)) | None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_runs_once_it_is_complete() {
        assert!(is_finished("RETURN 1"));
        assert!(is_finished("RETURN 1; RETURN 2;"));
        assert!(is_finished(":help"));
        assert!(is_finished(""));
        assert!(is_finished("MATCH (n;"));
        assert!(is_finished("RETURN (1\n"));
    }

    #[test]
    fn an_unfinished_statement_waits_for_more() {
        for text in ["MATCH (n)", "RETURN (1", "RETURN 'a", "MATCH (n) RETURN", "RETURN 1; MATCH (n)", "RETURN 1 +"] {
            assert!(!is_finished(text), "{text}");
        }
    }
}
