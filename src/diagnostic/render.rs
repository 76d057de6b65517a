//! The drawing of a diagnostic: message, line and column, the line of text underlined at the place, hints.
//!
//! ```text
//! error[SyntaxError/UndefinedVariable]: variable `圆` is not defined
//!  --> query.cypher:1:21
//!   |
//! 1 | MATCH (园:园区) RETURN 圆.name
//!   |                        ^^ not defined
//!   |
//!   = help: did you mean `园`?
//! ```
//!
//! This is the one door to `annotate-snippets`, which places carets by display width and cuts long lines around them.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Span};
use crate::text::{visible, width};

/// How to draw, decided by whoever holds the terminal.
#[derive(Clone, Copy, Debug)]
pub struct DrawOptions {
    /// Whether to write ANSI colours.
    pub colour: bool,
    /// The width to cut long lines to, in columns.
    pub width: usize,
}

impl Default for DrawOptions {
    fn default() -> Self {
        DrawOptions { colour: false, width: 100 }
    }
}

/// Draws a diagnostic over the text that it speaks of; `file` is named before line and column if it is given.
///
/// The answer ends without a line break. A span outside the text is moved into it, never refused.
pub fn draw(diagnostic: &Diagnostic, text: &str, file: Option<&str>, options: DrawOptions) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let code = match (diagnostic.severity, diagnostic.detail.as_str()) {
        (Severity::Error, "") => diagnostic.kind.to_string(),
        (Severity::Error, detail) => format!("{}/{detail}", diagnostic.kind),
        (_, detail) => detail.to_string(),
    };
    let mut title = level.primary_title(visible(&diagnostic.message));
    if !code.is_empty() {
        title = title.id(code);
    }
    let mut group = Group::with_title(title);
    if let Some(span) = diagnostic.span {
        group = group.element(snippet(diagnostic, span, text, file, options.width));
    }
    for cause in &diagnostic.causes {
        group = group.element(Level::NOTE.message(format!("because: {}", visible(cause))));
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(visible(hint)));
    }
    let renderer = if options.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(options.width.max(20)).render(&[group])
}

fn snippet<'t>(
    diagnostic: &'t Diagnostic,
    span: Span,
    text: &'t str,
    file: Option<&'t str>,
    columns: usize,
) -> Snippet<'t, annotate_snippets::Annotation<'t>> {
    let mut primary = AnnotationKind::Primary.span(inside(span, text, columns));
    if let Some(label) = &diagnostic.label {
        primary = primary.label(visible(label));
    }
    let mut snippet = Snippet::source(text).path(visible(file.unwrap_or("query"))).annotation(primary);
    for (span, words) in &diagnostic.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(inside(*span, text, columns)).label(visible(words)));
    }
    snippet
}

/// Returns the span's bytes, moved to boundaries of characters within the text.
///
/// Only spans of one line are cut to the width; so one of several lines, of which any is too long, keeps its first line only.
fn inside(span: Span, text: &str, columns: usize) -> std::ops::Range<usize> {
    let start = boundary_before(text, span.start);
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let first_line = text[start..end].find('\n').map(|length| start + length);
    let Some(first_line_end) = first_line else { return start..end };
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[end..].find('\n').map_or(text.len(), |length| end + length);
    let too_long = text[from..to].split('\n').any(|line| line.len() > columns && width(line) > columns);
    start..if too_long { first_line_end } else { end }
}

/// Returns the last boundary of a character at or before an offset; the end of the text always is one.
fn boundary_before(text: &str, offset_bytes: usize) -> usize {
    let mut boundary = offset_bytes.min(text.len());
    while !text.is_char_boundary(boundary) {
        boundary -= 1;
    }
    boundary
}

