//! What could follow: names of the graph behind `:` and `.`, parameters behind `$`, words and functions elsewhere.

use rustyline::completion::Pair;

use crate::shell::commands::COMMANDS;
use crate::shell::session::Session;
use crate::syntax::keyword::KEYWORDS;
use crate::syntax::{TokenKind, tokens};

/// The names that can be completed.
#[derive(Debug, Default)]
pub(super) struct Names {
    labels: Vec<String>,
    types: Vec<String>,
    keys: Vec<String>,
    functions: Vec<String>,
    procedures: Vec<String>,
    parameters: Vec<String>,
}

impl Names {
    /// Reads the names that there are now.
    pub(super) fn refresh(&mut self, session: &mut Session) {
        let mut listed = |what: &str| -> Vec<String> {
            let answer = session.connection.run(&format!("SHOW {what} YIELD name"), ());
            answer.ok().and_then(|answer| answer.deserialize().ok()).unwrap_or_default()
        };
        self.labels = listed("LABELS");
        self.types = listed("RELATIONSHIP TYPES");
        self.keys = listed("PROPERTY KEYS");
        if self.functions.is_empty() {
            self.functions = listed("FUNCTIONS");
            self.procedures = listed("PROCEDURES");
        }
        self.parameters = session.parameters.names().map(str::to_owned).collect();
    }

    /// Returns where the word at the cursor begins, and what it could become.
    pub(super) fn complete(&self, line: &str, position: usize) -> (usize, Vec<Pair>) {
        let before = &line[..position];
        if before.trim_start().starts_with(':') && !before.trim().contains(char::is_whitespace) {
            let start = before.find(':').unwrap_or(0);
            return (start, pairs(COMMANDS.iter().map(|command| command.name), &before[start..]));
        }
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let start = before.char_indices().rev().take_while(|(_, character)| is_part(*character)).last();
        let start = start.map_or(position, |(place, _)| place);
        let word = &before[start..];
        let found = match before[..start].chars().next_back() {
            Some(':' | '|' | '&' | '!') => {
                pairs(self.labels_or_types(&before[..start]).iter().map(String::as_str), word)
            }
            Some('$') => pairs(self.parameters.iter().map(String::as_str), word),
            Some('.') => self.behind_point(&before[..start], word),
            _ => self.words(line, word),
        };
        (start, found)
    }

    /// Within square brackets a colon is followed by a type, elsewhere by a label.
    fn labels_or_types(&self, before: &str) -> &[String] {
        let opened = before.rfind(['(', '[', ')', ']']);
        let in_relationship = opened.is_some_and(|place| before[place..].starts_with('['));
        if in_relationship { &self.types } else { &self.labels }
    }

    /// A point follows a variable, whose keys could follow, or the first part of a procedure's or function's name.
    fn behind_point(&self, before: &str, word: &str) -> Vec<Pair> {
        let part = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
        let start = before.char_indices().rev().take_while(|(_, character)| part(*character)).last();
        let prefix = &before[start.map_or(before.len(), |(place, _)| place)..];
        let names = self.procedures.iter().chain(&self.functions);
        let parts = names.filter_map(|name| name.strip_prefix(prefix));
        let found = pairs(parts, word);
        if found.is_empty() { pairs(self.keys.iter().map(String::as_str), word) } else { found }
    }

    fn words(&self, line: &str, word: &str) -> Vec<Pair> {
        if word.is_empty() {
            return Vec::new();
        }
        let written = tokens(line);
        let names = written.iter().filter(|token| token.kind == TokenKind::Name);
        let variables = names.map(|token| token.span.text(line)).filter(|name| *name != word);
        let functions = self.functions.iter().chain(&self.procedures).map(String::as_str);
        let keywords = KEYWORDS.iter().map(|keyword| keyword.word);
        pairs(variables.chain(keywords).chain(functions), word)
    }
}

/// Returns the candidates that begin as the word does, in any case of letters, in order and each once.
fn pairs<'n>(candidates: impl Iterator<Item = &'n str>, word: &str) -> Vec<Pair> {
    let begins = |name: &&str| {
        let mut letters = name.chars().flat_map(char::to_lowercase);
        word.chars().flat_map(char::to_lowercase).all(|letter| letters.next() == Some(letter))
    };
    let mut found: Vec<&str> = candidates.filter(begins).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|name| Pair { display: name.to_owned(), replacement: name.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(line: &str) -> Vec<String> {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let names = Names {
            labels: own(&["Park", "园区"]),
            types: own(&["PART_OF"]),
            keys: own(&["name", "name_en"]),
            functions: own(&["date.truncate", "toUpper"]),
            procedures: own(&["db.labels"]),
            parameters: own(&["year"]),
        };
        names.complete(line, line.len()).1.into_iter().map(|pair| pair.replacement).collect()
    }

    #[test]
    fn what_could_follow_depends_on_what_stands_before() {
        assert_eq!(completed("MATCH (p:Pa"), ["Park"]);
        assert_eq!(completed("MATCH (p:园"), ["园区"]);
        assert_eq!(completed("MATCH (p)-[:pa"), ["PART_OF"]);
        assert_eq!(completed("MATCH (p:Park) RETURN p.na"), ["name", "name_en"]);
        assert_eq!(completed("CALL db.l"), ["labels"]);
        assert_eq!(completed("RETURN $y"), ["year"]);
        assert_eq!(completed("MATCH (station) RETURN stat"), ["STATUS", "station"]);
        assert_eq!(completed(":he"), [":help"]);
        assert_eq!(completed("RETURN toup"), ["toUpper"]);
    }
}
