//! The commonest slips of whoever writes SPARQL, found in the words of a text that was refused.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostic::nearest;
use crate::syntax::look_alike;

use super::words::{Kind, Word, words};

/// What is wrong, where, and what to write.
pub(super) struct Slip {
    pub(super) message: String,
    pub(super) place: Range<usize>,
    pub(super) hint: Option<String>,
}

impl Slip {
    fn at(place: Range<usize>, message: impl Into<String>, hint: &str) -> Option<Slip> {
        Some(Slip { message: message.into(), place, hint: (!hint.is_empty()).then(|| hint.to_owned()) })
    }
}

/// What looks for one kind of slip among the words, of which the library came as far as a place.
type Look = fn(&[Word<'_>], usize) -> Option<Slip>;

/// Returns the slip in a text that was refused; the library came as far as a place.
pub(super) fn slip(text: &str, place: usize) -> Option<Slip> {
    let words = words(text, |letter| look_alike(letter).is_some());
    let looks: [Look; 10] = [
        foreign_mark,
        other_language,
        never_closed,
        at_the_place,
        star_with_groups,
        named_twice,
        has_a_value,
        not_grouped,
        uneven_values,
        unknown_function,
    ];
    looks.into_iter().find_map(|look| look(&words, place))
}

/// Returns what a mark of another keyboard is to be in SPARQL.
pub(super) fn foreign(letter: char) -> Option<(&'static str, &'static str)> {
    let (name, meant) = look_alike(letter)?;
    Some((name, if meant == "<>" { "!=" } else { meant }))
}

fn foreign_mark(words: &[Word<'_>], place: usize) -> Option<Slip> {
    let marks = words.iter().filter(|word| word.kind == Kind::Mark && word.start <= place);
    let found = marks.filter_map(|word| Some((word, foreign(word.text.chars().next()?)?))).next()?;
    let (word, (name, meant)) = found;
    Slip::at(word.range(), format!("`{}` is a {name}", word.text), &format!("write `{meant}`"))
}

fn other_language(words: &[Word<'_>], _: usize) -> Option<Slip> {
    const CYPHER: [&str; 9] = ["MATCH", "OPTIONAL", "RETURN", "CREATE", "MERGE", "UNWIND", "CITE", "CALL", "WITH"];
    let first = words.first().filter(|word| CYPHER.iter().any(|keyword| word.is(keyword)))?;
    let hint = "this looks like Cypher: run it with `query`, or at the prompt without `:sparql`";
    Slip::at(first.range(), format!("`{}` cannot stand here", first.text), hint)
}

fn never_closed(words: &[Word<'_>], _: usize) -> Option<Slip> {
    let mut open: Vec<&Word<'_>> = Vec::new();
    for word in words {
        if word.kind == (Kind::Text { closed: false }) {
            return Slip::at(word.start..word.start + 1, "this text is never closed", "");
        }
        let opening = match word.text {
            _ if word.kind != Kind::Mark => continue,
            "(" | "[" | "{" => {
                open.push(word);
                continue;
            }
            ")" => "(",
            "]" => "[",
            "}" => "{",
            _ => continue,
        };
        match open.pop() {
            Some(last) if last.text == opening => {}
            Some(last) => return Slip::at(last.range(), format!("`{}` is never closed", last.text), ""),
            None => return Slip::at(word.range(), format!("`{}` closes nothing", word.text), ""),
        }
    }
    let last = open.last()?;
    Slip::at(last.range(), format!("`{}` is never closed", last.text), "")
}

/// Looks at the word that the library came to, and the ones around it.
fn at_the_place(words: &[Word<'_>], place: usize) -> Option<Slip> {
    let number = words.iter().position(|word| word.range().contains(&place));
    if let Some(number) = number {
        let word = &words[number];
        let before = number.checked_sub(1).map(|before| &words[before]);
        if before.is_some_and(|before| before.is("LIMIT") || before.is("OFFSET")) {
            let sign = words.get(number + 1).filter(|next| word.kind == Kind::Mark && next.start == word.range().end);
            let end = sign.unwrap_or(word).range().end;
            let written: String =
                words[number..].iter().take_while(|part| part.start < end).map(|part| part.text).collect();
            return Slip::at(
                word.start..end,
                format!("`{written}` is no number of rows"),
                "a whole number from 0 on stands here",
            );
        }
        if before.is_some_and(|before| before.is("SELECT") || before.is("DISTINCT") || before.is("REDUCED"))
            && word.kind == Kind::Name
        {
            let hint = format!("a variable is written `?{}`, a value `(expression AS ?name)`", word.text);
            return Slip::at(word.range(), format!("`{}` cannot stand here", word.text), &hint);
        }
    }
    // No group begins so: a number before a comma or the end.
    let mut counts = words.windows(4).filter(|four| {
        matches!(four[0].kind, Kind::Name | Kind::Iri)
            && four[1].is("{")
            && four[2].text.chars().all(|digit| digit.is_ascii_digit())
            && (four[3].is(",") || four[3].is("}"))
    });
    if let Some(four) = counts.next() {
        let hint = "a path is repeated with `*`, `+` or `?`; once or twice is `p/p?`";
        return Slip::at(four[1].range(), "`{` cannot stand here", hint);
    }
    let pairs = words.windows(2);
    let mut lonely = pairs
        .filter(|pair| pair[0].is(",") && (pair[1].is("}") || pair[1].is(".") || pair[1].is(";")))
        .map(|pair| &pair[0]);
    let comma = lonely.next_back()?;
    Slip::at(comma.range(), "`,` needs another object behind it", "")
}

/// One `SELECT`: its items, and what stands behind them in the same query.
struct Select<'w, 't> {
    items: &'w [Word<'t>],
    rest: &'w [Word<'t>],
}

fn selects<'w, 't>(words: &'w [Word<'t>]) -> impl Iterator<Item = Select<'w, 't>> {
    let starts = words.iter().enumerate().filter(|(_, word)| word.is("SELECT")).map(|(number, _)| number + 1);
    starts.map(move |start| {
        let behind = &words[start..];
        let end =
            behind.iter().position(|word| word.is("WHERE") || word.is("{") || word.is("FROM")).unwrap_or(behind.len());
        // A query within another ends with the brace around it.
        let mut depth = 0_i32;
        let close = behind[end..].iter().position(|word| {
            depth += i32::from(word.is("{")) - i32::from(word.is("}"));
            depth < 0
        });
        Select { items: &behind[..end], rest: &behind[end..close.map_or(behind.len(), |close| end + close)] }
    })
}

impl<'t> Select<'_, 't> {
    /// Returns the variables that the select gives, in order.
    fn given(&self) -> impl Iterator<Item = &Word<'t>> {
        let mut depth = 0_i32;
        let items = self.items.iter().enumerate().filter(move |(number, word)| {
            depth += i32::from(word.is("(")) - i32::from(word.is(")"));
            let is_named = *number > 0 && self.items[number - 1].is("AS");
            word.kind == Kind::Variable && (depth == 0 || (depth == 1 && is_named))
        });
        items.map(|(_, word)| word)
    }

    /// Returns the words of its pattern.
    fn pattern(&self) -> impl Iterator<Item = &Word<'t>> {
        let mut depth = 0_i32;
        self.rest.iter().skip_while(|word| !word.is("{")).take_while(move |word| {
            depth += i32::from(word.is("{")) - i32::from(word.is("}"));
            depth > 0
        })
    }

    /// Returns the variables that it groups by.
    fn grouped(&self) -> Option<BTreeSet<&str>> {
        let start = self.rest.windows(2).rposition(|pair| pair[0].is("GROUP") && pair[1].is("BY"))?;
        let ends = ["HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"];
        let behind = self.rest[start + 2..].iter().take_while(|word| !ends.iter().any(|end| word.is(end)));
        Some(behind.filter_map(Word::variable).collect())
    }
}

