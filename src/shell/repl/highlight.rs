//! The colours of what is typed, by the lexer of the language.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::syntax::{TokenKind, tokens};

/// Longer texts stay plain: a key press must not wait.
const COLOURED_SIZE_LIMIT_BYTES: usize = 20_000;

/// Returns the text with colours.
pub(super) fn coloured(text: &str) -> Cow<'_, str> {
    if text.trim_start().starts_with(':') || text.len() > COLOURED_SIZE_LIMIT_BYTES {
        return Cow::Borrowed(text);
    }
    let mut coloured = String::with_capacity(text.len() * 2);
    let mut written = 0;
    for token in tokens(text) {
        let range = token.span.range();
        coloured.push_str(&text[written..range.start]);
        let style = style(token.kind);
        // Writing to a string cannot fail.
        let _ = write!(coloured, "{style}{}{style:#}", &text[range.clone()]);
        written = range.end;
    }
    coloured.push_str(&text[written..]);
    Cow::Owned(coloured)
}

/// Returns a text in the colour of what is not typed yet.
pub(super) fn dimmed(text: &str) -> Cow<'_, str> {
    let style = Style::new().dimmed();
    Cow::Owned(format!("{style}{text}{style:#}"))
}

fn style(kind: TokenKind) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match kind {
        TokenKind::Keyword => colour(AnsiColor::Blue).bold(),
        TokenKind::String => colour(AnsiColor::Green),
        TokenKind::Number => colour(AnsiColor::Magenta),
        TokenKind::Parameter => colour(AnsiColor::Yellow),
        TokenKind::Comment => Style::new().dimmed(),
        TokenKind::Unfinished | TokenKind::Unknown => colour(AnsiColor::Red),
        TokenKind::Name | TokenKind::QuotedName | TokenKind::Bracket | TokenKind::Symbol => Style::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_change_nothing_but_colours() {
        let text = "MATCH (园:园区 {a: 'x'}) // end\nRETURN $p + 1";
        let plain = anstream::adapter::strip_str(&coloured(text)).to_string();
        assert_eq!(plain, text);
        assert_eq!(coloured(":help RETURN"), ":help RETURN");
    }
}
