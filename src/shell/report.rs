//! What goes to people on standard error: diagnostics drawn over their text, notes.

use std::io::Write;

use crate::diagnostic::{Diagnostic, DrawOptions, draw};
use crate::text::visible;

use super::terminal;

/// Writes a line on standard error; what would drive the terminal is shown, not sent.
pub(super) fn message(text: &str) {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    let _ = writeln!(anstream::stderr(), "{}", lines.join("\n"));
}

/// Draws a diagnostic on standard error, over the text that it speaks of.
pub(super) fn diagnostic(finding: &Diagnostic, text: &str, file: Option<&str>) {
    // The stream itself takes colours away where they are not wanted.
    let options = DrawOptions { colour: true, width: terminal::width().unwrap_or(120) };
    let _ = writeln!(anstream::stderr(), "{}", draw(finding, text, file, options));
}