/// Returns line and column of a byte offset, both counted from 1, the column in characters (code points), as [`draw`] does.
pub fn line_and_column(text: &str, offset_bytes: usize) -> (usize, usize) {
    let before = &text[..boundary_before(text, offset_bytes)];
    let line = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Phase;

    fn error(span: Span) -> Diagnostic {
        Diagnostic::error(Phase::Compile, "SyntaxError", "UndefinedVariable", "variable `圆` is not defined").at(span)
    }

    fn plain(diagnostic: &Diagnostic, text: &str) -> String {
        draw(diagnostic, text, None, DrawOptions::default())
    }

    #[test]
    fn puts_the_caret_under_chinese_text_by_width() {
        let text = "MATCH (园:园区) RETURN 圆.name";
        let at = text.find('圆').expect("the text has it");
        let finding = error(Span::new(at, at + 3)).with_label("not defined").with_hint("did you mean `园`?");
        let expected = "\
error[SyntaxError/UndefinedVariable]: variable `圆` is not defined
 --> query:1:21
  |
1 | MATCH (园:园区) RETURN 圆.name
  |                        ^^ not defined
  |
  = help: did you mean `园`?";
        assert_eq!(plain(&finding, text), expected);
    }

    #[test]
    fn cuts_a_long_line_around_the_place() {
        let text = format!("RETURN {}圆{}", "\"中文\", ".repeat(100), ", 1 + 1".repeat(100));
        let at = text.find('圆').expect("the text has it");
        let drawn =
            draw(&error(Span::new(at, at + 3)), &text, Some("a.cypher"), DrawOptions { colour: false, width: 60 });
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines[1], " --> a.cypher:1:608");
        let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
        assert!(width(lines[3]) <= 66, "{drawn}");
        let caret = lines[4].find('^').expect("there is a caret");
        let before = lines[3].find('圆').expect("the line shows the place");
        assert_eq!(width(&lines[4][..caret]), width(&lines[3][..before]), "{drawn}");
    }

    #[test]
    fn draws_spans_over_lines_at_the_end_and_outside() {
        let text = "MATCH (n)\nWHERE (\n  n.x = 1\nRETURN n";
        assert!(plain(&error(Span::new(10, text.len())), text).contains("2 | / WHERE ("));
        assert!(plain(&error(Span::new(text.len(), text.len())), text).contains("4 | RETURN n\n  |         ^"));
        assert!(plain(&error(Span::new(5000, 6000)), text).contains("4 | RETURN n"));
        assert!(plain(&error(Span::new(0, 0)), "").contains("^"));
        assert!(plain(&error(Span::new(1, 2)), "园").contains("^^"));
    }

    #[test]
    fn shows_characters_that_drive_a_terminal() {
        let finding = Diagnostic::error(Phase::Runtime, "TypeError", "", "bad \u{1b}[2J").at(Span::new(7, 8));
        let drawn = plain(&finding, "RETURN \u{202e}\u{1b} 1");
        assert!(!drawn.contains(['\u{1b}', '\u{202e}']), "{drawn:?}");
        assert!(drawn.starts_with("error[TypeError]: bad \\u{1b}[2J"), "{drawn}");
    }

    #[test]
    fn writes_colours_only_when_asked() {
        let finding = error(Span::new(0, 1));
        assert!(!plain(&finding, "x").contains('\u{1b}'));
        assert!(draw(&finding, "x", None, DrawOptions { colour: true, width: 80 }).contains('\u{1b}'));
    }

    #[test]
    fn finds_line_and_column() {
        assert_eq!(line_and_column("a\n园e\u{301}x", 8), (2, 4));
        assert_eq!(line_and_column("", 10), (1, 1));
    }

    #[test]
    fn draws_warnings_and_causes_without_a_place() {
        let warning = Diagnostic::warning("UnknownLabel", "no node has label `Ctiy`").with_cause("x");
        assert_eq!(plain(&warning, ""), "warning[UnknownLabel]: no node has label `Ctiy`\n |\n = note: because: x");
    }

    #[test]
    fn draws_a_place_in_a_very_long_text() {
        let text = format!("{}\n{}圆{}", "RETURN 1;\n".repeat(50_000), "园".repeat(200_000), "x".repeat(200_000));
        let at = text.find('圆').expect("the text has it");
        let drawn = plain(&error(Span::new(at, at + 3)), &text);
        assert!(drawn.contains("圆") && drawn.len() < 2000, "{}", drawn.len());
        let drawn = plain(&error(Span::new(0, text.len())), &text);
        assert!(drawn.len() < 2000, "{}", drawn.len());
        let drawn = plain(&error(Span::new(500_000, text.len())), &text);
        assert!(drawn.len() < 2000, "{}", drawn.len());
    }

    proptest! {
        #[test]
        fn draws_any_span_of_any_text(text in "[a园\t\r\n\u{301}\u{202e} 👨‍]{0,20}", start in 0_usize..60, end in 0_usize..60) {
            let drawn = draw(&error(Span::new(start, end)), &text, Some("f\u{1b}"), DrawOptions { colour: false, width: 30 });
            prop_assert!(!drawn.contains(['\u{1b}', '\u{202e}', '\r']), "{:?}", drawn);
            let _ = line_and_column(&text, start);
        }
    }
}
