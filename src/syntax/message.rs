//! From the parser's refusal to an error in a person's words: what was found, what could stand there, what to try.

use pest::error::{ErrorVariant, InputLocation};
use smol_str::SmolStr;

use super::ast::Span;
use super::error::{SyntaxError, SyntaxErrorKind};
use super::expected::{expected_keywords, expected_words};
use super::habit;
use super::keyword::{self, KEYWORDS};
use super::parser::{Refusal, Rule};
use super::slip::{Slip, cure, plain_advice};
use super::slip_clause::bare_exists;
use super::token::{RawToken, raw_tokens};
use crate::diagnostic::nearest;

/// Returns the error that a refusal means.
pub(super) fn explain(text: &str, refusal: &Refusal) -> SyntaxError {
    let tokens: Vec<RawToken> = raw_tokens(text).into_iter().filter(|token| !is_comment(token.rule)).collect();
    if let Some(error) = unfinished(text, &tokens) {
        return error;
    }
    let position = match refusal.location {
        InputLocation::Pos(position) | InputLocation::Span((position, _)) => position,
    };
    let rules: &[Rule] = match &refusal.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let expected = expected_words(rules);
    let keywords = expected_keywords(rules);
    // The parser may stop within a token that it tried to read as two; the whole token is what a person sees.
    let place = tokens.iter().position(|token| token.span.end as usize > position);
    let mut error = match place {
        Some(place) => unexpected(text, &tokens, place, &expected, &keywords),
        None => too_short(text, &tokens, &expected),
    };
    error.expected = expected;
    error
}

fn is_comment(rule: Rule) -> bool {
    matches!(rule, Rule::line_comment | Rule::block_comment)
}

/// Explains a text, name or comment without end, which swallows all that follows.
fn unfinished(text: &str, tokens: &[RawToken]) -> Option<SyntaxError> {
    let token = tokens.last()?;
    let (what, end) = match token.rule {
        Rule::open_comment => ("comment", "*/"),
        Rule::open_name => ("name in backticks", "`"),
        Rule::open_string if token.span.text(text).starts_with('"') => ("text", "\""),
        Rule::open_string => ("text", "'"),
        _ => return None,
    };
    let opening = Span::new(token.span.start as usize, token.span.start as usize + 1);
    let message = format!("the {what} that begins here has no end");
    // `'it's'`: what begins here was meant to end the text whose quote ended it too early.
    let words = tokens.len().checked_sub(3).map(|first| &tokens[first..]);
    let quoted = words.is_some_and(|words| {
        words[0].rule == Rule::string && words[1].rule == Rule::word && words[0].span.end == words[1].span.start
    });
    let hint = match quoted {
        true => format!("a `{end}` within a text is written `\\{end}`, or the text stands in the other quotes"),
        false => format!("close it with `{end}`"),
    };
    let mut error = SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, opening).with_hint(hint);
    error.at_end = true;
    Some(error)
}

/// Explains a text that stops too early.
fn too_short(text: &str, tokens: &[RawToken], expected: &[SmolStr]) -> SyntaxError {
    let end = tokens.last().map_or(text.len(), |last| last.span.end as usize);
    let message = match (tokens.is_empty(), listed(expected)) {
        (true, _) => "the text holds no statement".to_owned(),
        (_, Some(list)) => format!("the statement stops too early; expected {list}"),
        (_, None) => "the statement stops too early".to_owned(),
    };
    let mut error = SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, Span::new(end, end));
    error.at_end = true;
    // An operator of another language at the very end is a mistake, not a beginning.
    let habit = tokens.len().checked_sub(1).and_then(|last| foreign_habit(text, tokens, last));
    let slip = Slip { text, tokens, place: tokens.len(), expected };
    error.hint = habit.or_else(|| open_bracket(text, tokens)).or_else(|| cure(&slip)).or_else(|| match tokens.last() {
        Some(last) => plain_advice(&slip).or_else(|| {
            let last = shortened(last.span.text(text));
            Some(format!("write what is missing behind `{last}`"))
        }),
        None => None,
    });
    error
}

/// Names the bracket that is still open.
fn open_bracket(text: &str, tokens: &[RawToken]) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for token in tokens.iter().filter(|token| token.rule == Rule::mark) {
        match token.span.text(text) {
            bracket @ ("(" | "[" | "{") => open.push(bracket),
            ")" | "]" | "}" => {
                open.pop();
            }
            _ => {}
        }
    }
    open.last().map(|bracket| format!("a `{bracket}` is still open"))
}

