//! `fmt FILE…`: lays query files out in the house's layout.
//!
//! A line that begins with `:` is a command to the shell; it stays as it is, and what stands between such lines is laid out as a script.

use std::ops::Range;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{SyntaxError, format_script, parse_script, print};

use super::arguments::FmtArguments;
use super::ending::Ending;
use super::report;
use super::script::{Piece, pieces};

/// Formats the files in place, or says which would change.
pub(super) fn run(arguments: &FmtArguments) -> Ending {
    let endings = arguments.files.iter().map(|file| format(file, arguments));
    endings.max().unwrap_or(Ending::Done)
}

fn format(file: &Path, arguments: &FmtArguments) -> Ending {
    let name = file.display().to_string();
    let is_input = name == "-";
    let read = if is_input { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text = match read {
        Ok(text) => text,
        Err(error) => {
            report::message(&format!("error: `{name}` cannot be read: {error}"));
            return Ending::WrongCall;
        }
    };
    let laid_out = match if arguments.one_line { one_line(&text) } else { layout(&text) } {
        Ok(laid_out) => laid_out,
        Err(error) => {
            report::diagnostic(&error, &text, Some(&name));
            return Ending::WrongText;
        }
    };
    if arguments.check {
        if laid_out == text {
            return Ending::Done;
        }
        report::message(&format!("{name} is not in the house's layout"));
        return Ending::Found;
    }
    if is_input || arguments.one_line {
        return match std::io::Write::write_all(&mut std::io::stdout(), laid_out.as_bytes()) {
            Ok(()) => Ending::Done,
            Err(_) => Ending::Failed,
        };
    }
    if laid_out == text {
        return Ending::Done;
    }
    match std::fs::write(file, laid_out) {
        Ok(()) => Ending::Done,
        Err(error) => {
            report::message(&format!("error: `{name}` cannot be written: {error}"));
            Ending::Failed
        }
    }
}

/// Returns a script's statements, each in a line of its own, printed from its tree; a command stays as it is.
fn one_line(text: &str) -> Result<String, Diagnostic> {
    let mut page = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Command(range) => page.push_str(&text[range]),
            Piece::Statement(range) => {
                for (_, statement) in parse_script(&text[range.clone()]) {
                    let statement = statement.map_err(|error| placed(error, range.start))?;
                    page.push_str(&print::statement(&statement));
                    page.push(';');
                }
            }
        }
        page.push('\n');
    }
    Ok(page)
}

/// Returns a script laid out: a command stays as it is, and a blank line stands between commands and statements.
fn layout(text: &str) -> Result<String, Diagnostic> {
    let mut page = String::new();
    let mut start = 0;
    for piece in pieces(text) {
        let Piece::Command(range) = piece else { continue };
        let statements = layout_statements(text, start..range.start)?;
        let follows_text = !page.is_empty() && !statements.is_empty();
        page.push_str(if follows_text { "\n" } else { "" });
        page.push_str(&statements);
        page.push_str(if statements.is_empty() { "" } else { "\n" });
        page.push_str(&text[range.clone()]);
        page.push('\n');
        start = range.end;
    }
    let statements = layout_statements(text, start..text.len())?;
    page.push_str(if page.is_empty() || statements.is_empty() { "" } else { "\n" });
    page.push_str(&statements);
    Ok(page)
}

fn layout_statements(text: &str, range: Range<usize>) -> Result<String, Diagnostic> {
    let laid_out = format_script(&text[range.clone()]).map_err(|error| placed(error, range.start))?;
    Ok(laid_out.trim_start_matches('\n').to_owned())
}

/// Returns an error with its place in the whole file.
fn placed(error: SyntaxError, start: usize) -> Diagnostic {
    let place = Span::new(error.span.start as usize + start, error.span.end as usize + start);
    Diagnostic::from(error).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stay_and_statements_are_laid_out() {
        let text = ":param n 5\n:timing on\nmatch (n) return n;\n:quit\n";
        let laid_out = ":param n 5\n:timing on\n\nMATCH (n)\nRETURN n;\n\n:quit\n";
        assert_eq!(layout(text).expect("it is right"), laid_out);
        assert_eq!(layout(laid_out).expect("it is right"), laid_out);
        assert_eq!(layout("").expect("it is right"), "");
        assert_eq!(layout(":quit").expect("it is right"), ":quit\n");
    }

    #[test]
    fn a_statement_is_printed_in_one_line_from_its_tree() {
        let text = ":param n 5\nmatch (n:Park) // all\n where (n.`name`) = \"a\"\nreturn n ; return 1";
        let printed = ":param n 5\nMATCH (n:Park) WHERE n.name = 'a' RETURN n;\nRETURN 1;\n";
        assert_eq!(one_line(text).expect("it is right"), printed);
        let finding = one_line("RETURN 1;\nRETRUN 1").expect_err("there is no such clause");
        assert_eq!(finding.span.map(|span| span.start), Some(10));
    }

    #[test]
    fn a_mistake_has_its_place_in_the_file() {
        let finding = layout(":param n 5\nRETRUN 1").expect_err("there is no such clause");
        assert_eq!(finding.span.map(|span| span.start), Some(11));
    }
}
