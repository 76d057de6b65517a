//! What goes to people on standard error: diagnostics drawn over their text, notes.

use std::io::Write;

use crate::diagnostic::{Diagnostic, DrawOptions, draw};

use super::terminal;

/// Writes a line on standard error.
pub(super) fn message(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Draws a diagnostic on standard error, over the text that it speaks of.
pub(super) fn diagnostic(finding: &Diagnostic, text: &str, file: Option<&str>) {
    // The stream itself takes colours away where they are not wanted.
    let options = DrawOptions { colour: true, width: terminal::width().unwrap_or(120) };
    message(&draw(finding, text, file, options));
}