/// Explains a token that cannot stand where it stands.
fn unexpected(text: &str, tokens: &[RawToken], place: usize, expected: &[SmolStr], keywords: &[String]) -> SyntaxError {
    let token = &tokens[place];
    let found = token.span.text(text);
    if let Some(character) = found.chars().next().filter(|_| token.rule == Rule::symbol)
        && let Some((name, meant)) = habit::look_alike(character)
    {
        let message = format!("`{character}` is a {name}, which means nothing here");
        return SyntaxError::new(SyntaxErrorKind::InvalidUnicodeCharacter, message, token.span)
            .with_hint(format!("write `{meant}`"));
    }
    let behind_end = place > 0 && tokens[place - 1].span.text(text) == ";";
    let message = match listed(expected) {
        _ if behind_end => "something stands behind the `;` that ends the statement".to_owned(),
        Some(list) => format!("`{}` cannot stand here; expected {list}", shortened(found)),
        None => format!("`{}` cannot stand here", shortened(found)),
    };
    let mut error = SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, token.span);
    error.hint = match behind_end {
        true => Some("give one statement at a time, or run the text as a script".to_owned()),
        // Within open brackets of a relationship the arrow behind them is no habit, it is the missing bracket.
        false if expected.iter().any(|word| word == "`]`") && found == "-" => open_bracket(text, &tokens[..place]),
        false => {
            let slip = Slip { text, tokens, place, expected };
            // What is a habit elsewhere is only half of this one.
            bare_exists(&slip)
                .or_else(|| foreign_habit(text, tokens, place))
                .or_else(|| cure(&slip))
                .or_else(|| misspelt(text, tokens, place, keywords))
                .or_else(|| reserved_as_name(found, token.rule, expected))
                .or_else(|| plain_advice(&slip))
        }
    };
    error
}

/// Cuts what was found to a length that a message can hold.
fn shortened(found: &str) -> String {
    match found.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &found[..end]),
        None => found.to_owned(),
    }
}

/// Joins what was expected: `a`, `b` or `c`.
fn listed(expected: &[SmolStr]) -> Option<String> {
    let (last, others) = expected.split_last()?;
    match others.is_empty() {
        true => Some(last.to_string()),
        false => Some(format!("{} or {last}", others.join(", "))),
    }
}

/// Looks for a habit of another language at the token, or where the token and its neighbour make an operator.
fn foreign_habit(text: &str, tokens: &[RawToken], place: usize) -> Option<String> {
    let token = tokens.get(place)?;
    let found = token.span.text(text);
    let neighbour = |other: Option<&RawToken>| other.map_or("", |other| other.span.text(text));
    let previous = place.checked_sub(1).and_then(|index| tokens.get(index));
    let next = tokens.get(place + 1);
    let touches_previous = previous.is_some_and(|previous| previous.span.end == token.span.start);
    let touches_next = next.is_some_and(|next| next.span.start == token.span.end);
    let with_previous = touches_previous.then(|| format!("{}{found}", neighbour(previous)));
    let with_next = touches_next.then(|| format!("{found}{}", neighbour(next)));
    [with_previous, with_next]
        .into_iter()
        .flatten()
        .find_map(|operator| habit::operator(&operator))
        .or_else(|| habit::operator(found))
        .or_else(|| habit::word(found, neighbour(previous)))
        .or_else(|| if is_given_name(text, tokens, place) { None } else { habit::word(neighbour(previous), "") })
        .map(str::to_owned)
}

/// Says whether the word before the token is a name that was chosen, behind `AS`, a colon or a point.
fn is_given_name(text: &str, tokens: &[RawToken], place: usize) -> bool {
    let before = place.checked_sub(2).map_or("", |index| tokens[index].span.text(text));
    before.eq_ignore_ascii_case("AS") || matches!(before, ":" | "." | "|")
}

/// Finds the word of the language that the token, or the word before it, was meant to be.
fn misspelt(text: &str, tokens: &[RawToken], place: usize, keywords: &[String]) -> Option<String> {
    let previous = place.checked_sub(1).map(|index| &tokens[index]);
    for token in std::iter::once(&tokens[place]).chain(previous) {
        let found = token.span.text(text);
        if token.rule != Rule::word || keyword::is_keyword(found) || found.chars().count() < 3 {
            continue;
        }
        let upper = found.to_uppercase();
        // What could stand here comes first, then any word.
        let near = nearest(&upper, keywords.iter().map(String::as_str))
            .or_else(|| nearest(&upper, KEYWORDS.iter().map(|keyword| keyword.word)));
        if let Some(near) = near {
            return Some(format!("did you mean `{near}`?"));
        }
    }
    None
}

/// Tells that a reserved word needs backticks where a name is expected.
fn reserved_as_name(found: &str, rule: Rule, expected: &[SmolStr]) -> Option<String> {
    let name_fits = expected.iter().any(|word| word == "a name");
    (rule == Rule::word && name_fits && keyword::is_reserved(found))
        .then(|| format!("`{found}` is a word of the language; as a name it needs backticks: `` `{found}` ``"))
}
