//! The limits of a SPARQL text, checked before the parser sees it: how long it may be, how deep it may nest, of how many words it may be.
//!
//! The parser recurses for each bracket and each `!`, and reads what stands in some of them twice over when it cannot be what it took it
//! for first. The check reads words as the parser does, with strings, comments and IRIs as one word each. Only a `<` is not told without
//! the grammar, IRI or operator: where both could be, both ways of reading on are followed, and the deeper one counts.

use std::collections::BTreeMap;

use crate::diagnostic::Span;

use super::SparqlError;

/// How many bytes a SPARQL text may have.
pub const SPARQL_SIZE_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// How many brackets may stand in each other; a `!` before one is a level too.
pub const SPARQL_NESTING_LIMIT: usize = 100;

/// Of how many words and marks a query may be, those of the data behind VALUES not counted.
pub const SPARQL_WORD_LIMIT: usize = 5_000;

/// How many words the parser may have to read, those that it reads again counted again.
const READING_LIMIT: u64 = 1 << 25;

/// What the parser reads twice where it is followed by a bracket.
const READ_TWICE: [&str; 4] = ["REGEX", "SUBSTR", "REPLACE", "GROUP_CONCAT"];

/// Checks a text.
pub(super) fn check(text: &str) -> Result<(), SparqlError> {
    if text.len() > SPARQL_SIZE_LIMIT_BYTES {
        let message = format!("the query has {} bytes; at most {SPARQL_SIZE_LIMIT_BYTES} are read", text.len());
        return Err(SparqlError::Syntax { message, span: Span::new(0, 0), hint: None });
    }
    let mut check = Check { text, bytes: text.as_bytes(), others: BTreeMap::new(), words: 0, work: 0 };
    let mut current = Some((0, Reading::default()));
    while let Some((place, mut reading)) = current.take().or_else(|| check.others.pop_first()) {
        match check.others.first_key_value().map(|(other, _)| *other) {
            Some(other) if other < place => {
                check.put(place, reading);
                continue;
            }
            Some(other) if other == place => {
                if let Some((_, other)) = check.others.pop_first() {
                    reading = reading.deeper(other);
                }
            }
            _ => {}
        }
        if place < text.len() {
            current = check.word(place, &mut reading)?.map(|next| (next, reading));
        }
    }
    Ok(())
}

/// A bracket that is open.
#[derive(Clone, Debug)]
struct Open {
    bracket: u8,
    levels: usize,
    is_read_twice: bool,
}

/// One way to have read the text up to a place.
#[derive(Clone, Debug, Default)]
struct Reading {
    open: Vec<Open>,
    depth: usize,
    /// How many of the open brackets are read twice.
    doublings: u32,
    /// How many `!` stand in a row before what comes.
    nots: usize,
    /// Whether an operator may come.
    after_operand: bool,
    /// Whether the last word makes the parser read its bracket twice.
    is_read_twice: bool,
    /// Whether VALUES waits for its data.
    awaits_data: bool,
    /// How many brackets were open around the data behind VALUES.
    data: Option<usize>,
}

impl Reading {
    fn deeper(self, other: Reading) -> Reading {
        if self.depth + self.nots >= other.depth + other.nots { self } else { other }
    }

    /// Takes in an operator or a mark.
    fn mark(&mut self) {
        (self.nots, self.after_operand, self.is_read_twice) = (0, false, false);
    }

    fn open(&mut self, bracket: u8) {
        let is_read_twice = self.is_read_twice || self.nots > 0;
        let levels = 1 + self.nots;
        if bracket == b'{' && std::mem::take(&mut self.awaits_data) {
            self.data = Some(self.open.len());
        }
        self.open.push(Open { bracket, levels, is_read_twice });
        self.depth += levels;
        self.doublings += u32::from(is_read_twice);
        self.mark();
    }

