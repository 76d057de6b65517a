//! Texts spoilt at random: whatever stands there, nothing panics, and what is still read prints and reads back.

use super::formatting::spoils;
use super::reading::READ;
use super::round_trip;
use crate::syntax::{is_complete, parse_statement, split_script, tokens};

/// Pieces that are put in.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "`",
    "\\",
    "/*",
    "//",
    "\n",
    "..",
    ".",
    ",",
    ":",
    "|",
    "&",
    "!",
    "%",
    "$",
    "-",
    "<",
    ">",
    "*",
    "+",
    "=",
    "0",
    "1",
    "0x",
    "e",
    "中",
    "，",
    "（",
    "\u{1F600}",
    "\u{0}",
    " NOT ",
    " IN ",
    " IS ",
    " END",
    "CASE ",
    " WHERE ",
    " MATCH ",
    "RETURN ",
    " AS ",
    "--",
    "->",
    "(n)",
    "x",
    "\\u",
    ";",
    "count",
    "all(",
    "EXISTS {",
    "$0",
    "{1,}",
    "*1..",
    "\u{301}",
];

/// A small generator; the same texts in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Spoils a text at one to three places.
fn spoilt(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for _ in 0..=dice.below(3) {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
        let (from, to) = (places[dice.below(places.len())], places[dice.below(places.len())]);
        let place = from.min(to);
        match dice.below(4) {
            0 => text.insert_str(place, PIECES[dice.below(PIECES.len())]),
            1 if place < text.len() => {
                text.remove(place);
            }
            2 if place > 0 => text.truncate(place),
            _ => {
                let piece = text[place..from.max(to)].to_owned();
                text.insert_str(place, &piece);
            }
        }
    }
    text
}

#[test]
fn spoilt_texts_do_no_harm() {
    let rounds = std::env::var("YUANPU_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_000usize);
    let mut dice = Dice(20_191_231 + rounds as u64);
    for _ in 0..rounds {
        let text = spoilt(READ[dice.below(READ.len())], &mut dice);
        let _ = (tokens(&text).len(), split_script(&text).len(), is_complete(&text));
        match parse_statement(&text) {
            Ok(tree) => assert_eq!(round_trip(&text, &tree).or_else(|| spoils(&text, &tree)), None),
            Err(error) => {
                let range = error.span.range();
                assert!(text.get(range).is_some(), "{text:?}: {error} at {:?}", error.span);
                assert!(!error.message.is_empty() && !error.message.contains("missing"), "{text:?}: {error}");
            }
        }
    }
}
