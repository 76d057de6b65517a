//! Scripts in the house's layout: one clause a line, words of the language in capitals, comments kept.
//!
//! The text itself is laid out anew, token by token; nothing is printed from the tree, so names, numbers and texts stay as they were
//! written. Lines that a person broke inside a clause stay broken. A column without alias stays exactly as it is, because its text is
//! the column's name.

use super::ast::Span;
use super::error::SyntaxError;
use super::layout::Layout;
use super::limit;
use super::message;
use super::parser::{Rule, with_stack};
use super::script::{ScriptStatement, split_script};
use super::token::{RawToken, raw_tokens};

/// What one step of indent is.
const INDENT: &str = "  ";

/// Returns a script in the house's layout; laid out twice it stays as it is.
///
/// # Errors
/// Returns the first statement's mistake, with its place in the script.
pub fn format_script(text: &str) -> Result<String, SyntaxError> {
    let statements = split_script(text);
    let mut page = Page { text: String::new() };
    let mut behind = Span::new(0, 0);
    for (index, statement) in statements.iter().enumerate() {
        statement.parse()?;
        page.between(text, Span { start: behind.end, end: statement.span.start }, index > 0);
        page.statement(statement)?;
        if statement.terminated || statements.len() > 1 {
            page.put(";");
        }
        behind = statement.span;
    }
    page.between(text, Span::new(behind.end as usize, text.len()), !statements.is_empty());
    page.end_line();
    Ok(page.text)
}

/// The page as far as it is written.
struct Page {
    text: String,
}

impl Page {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends the present line, if it holds something.
    fn end_line(&mut self) {
        let end = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(end);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.put("\n");
        }
    }

    /// Begins a line with an indent.
    fn line(&mut self, indent: usize) {
        self.end_line();
        self.put(&INDENT.repeat(indent));
    }

    /// Writes the comments between statements: those that stand behind one stay in its line, the others have lines of their own.
    fn between(&mut self, text: &str, gap: Span, behind_statement: bool) {
        let mut in_line = behind_statement;
        let mut separated = !behind_statement;
        let mut end = gap.start;
        for token in raw_tokens(gap.text(text)) {
            let span = token.span.shifted(gap.start);
            in_line &= !Span { start: end, end: span.start }.text(text).contains('\n');
            end = span.end;
            if !is_comment(token.rule) {
                continue;
            }
            if in_line {
                self.put(" ");
            } else {
                self.end_line();
                self.put(if separated { "" } else { "\n" });
                separated = true;
            }
            self.put(span.text(text).trim_end());
            in_line &= token.rule == Rule::block_comment;
        }
        self.end_line();
        let is_last = gap.end as usize == text.len();
        self.put(if separated || is_last { "" } else { "\n" });
    }

    /// Writes a statement.
    fn statement(&mut self, statement: &ScriptStatement<'_>) -> Result<(), SyntaxError> {
        let text = statement.text;
        let depth = limit::check(text)?;
        let layout = with_stack(depth, || Layout::of(text)).map_err(|refusal| message::explain(text, &refusal))?;
        let mut indent = 0;
        let mut before: Option<RawToken> = None;
        for token in raw_tokens(text) {
            match before {
                None => {}
                Some(before) => self.gap(text, &layout, before, token, &mut indent),
            }
            let written = token.span.text(text);
            match layout.is_capital(token.span) {
                true => self.put(&written.to_uppercase()),
                false => self.put(written.trim_end_matches('\r')),
            }
            before = Some(token);
        }
        Ok(())
    }

    /// Writes what stands between two tokens of a statement.
    fn gap(&mut self, text: &str, layout: &Layout, before: RawToken, token: RawToken, indent: &mut usize) {
        let gap = Span { start: before.span.end, end: token.span.start };
        let blank = gap.text(text);
        let has_line = blank.contains('\n') || before.rule == Rule::line_comment;
        if layout.is_fixed(before.span.to(token.span)) {
            self.put(blank);
        } else if let Some(steps) = layout.break_before(token.span) {
            *indent = steps;
            self.line(steps);
        } else if has_line {
            self.line(*indent + usize::from(!is_comment(token.rule)));
        } else if layout.is_comma(token.span) {
            // No blank stands before a comma.
        } else if !blank.is_empty() || layout.is_comma(before.span) {
            self.put(" ");
        }
    }
}

fn is_comment(rule: Rule) -> bool {
    matches!(rule, Rule::line_comment | Rule::block_comment)
}
