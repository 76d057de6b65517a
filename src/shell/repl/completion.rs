//! What could follow: names of the graph behind `:` and `.`, parameters behind `$`, names in the data within quotes, elsewhere the words
//! that the grammar can take there, variables and functions. Chinese names answer to their pinyin and to its initials.

use std::cell::RefCell;

use rustyline::completion::Pair;

use crate::engine::Connection;
use crate::shell::commands::COMMANDS;
use crate::shell::session::Session;
use crate::syntax::keyword::KEYWORDS;
use crate::syntax::{TokenKind, tokens, words_behind};
use crate::text::{NameMatch, NameQuery, has_han};

use super::data_names::{self, Place};

/// The names that can be completed.
#[derive(Debug, Default)]
pub(super) struct Names {
    labels: Vec<String>,
    types: Vec<String>,
    keys: Vec<String>,
    functions: Vec<String>,
    procedures: Vec<String>,
    parameters: Vec<String>,
    /// Finds names in the data, beside the session's own connection; there is none in tests.
    searcher: Option<RefCell<Connection>>,
}

impl Names {
    /// Reads the names that there are now.
    pub(super) fn refresh(&mut self, session: &mut Session) {
        let mut listed = |text: &str| -> Vec<String> {
            let answer = session.connection.run(text, ());
            answer.ok().and_then(|answer| answer.deserialize().ok()).unwrap_or_default()
        };
        self.labels = listed("SHOW LABELS YIELD name");
        self.types = listed("SHOW RELATIONSHIP TYPES YIELD name");
        self.keys = listed("SHOW PROPERTY KEYS YIELD name");
        if self.functions.is_empty() {
            self.functions = listed("SHOW FUNCTIONS YIELD name");
            self.procedures = listed("SHOW PROCEDURES YIELD name");
            self.searcher = Some(RefCell::new(session.connection.database().connect()));
        }
        let aliases = session.connection.database().aliases();
        self.labels.extend(aliases.labels);
        self.types.extend(aliases.types);
        self.keys.extend(aliases.properties);
        self.parameters = session.parameters.names().map(str::to_owned).collect();
    }

    /// Returns where the word at the cursor begins, and what it could become.
    pub(super) fn complete(&self, line: &str, position: usize) -> (usize, Vec<Pair>) {
        let before = &line[..position];
        if before.trim_start().starts_with(':') && !before.trim().contains(char::is_whitespace) {
            let start = before.find(':').unwrap_or(0);
            return (start, pairs(COMMANDS.iter().map(|command| command.name), &before[start..]));
        }
        if let Some(place) = data_names::place_in(before) {
            return (place.start, self.names_in_data(&place));
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
            Some('{' | ',') if is_map_key(&before[..start]) => pairs(self.keys.iter().map(String::as_str), word),
            _ => self.words(line, start, word),
        };
        (start, found)
    }

    /// Returns what is left of the one word that could follow, to be shown before it is taken.
    pub(super) fn rest_of_only(&self, line: &str, position: usize) -> Option<String> {
        let before = &line[..position];
        if position != line.len() || data_names::place_in(before).is_some() {
            return None;
        }
        let (start, found) = self.complete(line, position);
        let [only] = &found[..] else { return None };
        let typed = &before[start..];
        let rest = only.replacement.get(typed.len()..)?;
        let continues = typed.chars().count() >= 2 && only.replacement.starts_with(typed) && !rest.is_empty();
        continues.then(|| rest.to_owned())
    }

