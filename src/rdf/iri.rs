//! IRIs: percent-encoding of ids and back, prefixed names written out, and what an IRI may hold.
//!
//! Everything but letters and digits of ASCII and `-._~` is encoded, so that the characters which separate the parts of our IRIs
//! (`/ # ; =`) never come out of an id. A segment of dots alone would be dropped by whoever resolves the IRI: its dots are encoded too.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Returns a text as one segment of an IRI.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(text, &mut encoded);
    encoded
}

/// Returns an id as a path below a base: its slashes stay.
pub fn encode_path(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    for (place, segment) in id.split('/').enumerate() {
        if place > 0 {
            encoded.push('/');
        }
        encode_into(segment, &mut encoded);
    }
    encoded
}

fn encode_into(segment: &str, encoded: &mut String) {
    let dots = !segment.is_empty() && segment.bytes().all(|byte| byte == b'.');
    for byte in segment.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !dots);
        if plain {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
}

/// Returns the text that was encoded; none if it is not what encoding gives.
pub fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    let text = String::from_utf8(bytes).ok()?;
    (encode_path(&text) == encoded || encode(&text) == encoded).then_some(text)
}

/// Returns a term written out: a prefix of the schema is replaced by what it stands for.
pub fn expand(term: &str, prefixes: &BTreeMap<String, String>) -> String {
    match term.split_once(':') {
        Some((prefix, local)) if !local.starts_with("//") => match prefixes.get(prefix) {
            Some(namespace) => format!("{namespace}{local}"),
            None => term.to_owned(),
        },
        _ => term.to_owned(),
    }
}

/// Says whether a text is an absolute IRI that every syntax can write as it is.
pub fn is_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
        && rest.matches('#').count() <= 1
        && rest.chars().all(is_iri_character)
        && percent_signs_encode(rest)
}

/// Says whether a character may stand in an IRI (RFC 3987, `iunreserved` and `reserved`).
fn is_iri_character(character: char) -> bool {
    match character {
        '\u{0}'..=' ' | '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' | '[' | ']' => false,
        '\u{7f}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' => false,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{fdd0}'..='\u{fdef}' => false,
        character => (u32::from(character) & 0xfffe) != 0xfffe && u32::from(character) < 0xe0000,
    }
}

fn percent_signs_encode(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes();
        digits.len() >= 2 && digits[..2].iter().all(u8::is_ascii_hexdigit)
    })
}

/// Returns the IRI below which the elements of a graph have theirs.
pub fn source_base(schema: &crate::knowledge::Schema) -> String {
    let declared = schema.graph.base.as_str();
    if declared.is_empty() { super::vocabulary::DEFAULT_BASE.to_owned() } else { declared.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_there_and_back() {
        for id in ["park/hangzhou-xixigu", "a b", "湖州/德清", "x#y;z=1", "..", "a/../b", "50%", "", "a//b"] {
            let path = encode_path(id);
            assert_eq!(decode(&path).as_deref(), Some(id));
            assert!(path.is_empty() || is_iri(&format!("http://x.example/{path}")), "{path}");
        }
        assert_eq!(encode_path("a/../b"), "a/%2E%2E/b");
        assert_eq!(encode("a/b"), "a%2Fb");
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("a%2"), None);
    }

    #[test]
    fn terms_are_written_out() {
        let prefixes = [("s".to_owned(), "https://schema.org/".to_owned())].into();
        assert_eq!(expand("s:name", &prefixes), "https://schema.org/name");
        assert_eq!(expand("http://x.example/name", &prefixes), "http://x.example/name");
        assert_eq!(expand("t:name", &prefixes), "t:name");
    }

    #[test]
    fn only_iris_pass() {
        assert!(is_iri("urn:isbn:1") && is_iri("http://例.example/湖?x#y"));
        for text in ["", "name", "http://x y", "a:b|c", "a:%g0", "a:b#c#d", "1:2", "湖:x"] {
            assert!(!is_iri(text), "{text}");
        }
    }
}
