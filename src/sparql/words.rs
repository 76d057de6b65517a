//! The words of a SPARQL text, loosely: enough to find a place in it, for texts that are no queries too.

use std::ops::Range;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `?name` or `$name`.
    Variable,
    /// A keyword, a name with or without a prefix, a number.
    Name,
    /// `<…>`.
    Iri,
    /// A text in quotation marks, or what begins like one and has no end.
    Text {
        /// Whether it has an end.
        closed: bool,
    },
    /// One character that is none of these.
    Mark,
}

/// A word and its place.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Word<'_> {
    /// Says whether it is a keyword or a mark, in any case of letters.
    pub(super) fn is(&self, written: &str) -> bool {
        matches!(self.kind, Kind::Name | Kind::Mark) && self.text.eq_ignore_ascii_case(written)
    }

    /// Returns the name of a variable.
    pub(super) fn variable(&self) -> Option<&str> {
        if self.kind == Kind::Variable { self.text.get(1..) } else { None }
    }

    /// Returns its place.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Returns the words of a text; `is_foreign` says which characters stand alone, though a name may have them.
pub(super) fn words(text: &str, is_foreign: impl Fn(char) -> bool) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let is_name =
            |letter: char| (letter.is_alphanumeric() || letter == '_' || !letter.is_ascii()) && !is_foreign(letter);
        let run = |from: usize, more: &dyn Fn(char) -> bool| {
            rest[from..].find(|letter| !more(letter)).map_or(rest.len(), |length| from + length)
        };
        let (kind, length) = match first {
            _ if first.is_whitespace() => (None, first.len_utf8()),
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            '<' => match iri_length(rest) {
                Some(length) => (Some(Kind::Iri), length),
                None => (Some(Kind::Mark), 1),
            },
            '"' | '\'' => {
                let (length, closed) = text_length(rest, first);
                (Some(Kind::Text { closed }), length)
            }
            '?' | '$' if rest[1..].starts_with(is_name) => (Some(Kind::Variable), run(1, &is_name)),
            _ if is_name(first) || first == ':' => {
                let more = |letter: char| is_name(letter) || ":.-%".contains(letter);
                let length = run(0, &more);
                (Some(Kind::Name), rest[..length].trim_end_matches('.').len().max(1))
            }
            _ => (Some(Kind::Mark), first.len_utf8()),
        };
        words.extend(kind.map(|kind| Word { kind, text: &rest[..length], start }));
        start += length;
    }
    words
}

/// Returns the length of an IRI in angle brackets that a text begins with.
fn iri_length(rest: &str) -> Option<usize> {
    let end = rest[1..].find(|letter: char| letter <= ' ' || "<>\"{}|^`\\".contains(letter))? + 1;
    rest[end..].starts_with('>').then_some(end + 1)
}

/// Returns the length of a text in quotation marks, to the end of the line if it has none, and whether it has.
fn text_length(rest: &str, quote: char) -> (usize, bool) {
    let long: String = std::iter::repeat_n(quote, 3).collect();
    let (mark, is_long) = if rest.starts_with(&long) { (long.as_str(), true) } else { (&long[..1], false) };
    let mut place = mark.len();
    while let Some(letter) = rest[place..].chars().next() {
        if rest[place..].starts_with(mark) {
            return (place + mark.len(), true);
        }
        match letter {
            '\n' if !is_long => return (place, false),
            '\\' => place += 1 + rest[place + 1..].chars().next().map_or(0, char::len_utf8),
            letter => place += letter.len_utf8(),
        }
    }
    (rest.len(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let text = "SELECT ?园 # a ? comment\n{ ?园 yp:name+ 'it\\'s' , \"\"\"a\"b\"\"\"@en ; <a#b> ?n . FILTER(?n<3 && 1.5>?n) } 'x";
        let found: Vec<&str> = words(text, |_| false).iter().map(|word| word.text).collect();
        let expected = [
            "SELECT",
            "?园",
            "{",
            "?园",
            "yp:name",
            "+",
            "'it\\'s'",
            ",",
            "\"\"\"a\"b\"\"\"",
            "@",
            "en",
            ";",
            "<a#b>",
            "?n",
            ".",
            "FILTER",
            "(",
            "?n",
            "<",
            "3",
            "&",
            "&",
            "1.5",
            ">",
            "?n",
            ")",
            "}",
            "'x",
        ];
        assert_eq!(found, expected);
        let last = words(text, |_| false).pop().map(|word| word.kind);
        assert_eq!(last, Some(Kind::Text { closed: false }));
    }

    #[test]
    fn foreign_marks_stand_alone() {
        let found: Vec<&str> = words("?x，?y", |letter| letter == '，').iter().map(|word| word.text).collect();
        assert_eq!(found, ["?x", "，", "?y"]);
    }
}