    /// Closes a bracket; says whether it is the one that was opened last. The parser reads no further where it is not.
    fn close(&mut self, bracket: u8) -> bool {
        let Some(open) = self.open.pop().filter(|open| open.bracket == bracket) else { return false };
        self.depth -= open.levels;
        self.doublings -= u32::from(open.is_read_twice);
        if self.data == Some(self.open.len()) {
            self.data = None;
        }
        self.mark();
        self.after_operand = true;
        true
    }
}

struct Check<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// The ways of reading besides the one that is followed, by the place where they go on.
    others: BTreeMap<usize, Reading>,
    words: usize,
    work: u64,
}

impl Check<'_> {
    fn put(&mut self, place: usize, reading: Reading) {
        let reading = match self.others.remove(&place) {
            Some(other) => reading.deeper(other),
            None => reading,
        };
        self.others.insert(place, reading);
    }

    fn at(&self, place: usize) -> u8 {
        self.bytes.get(place).copied().unwrap_or(0)
    }

    /// Reads one word; returns where the next begins, none where the parser could not read on.
    fn word(&mut self, place: usize, reading: &mut Reading) -> Result<Option<usize>, SparqlError> {
        let first = self.bytes[place];
        if first.is_ascii_whitespace() {
            return Ok(Some(place + 1));
        }
        if first == b'#' {
            let line = &self.bytes[place..];
            let length = line.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(line.len());
            return Ok(Some(place + length));
        }
        self.count(place, reading)?;
        let next = match first {
            b'"' | b'\'' => {
                reading.mark();
                reading.after_operand = true;
                return self.string_end(place);
            }
            b'(' | b'[' | b'{' => {
                reading.open(first);
                place + 1
            }
            b')' => return Ok(reading.close(b'(').then_some(place + 1)),
            b']' => return Ok(reading.close(b'[').then_some(place + 1)),
            b'}' => return Ok(reading.close(b'{').then_some(place + 1)),
            b'>' if self.at(place + 1) == b'>' && reading.open.last().is_some_and(|open| open.bracket == b'<') => {
                return Ok(reading.close(b'<').then_some(place + 2));
            }
            b'<' => self.less(place, reading),
            b'!' if self.at(place + 1) != b'=' => {
                reading.nots += 1;
                place + 1
            }
            b'?' | b'$' | b'@' => {
                reading.mark();
                reading.after_operand = true;
                self.name_end(place + 1)
            }
            _ if is_of_name(first) || first == b'\\' => self.name(place, reading),
            _ => {
                reading.mark();
                place + 1
            }
        };
        if reading.depth + reading.nots > SPARQL_NESTING_LIMIT {
            let message = format!("brackets stand in each other more than {SPARQL_NESTING_LIMIT} deep");
            return Err(self.refused(place, message, None));
        }
        Ok(Some(next))
    }

    /// Counts a word and the work of reading it.
    fn count(&mut self, place: usize, reading: &Reading) -> Result<(), SparqlError> {
        self.words += usize::from(reading.data.is_none());
        if self.words > SPARQL_WORD_LIMIT {
            let message = format!("the query has more than {SPARQL_WORD_LIMIT} words and marks");
            return Err(self.refused(place, message, Some("give data as `VALUES`, which may be as long as the text")));
        }
        self.work = self.work.saturating_add(1_u64.checked_shl(reading.doublings).unwrap_or(u64::MAX));
        if self.work > READING_LIMIT {
            let message = "calls of `REGEX`, `SUBSTR`, `REPLACE`, `GROUP_CONCAT` and `!` stand in each other too deep";
            return Err(self.refused(place, message.to_owned(), Some("compute the inner ones with `BIND` before")));
        }
        Ok(())
    }

    /// Reads a `<`: an IRI, a bracket or an operator.
    fn less(&mut self, place: usize, reading: &mut Reading) -> usize {
        // In data there are no operators.
        let may_be_operator = reading.after_operand && reading.data.is_none();
        let mut operator = reading.clone();
        operator.mark();
        if self.at(place + 1) == b'<' {
            if may_be_operator && self.iri_end(place + 1).is_some() {
                self.put(place + 1, operator);
            }
            reading.open(b'<');
            return place + 2;
        }
        let Some(end) = self.iri_end(place) else {
            reading.mark();
            return place + 1;
        };
        // Two slashes in a row are no operators, so that most IRIs can be nothing else.
        if may_be_operator && !self.text[place..end].contains("//") {
            self.put(place + 1, operator);
        }
        (reading.after_operand, reading.is_read_twice) = (true, false);
        end
    }

    fn name(&mut self, place: usize, reading: &mut Reading) -> usize {
        let end = self.name_end(place).max(place + 1);
        let name = self.text.get(place..end).unwrap_or_default();
        let ends_with = |word: &&str| {
            let tail = name.len().checked_sub(word.len()).and_then(|start| name.get(start..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(word))
        };
        (reading.after_operand, reading.is_read_twice) = (true, READ_TWICE.iter().any(ends_with));
        // Behind other letters it may be the end of a longer name.
        let begins = place == 0 || matches!(self.bytes[place - 1], b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b')');
        if begins && name.eq_ignore_ascii_case("VALUES") {
            reading.awaits_data = true;
        }
        end
    }

    fn name_end(&self, mut place: usize) -> usize {
        loop {
            match self.at(place) {
                b'\\' => {
                    let escaped = self.text.get(place + 1..).and_then(|rest| rest.chars().next());
                    place += 1 + escaped.map_or(0, char::len_utf8);
                }
                byte if is_of_name(byte) => place += 1,
                _ => return place,
            }
        }
    }

    /// Returns where an IRI that begins here ends, if one can.
    fn iri_end(&self, place: usize) -> Option<usize> {
        let inside = |byte: u8| byte > b' ' && !matches!(byte, b'<' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`');
        let length = self.bytes[place + 1..].iter().position(|byte| *byte == b'>' || !inside(*byte))?;
        (self.at(place + 1 + length) == b'>').then_some(place + length + 2)
    }

    /// Returns where a string that begins here ends; none where one that must end on its line does not.
    fn string_end(&self, place: usize) -> Result<Option<usize>, SparqlError> {
        let quote = self.bytes[place];
        let is_long = self.at(place + 1) == quote && self.at(place + 2) == quote;
        let mut end = place + if is_long { 3 } else { 1 };
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'\\' if is_long && !self.is_escape(end) => break,
                b'\\' => end += 2,
                b'\n' | b'\r' if !is_long => return Ok(None),
                byte if *byte != quote => end += 1,
                _ if !is_long => return Ok(Some(end + 1)),
                _ if self.at(end + 1) == quote && self.at(end + 2) == quote => return Ok(Some(end + 3)),
                _ => end += 1,
            }
        }
        // The parser would take the first two quotes for an empty string and read on in what is meant as text.
        match is_long {
            true => Err(self.refused(place, "the string that begins here has no end".to_owned(), None)),
            false => Ok(None),
        }
    }

    fn is_escape(&self, place: usize) -> bool {
        let digits = match self.at(place + 1) {
            b'u' => 4,
            b'U' => 8,
            other => return b"tbnrf\"'\\".contains(&other),
        };
        (0..digits).all(|digit| self.at(place + 2 + digit).is_ascii_hexdigit())
    }

    fn refused(&self, place: usize, message: String, hint: Option<&str>) -> SparqlError {
        let letter = self.text.get(place..).and_then(|rest| rest.chars().next());
        let end = place + letter.map_or(0, char::len_utf8);
        SparqlError::Syntax { message, span: Span::new(place, end), hint: hint.map(str::to_owned) }
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'%') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<String> {
        match check(text) {
            Ok(()) => None,
            Err(SparqlError::Syntax { message, .. }) => Some(message),
            Err(other) => panic!("{other}"),
        }
    }

    fn is_too_deep(text: &str) -> bool {
        refusal(text).is_some_and(|message| message.contains("100 deep"))
    }

    #[test]
    fn the_manual_names_them() {
        let manual = include_str!("../../docs/rdf.md");
        for limit in [SPARQL_SIZE_LIMIT_BYTES, SPARQL_NESTING_LIMIT, SPARQL_WORD_LIMIT] {
            assert!(manual.contains(&format!(" | {limit} |")), "{limit}");
        }
    }

    #[test]
    fn limits_hold_at_n_and_not_beyond() {
        let nested = |depth: usize| format!("ASK {}{}", "{".repeat(depth), "}".repeat(depth));
        assert!(!is_too_deep(&nested(SPARQL_NESTING_LIMIT)) && is_too_deep(&nested(SPARQL_NESTING_LIMIT + 1)));
        let nots = |count: usize| format!("ASK {{ FILTER({}true) }}", "!".repeat(count));
        assert!(!is_too_deep(&nots(SPARQL_NESTING_LIMIT - 2)) && is_too_deep(&nots(SPARQL_NESTING_LIMIT - 1)));
        let words = |count: usize| format!("ASK {{{}}}", " a".repeat(count - 3));
        assert_eq!(refusal(&words(SPARQL_WORD_LIMIT)), None);
        assert!(refusal(&words(SPARQL_WORD_LIMIT + 1)).is_some_and(|message| message.contains("5000 words")));
        let long = |size: usize| format!("ASK {{}}{}", " ".repeat(size - 6));
        assert_eq!(refusal(&long(SPARQL_SIZE_LIMIT_BYTES)), None);
        assert!(refusal(&long(SPARQL_SIZE_LIMIT_BYTES + 1)).is_some_and(|message| message.contains("bytes")));
    }

    #[test]
    fn what_is_text_or_comment_or_iri_hides_no_bracket_and_is_none() {
        let many = "(".repeat(1000);
        for quote in ["\"", "'", "\"\"\"", "'''"] {
            // A quote behind a backslash was taken for the end, and what followed for text.
            assert!(is_too_deep(&format!("ASK {{ FILTER({quote}\\\"\\'{quote} = {many}")), "{quote}");
            assert_eq!(refusal(&format!("ASK {{ FILTER({quote}{many}{quote} = 1) }}")), None, "{quote}");
        }
        assert!(is_too_deep(&format!("ASK {{ # \"\n{many}")));
        assert_eq!(refusal(&format!("ASK {{ # {many}\n}}")), None);
        assert!(is_too_deep(&format!("ASK {{ ?a <http://x/'#> {many}")), "neither is in an IRI");
        assert!(is_too_deep(&format!("ASK {{ FILTER(?a<'>'+{many}'>'")), "less than a string");
        assert!(is_too_deep(&format!("ASK {{ FILTER(?a<1#>'''\n+{many}#'''\n")), "less than a number, and a comment");
        assert!(is_too_deep(&format!("ASK {{ ?s ?p (?x <#>{many}")), "an IRI in a list");
        assert!(refusal(&format!("ASK {{ ?s ?p ('''a'{many} \\q''' )")).is_some());
        assert!(is_too_deep(&"!".repeat(1_000_000)));
    }

    #[test]
    fn data_may_be_long() {
        let rows = "(<http://x.example/a#b> <#c> -1 \"(\")\n".repeat(20_000);
        assert_eq!(refusal(&format!("SELECT * {{ VALUES (?a ?b ?c ?d) {{ {rows} }} }}")), None);
        assert!(refusal(&format!("SELECT * {{ ?s ex:a-VALUES {{ {rows} }} }}")).is_some());
        assert!(refusal(&format!("ASK {{ FILTER(1{}) }}", "+1".repeat(300_000))).is_some());
    }

    #[test]
    fn what_is_read_twice_may_not_stand_in_itself_for_ever() {
        // Forty of these in each other would be read two to the fortieth times.
        for name in ["REGEX(", "substr(", "!("] {
            let nested = |depth: usize| format!("ASK {{ FILTER({}?a", name.repeat(depth));
            assert_eq!(refusal(&nested(10)), None, "{name}");
            assert!(refusal(&nested(40)).is_some_and(|message| message.contains("too deep")), "{name}");
        }
    }
}
