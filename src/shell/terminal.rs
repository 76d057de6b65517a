//! What the program asks of the terminal and the environment.

use std::io::{IsTerminal, stderr, stdin, stdout};

/// Says whether rows go to a terminal.
pub(super) fn output_is_terminal() -> bool {
    stdout().is_terminal()
}

/// Says whether a person reads what goes to standard error as it comes.
pub(super) fn messages_are_read() -> bool {
    stderr().is_terminal()
}

/// Says whether a person types.
pub(super) fn input_is_terminal() -> bool {
    stdin().is_terminal()
}

/// Says whether colours are wanted where the terminal can show them.
pub(super) fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Returns the width in columns: what `COLUMNS` says, else what the terminal says; none where there is no terminal.
pub(super) fn width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    said.filter(|columns| *columns > 0).or_else(measured)
}

/// Returns the height in lines; none where there is no terminal.
pub(super) fn height() -> Option<usize> {
    measure().map(|(_, lines)| lines)
}

fn measured() -> Option<usize> {
    measure().map(|(columns, _)| columns)
}

/// Asks the terminal for its size, through the library that edits lines.
fn measure() -> Option<(usize, usize)> {
    if !output_is_terminal() {
        return None;
    }
    let mut editor = rustyline::DefaultEditor::new().ok()?;
    let (columns, lines) = editor.dimensions()?;
    (columns > 0 && lines > 0).then_some((usize::from(columns), usize::from(lines)))
}