    fn names_in_data(&self, place: &Place) -> Vec<Pair> {
        let Some(searcher) = &self.searcher else { return Vec::new() };
        let names = data_names::find(&mut searcher.borrow_mut(), place);
        let pair = |name: String| Pair { replacement: place.written(&name), display: name };
        names.into_iter().map(pair).collect()
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

    fn words(&self, line: &str, start: usize, word: &str) -> Vec<Pair> {
        let wanted = words_behind(&line[..start]);
        if word.is_empty() {
            // Without a letter only few words are worth showing.
            let few = if wanted.len() <= 12 { &wanted[..] } else { &[] };
            return pairs(few.iter().map(String::as_str), word);
        }
        let written = tokens(line);
        let names = written.iter().filter(|token| token.kind == TokenKind::Name);
        let variables = names.map(|token| token.span.text(line)).filter(|name| *name != word);
        let functions = self.functions.iter().chain(&self.procedures).map(String::as_str);
        // Where the grammar has words to offer, no others fit; where the text is wrong already, any may be meant.
        let fits =
            |keyword: &&str| wanted.is_empty() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(keyword));
        let keywords = KEYWORDS.iter().map(|keyword| keyword.word).filter(fits);
        pairs(variables.chain(keywords).chain(functions), word)
    }
}

/// Says whether a key of a map could follow: behind `{`, or behind a comma within braces.
fn is_map_key(before: &str) -> bool {
    let opened = before.rfind(['{', '}', '(', ')', '[', ']']);
    opened.is_some_and(|place| before[place..].starts_with('{'))
}

/// Returns the candidates that begin as the word does, in any case of letters, or sound as it is written, in order and each once.
fn pairs<'n>(candidates: impl Iterator<Item = &'n str>, word: &str) -> Vec<Pair> {
    let query = NameQuery::new(word);
    let sounds = |name: &str| {
        let score = if has_han(name) && !word.is_empty() { query.score(name) } else { None };
        score.is_some_and(|score| matches!(score.how, NameMatch::Pinyin | NameMatch::Initials) && score.start == 0)
    };
    let begins = |name: &str| {
        let mut letters = name.chars().flat_map(char::to_lowercase);
        word.chars().flat_map(char::to_lowercase).all(|letter| letters.next() == Some(letter))
    };
    let mut found: Vec<&str> = candidates.filter(|name| begins(name) || sounds(name)).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|name| Pair { display: name.to_owned(), replacement: name.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        Names {
            labels: own(&["Park", "园区"]),
            types: own(&["PART_OF"]),
            keys: own(&["name", "name_en"]),
            functions: own(&["date.truncate", "toUpper"]),
            procedures: own(&["db.labels"]),
            parameters: own(&["year"]),
            searcher: None,
        }
    }

    fn completed(line: &str) -> Vec<String> {
        names().complete(line, line.len()).1.into_iter().map(|pair| pair.replacement).collect()
    }

    #[test]
    fn what_could_follow_depends_on_what_stands_before() {
        assert_eq!(completed("MATCH (p:Pa"), ["Park"]);
        assert_eq!(completed("MATCH (p:园"), ["园区"]);
        assert_eq!(completed("MATCH (p)-[:pa"), ["PART_OF"]);
        assert_eq!(completed("MATCH (p:Park) RETURN p.na"), ["name", "name_en"]);
        assert_eq!(completed("MATCH (p {na"), ["name", "name_en"]);
        assert_eq!(completed("CALL db.l"), ["labels"]);
        assert_eq!(completed("RETURN $y"), ["year"]);
        assert_eq!(completed("MATCH (station) RETURN stat"), ["station"]);
        assert_eq!(completed("MATCH (n) RETURN n ORD"), ["ORDER"]);
        assert_eq!(completed("MATCH (n) RETURN n TH"), Vec::<String>::new());
        assert_eq!(completed(":he"), [":help"]);
        assert_eq!(completed("RETURN toup"), ["toUpper"]);
    }

    #[test]
    fn chinese_names_answer_to_their_sound() {
        assert_eq!(completed("MATCH (p:yuanqu"), ["园区"]);
        assert_eq!(completed("MATCH (p:yq"), ["园区"]);
    }

    #[test]
    fn the_only_word_is_shown_before_it_is_taken() {
        let rest = |line: &str| names().rest_of_only(line, line.len());
        assert_eq!(rest("MATCH (n) RETU").as_deref(), Some("RN"));
        assert_eq!(rest("MATCH (n) retu"), None);
        assert_eq!(rest("MATCH (n) RETURN n.na"), None);
    }
}
