//! Scripts cut into statements and commands, each with its place.
//!
//! A statement ends at `;` or with the text; a line that begins with `:` where a statement could begin is a command to the shell. The
//! lexer says what is text or comment, so that a `;` there ends nothing.

use std::ops::Range;

use crate::syntax::{TokenKind, tokens};

/// A piece of a script, by its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A statement without its `;`.
    Statement(Range<usize>),
    /// A line that begins with `:`.
    Command(Range<usize>),
}

/// Returns the pieces of a script, in order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < text.len() {
        // A comment before a command is no part of the statement behind it.
        start += comments_size_bytes(&text[start..]);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let line = text[start..line_end].trim_start();
        // A comment between statements is no part of one; a command may follow it.
        if line.trim_end().is_empty() || line.starts_with("//") {
            start = line_end + 1;
            continue;
        }
        if line.starts_with(':') {
            let trimmed = line.trim_end();
            let from = line_end - line.len();
            pieces.push(Piece::Command(from..from + trimmed.len()));
            start = line_end + 1;
            continue;
        }
        let (statement, next) = next_statement(text, start);
        pieces.extend(statement.map(Piece::Statement));
        start = next;
    }
    pieces
}

/// Returns how many bytes of blanks and comments a text begins with.
fn comments_size_bytes(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("//") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            None
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return text.len() - rest.len(),
        }
    }
}

/// Returns the statements of a script without commands.
pub(super) fn statements(text: &str) -> Vec<Range<usize>> {
    let mut statements = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let (statement, next) = next_statement(text, start);
        statements.extend(statement);
        start = next;
    }
    statements
}

/// Returns the statement that begins at a place, if anything but blanks and comments stands before its end, and where the next begins.
fn next_statement(text: &str, start: usize) -> (Option<Range<usize>>, usize) {
    let rest = &text[start..];
    let mut window = 4096;
    loop {
        let cut = boundary(rest, window);
        let (found, is_whole) = (end_in(&rest[..cut]), cut == rest.len());
        match found {
            // What ends within the window ends there whatever follows.
            Some((statement, next)) => return (shift(statement, start), start + next),
            None if is_whole => return (shift(content(rest), start), text.len()),
            None => window *= 4,
        }
    }
}

fn boundary(text: &str, at_most: usize) -> usize {
    let mut cut = at_most.min(text.len());
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    cut
}

fn shift(range: Option<Range<usize>>, offset: usize) -> Option<Range<usize>> {
    range.map(|range| range.start + offset..range.end + offset)
}

/// Returns the first statement of a text with its `;`, and where the next begins.
fn end_in(text: &str) -> Option<(Option<Range<usize>>, usize)> {
    let end = tokens(text).into_iter().find(|token| token.kind == TokenKind::Symbol && token.span.text(text) == ";")?;
    let range = end.span.range();
    Some((content(&text[..range.start]), range.end))
}

/// Returns where the tokens of a text stand that are no comments; comments before and behind are cut off.
fn content(text: &str) -> Option<Range<usize>> {
    let tokens = tokens(text);
    let mut real = tokens.iter().filter(|token| token.kind != TokenKind::Comment);
    let first = real.next()?;
    let last = real.next_back().unwrap_or(first);
    Some(first.span.range().start..last.span.range().end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        let piece = |piece: Piece| match piece {
            Piece::Statement(range) | Piece::Command(range) => &script[range],
        };
        pieces(script).into_iter().map(piece).collect()
    }

    #[test]
    fn cuts_at_semicolons_that_are_no_text() {
        assert_eq!(texts("RETURN ';' AS a; // ;\n /* ; */ RETURN `;`;;\n\n"), ["RETURN ';' AS a", "RETURN `;`"]);
        assert_eq!(texts("RETURN 1"), ["RETURN 1"]);
        assert_eq!(texts("// nothing\n"), Vec::<&str>::new());
        assert_eq!(texts(""), Vec::<&str>::new());
    }

    #[test]
    fn finds_commands_between_statements() {
        assert_eq!(
            texts(":param x 1\nMATCH (n\n:A) RETURN n;\n  :quit  \nRETURN 2"),
            [":param x 1", "MATCH (n\n:A) RETURN n", ":quit", "RETURN 2"]
        );
        assert_eq!(texts("// what it does\n:param x 1\nRETURN $x"), [":param x 1", "RETURN $x"]);
    }

    #[test]
    fn a_comment_before_a_command_stays_a_comment() {
        // It became part of the statement behind the command, which then could not be read.
        assert_eq!(
            texts("// the year\n:param x 1\nRETURN $x;\n/* two\nlines */ // more\n\n:quit\n"),
            [":param x 1", "RETURN $x", ":quit"]
        );
        assert_eq!(texts("// only this"), Vec::<&str>::new());
        assert_eq!(texts("/* open\n:param x 1"), ["/* open\n:param x 1"]);
    }

    #[test]
    fn cuts_statements_longer_than_a_window() {
        let long = format!("RETURN '{}' AS 园; RETURN 1;", "园;".repeat(10_000));
        assert_eq!(texts(&long).len(), 2);
    }
}
