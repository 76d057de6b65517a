//! How wide text is on a terminal, and text cut, wrapped and made harmless for one.
//!
//! Width is counted in columns by Unicode's East Asian Width (UAX #11): Chinese and emoji take two, combining marks none.
//! Text is only ever cut between grapheme clusters, so that a mark stays on its letter.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Returns the number of columns that a text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { UnicodeWidthStr::width(text) }
}

/// Returns the spaces that fill a text up to `columns`.
pub fn padding(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

/// Returns the text cut to at most `columns`, with `…` at its end where something is missing.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let kept = prefix_bytes(text, columns - 1);
    Cow::Owned(format!("{}…", &text[..kept]))
}

/// Returns the text as lines of at most `columns`, broken at a space where a word of the line allows it.
///
/// Chinese breaks anywhere. A grapheme cluster wider than `columns` gets a line of its own.
pub fn wrap(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while width(rest) > columns {
        let mut end = prefix_bytes(rest, columns);
        if end == 0 {
            end = rest.graphemes(true).next().map_or(rest.len(), str::len);
        }
        let (line, next) = match rest[..end].rfind(' ') {
            // A space in the first half would leave too much of the line empty.
            Some(space) if !rest[end..].starts_with(' ') && space >= end / 2 => (&rest[..space], &rest[space + 1..]),
            _ => (&rest[..end], rest[end..].strip_prefix(' ').unwrap_or(&rest[end..])),
        };
        lines.push(line);
        rest = next;
    }
    if lines.is_empty() || !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// Returns how many bytes of the text fit into `columns`, cut between grapheme clusters.
fn prefix_bytes(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += width(cluster);
        if used > columns {
            return at;
        }
    }
    text.len()
}

/// Returns the text with control and bidirectional characters written as escapes, so that data never drives a terminal.
///
/// Line breaks and tabs are control characters too: `\n`, `\r`, `\t`; others become like `\u{202e}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(drives_terminal) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if drives_terminal(character) => shown.push_str(&format!("\\u{{{:x}}}", u32::from(character))),
            _ => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Says whether a character changes how a terminal draws others instead of being drawn: controls, marks and overrides of
/// direction, separators of lines, the byte order mark, interlinear and tag characters.
fn drives_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{206f}'
            | '\u{200b}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns() {
        for (text, expected) in
            [("", 0), ("abc", 3), ("园区", 4), ("a园", 3), ("e\u{301}", 1), ("👨‍👩‍👧", 2), ("🇨🇳", 2), ("，", 2), ("ｱ", 1)]
        {
            assert_eq!(width(text), expected, "{text}");
        }
        assert_eq!(padding("园", 5), "   ");
        assert_eq!(padding("园区", 3), "");
    }

    #[test]
    fn cuts_between_clusters() {
        assert_eq!(cut("西溪谷", 6), "西溪谷");
        assert_eq!(cut("西溪谷", 5), "西溪…");
        assert_eq!(cut("西溪谷", 4), "西…");
        assert_eq!(cut("ae\u{301}xyz", 3), "ae\u{301}…");
        assert_eq!(cut("👨‍👩‍👧👨‍👩‍👧", 3), "👨‍👩‍👧…");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn wraps_at_spaces_and_between_chinese() {
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
        assert_eq!(wrap("杭州西溪谷区块链", 7), ["杭州西", "溪谷区", "块链"]);
        assert_eq!(wrap("园园", 1), ["园", "园"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("abc ", 3), ["abc"]);
    }

    #[test]
    fn shows_what_would_drive_a_terminal() {
        assert_eq!(visible("a\u{1b}[31m\u{202e}b\r\n\t"), "a\\u{1b}[31m\\u{202e}b\\r\\n\\t");
        assert!(matches!(visible("园区 e\u{301} 👨‍👩‍👧"), Cow::Borrowed(_)));
    }
}
