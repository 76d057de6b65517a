//! Which words of the language can follow a text: the grammar's own expectation at its end, for completion.

use pest::error::{ErrorVariant, InputLocation};

use super::expected::{expected_keywords, expected_words};
use super::limit;
use super::parser::{self, Rule};

/// A character that stands nowhere outside of texts: where the parser meets it, it says what it wanted instead.
const NOWHERE: char = '\u{1}';

/// Words that begin an expression.
const EXPRESSION_WORDS: [&str; 14] = [
    "ALL", "ANY", "CASE", "COLLECT", "COUNT", "DISTINCT", "EXISTS", "FALSE", "NONE", "NOT", "NULL", "REDUCE", "SINGLE",
    "TRUE",
];

/// Words that begin a clause.
const CLAUSE_WORDS: [&str; 12] =
    ["CALL", "CREATE", "FOREACH", "INSERT", "LOAD", "MATCH", "MERGE", "OPTIONAL", "RETURN", "SHOW", "UNWIND", "WITH"];

/// Returns the words of the language that the grammar can take behind a text, in order; none where the text goes wrong before its end, or
/// where a text in quotes is open.
pub fn words_behind(text: &str) -> Vec<String> {
    let probe = format!("{} {NOWHERE}", text.trim_end());
    let Ok(depth) = limit::check(&probe) else { return Vec::new() };
    let end = text.trim_end().len();
    parser::with_stack(depth, || {
        let Err(refusal) = parser::parse(Rule::statement, &probe) else { return Vec::new() };
        let position = match refusal.location {
            InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
        };
        match &refusal.variant {
            ErrorVariant::ParsingError { positives, .. } if position >= end => {
                let mut words = expected_keywords(positives);
                // Where a whole expression or statement fails at once, the grammar names it and not its first words.
                let expected = expected_words(positives);
                let begins = |what: &str| expected.iter().any(|word| word == what);
                if begins("an expression") {
                    words.extend(EXPRESSION_WORDS.map(str::to_owned));
                }
                if begins("a statement") || begins("a query") || begins("a further clause") {
                    words.extend(CLAUSE_WORDS.map(str::to_owned));
                }
                words.sort_unstable();
                words.dedup();
                words
            }
            _ => Vec::new(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_tells_what_can_follow() {
        let holds = |text: &str, word: &str| words_behind(text).iter().any(|found| found == word);
        assert!(holds("MATCH (n)", "RETURN"), "{:?}", words_behind("MATCH (n)"));
        assert!(holds("MATCH (n)", "WHERE"));
        assert!(!holds("MATCH (n)", "THEN"));
        assert!(holds("MATCH (n) RETURN n", "LIMIT"));
        assert!(holds("", "MATCH"));
        assert!(words_behind("MATCH (n)) RETURN").is_empty());
    }
}