const AGGREGATES: [&str; 7] = ["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"];

fn is_aggregate(word: &Word<'_>) -> bool {
    AGGREGATES.iter().any(|aggregate| word.is(aggregate))
}

fn star_with_groups(words: &[Word<'_>], _: usize) -> Option<Slip> {
    let star = selects(words).find_map(|select| {
        let star = select.items.iter().find(|word| word.is("*")).filter(|_| select.items.len() <= 2)?;
        select.grouped().map(|_| star.range())
    })?;
    Slip::at(star, "`SELECT *` cannot stand with groups", "name what is grouped, and what is counted of each group")
}

fn named_twice(words: &[Word<'_>], _: usize) -> Option<Slip> {
    for select in selects(words) {
        let mut seen = BTreeSet::new();
        if let Some(word) = select.given().find(|word| !seen.insert(word.variable())) {
            return Slip::at(
                word.range(),
                format!("`SELECT` names `{}` twice", word.text),
                "each column needs a name of its own",
            );
        }
    }
    None
}

/// Looks for `AS ?x` where the pattern has `?x`.
fn has_a_value(words: &[Word<'_>], _: usize) -> Option<Slip> {
    let hint = "what is computed needs a name that no pattern of the same braces has";
    for select in selects(words) {
        for pair in select.items.windows(2).filter(|pair| pair[0].is("AS")) {
            let is_grouped = select.grouped().is_some() || select.items.iter().any(is_aggregate);
            if !is_grouped && select.pattern().any(|word| word.variable() == pair[1].variable()) {
                return Slip::at(pair[1].range(), format!("`{}` has a value already", pair[1].text), hint);
            }
        }
    }
    let mut groups: Vec<BTreeSet<&str>> = vec![BTreeSet::new()];
    let mut binds = 0;
    for (number, word) in words.iter().enumerate() {
        match word.text {
            "{" => groups.push(BTreeSet::new()),
            "}" if groups.len() > 1 => drop(groups.pop()),
            _ if word.is("BIND") => binds += 1,
            _ => {}
        }
        let (Some(name), Some(group)) = (word.variable(), groups.last_mut()) else { continue };
        let is_named = binds > 0 && number > 0 && words[number - 1].is("AS");
        if !group.insert(name) && is_named {
            return Slip::at(word.range(), format!("`{}` has a value already", word.text), hint);
        }
    }
    None
}

/// Looks for a variable beside aggregates that no group has one value of.
fn not_grouped(words: &[Word<'_>], _: usize) -> Option<Slip> {
    for select in selects(words) {
        let grouped = select.grouped();
        if grouped.is_none() && !select.items.iter().any(is_aggregate) {
            continue;
        }
        let mut known = grouped.unwrap_or_default();
        let mut aggregate: Option<i32> = None;
        let mut depth = 0_i32;
        for (number, word) in select.items.iter().enumerate() {
            depth += i32::from(word.is("(")) - i32::from(word.is(")"));
            aggregate = aggregate.filter(|outside| depth > *outside || word.is("("));
            if aggregate.is_none() && is_aggregate(word) {
                aggregate = Some(depth);
            }
            let Some(name) = word.variable() else { continue };
            if number > 0 && select.items[number - 1].is("AS") {
                known.insert(name);
            } else if aggregate.is_none() && !known.contains(name) {
                let hint =
                    format!("write `GROUP BY {0}`, or take one value of each group: `(SAMPLE({0}) AS …)`", word.text);
                return Slip::at(word.range(), format!("`{}` is neither grouped nor counted", word.text), &hint);
            }
        }
    }
    None
}

/// Looks for a row of `VALUES` that has more or fewer values than there are variables.
fn uneven_values(words: &[Word<'_>], _: usize) -> Option<Slip> {
    for start in words.iter().enumerate().filter(|(_, word)| word.is("VALUES")).map(|(number, _)| number + 1) {
        let behind = &words[start..];
        let variables = match behind.first() {
            Some(first) if first.is("(") => {
                behind.iter().skip(1).take_while(|word| word.kind == Kind::Variable).count()
            }
            _ => continue,
        };
        let Some(open) = behind.iter().position(|word| word.is("{")) else { continue };
        let rows = behind[open + 1..].iter().take_while(|word| !word.is("}")).collect::<Vec<_>>();
        let mut row: Option<(usize, usize)> = None;
        for (number, word) in rows.iter().enumerate() {
            if word.is("(") {
                row = Some((word.start, 0));
            } else if word.is(")") {
                let Some((from, count)) = row.take().filter(|(_, count)| *count != variables) else { continue };
                let plural = if count == 1 { "" } else { "s" };
                let message = format!("a row of `VALUES` has {count} value{plural} for {variables} variables");
                return Slip::at(from..word.range().end, message, "`UNDEF` stands for a value that is not there");
            } else if let Some((_, count)) = &mut row {
                let goes_on =
                    number.checked_sub(1).is_some_and(|before| ["@", "^", "-", "+"].contains(&rows[before].text));
                *count += usize::from(!goes_on && !["@", "^"].contains(&word.text));
            }
        }
    }
    None
}

/// Looks for a name before a bracket that is no function.
fn unknown_function(words: &[Word<'_>], _: usize) -> Option<Slip> {
    let called =
        words.windows(2).filter(|pair| pair[1].is("(") && pair[0].kind == Kind::Name && !pair[0].text.contains(':'));
    let mut unknown = called.map(|pair| &pair[0]).filter(|word| {
        let is_letter = word.text.starts_with(|letter: char| letter.is_alphabetic());
        is_letter && !FUNCTIONS.iter().chain(KEYWORDS).any(|known| word.is(known))
    });
    let word = unknown.next()?;
    let hint = match nearest(word.text, FUNCTIONS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the functions are those of SPARQL 1.1, section 17, and of SPARQL 1.2".to_owned(),
    };
    Slip::at(word.range(), format!("there is no function `{}`", word.text), &hint)
}

/// Keywords that a bracket may follow.
const KEYWORDS: &[&str] = &[
    "SELECT", "DISTINCT", "REDUCED", "FILTER", "BIND", "AS", "IN", "NOT", "VALUES", "BY", "HAVING", "ASC", "DESC", "a",
    "true", "false",
];

/// The functions.
const FUNCTIONS: &[&str] = &[
    "COUNT",
    "SUM",
    "MIN",
    "MAX",
    "AVG",
    "SAMPLE",
    "GROUP_CONCAT",
    "STR",
    "LANG",
    "LANGMATCHES",
    "LANGDIR",
    "DATATYPE",
    "BOUND",
    "IRI",
    "URI",
    "BNODE",
    "RAND",
    "ABS",
    "CEIL",
    "FLOOR",
    "ROUND",
    "CONCAT",
    "STRLEN",
    "UCASE",
    "LCASE",
    "ENCODE_FOR_URI",
    "CONTAINS",
    "STRSTARTS",
    "STRENDS",
    "STRBEFORE",
    "STRAFTER",
    "YEAR",
    "MONTH",
    "DAY",
    "HOURS",
    "MINUTES",
    "SECONDS",
    "TIMEZONE",
    "TZ",
    "NOW",
    "UUID",
    "STRUUID",
    "MD5",
    "SHA1",
    "SHA256",
    "SHA384",
    "SHA512",
    "COALESCE",
    "IF",
    "STRLANG",
    "STRLANGDIR",
    "STRDT",
    "SAMETERM",
    "ISIRI",
    "ISURI",
    "ISBLANK",
    "ISLITERAL",
    "ISNUMERIC",
    "ISTRIPLE",
    "HASLANG",
    "HASLANGDIR",
    "REGEX",
    "SUBSTR",
    "REPLACE",
    "EXISTS",
    "TRIPLE",
    "SUBJECT",
    "PREDICATE",
    "OBJECT",
    "ADJUST",
];
