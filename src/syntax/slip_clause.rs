//! Slips in the order of clauses, and in words that only mean something together.

use super::slip::Slip;

/// Words that begin a clause or a part of one.
const CLAUSE_WORDS: &[&str] = &[
    "MATCH", "OPTIONAL", "WHERE", "RETURN", "WITH", "UNWIND", "CREATE", "MERGE", "SET", "REMOVE", "DELETE", "DETACH",
    "ORDER", "SKIP", "OFFSET", "LIMIT", "UNION", "CALL", "YIELD", "FOREACH", "INSERT", "FILTER", "LET", "FINISH",
    "LOAD",
];

/// Says whether a word begins a clause or a part of one.
pub(super) fn begins_clause(word: &str) -> bool {
    CLAUSE_WORDS.iter().any(|clause| clause.eq_ignore_ascii_case(word))
}

/// Returns the last of these words before the place, outside of the brackets that were closed since.
fn last_of<'w>(slip: &Slip<'_>, words: &[&'w str]) -> Option<&'w str> {
    let mut offset = -1;
    while slip.token(offset).is_some() {
        if let Some(word) = words.iter().find(|word| slip.is(offset, &[word])) {
            return Some(word);
        }
        offset -= 1;
    }
    None
}

/// A comment as SQL writes it.
pub(super) fn foreign_comment(slip: &Slip<'_>) -> Option<String> {
    let mut offset = 0;
    while slip.token(offset - 1).is_some() || offset == 0 {
        let (first, second, behind) = (slip.token(offset), slip.token(offset + 1), slip.token(offset + 2));
        if let (Some(first), Some(second)) = (first, second)
            && slip.is(offset, &["-"])
            && slip.is(offset + 1, &["-"])
            && first.span.end == second.span.start
            && behind.is_some_and(|behind| behind.span.start > second.span.end && !slip.is(offset + 2, &["("]))
            && !slip.is(offset - 1, &[")"])
        {
            return Some("a comment begins with `//`, or stands between `/*` and `*/`".to_owned());
        }
        offset -= 1;
    }
    None
}

/// Clauses in the order of another language.
pub(super) fn order(slip: &Slip<'_>) -> Option<String> {
    if slip.open().is_some() {
        return None;
    }
    let last =
        last_of(slip, &["MATCH", "RETURN", "WITH", "UNWIND", "SET", "CREATE", "MERGE", "LIMIT", "SKIP", "OFFSET"]);
    if slip.is(0, &["WHERE"]) {
        return Some(match last {
            Some("RETURN" | "LIMIT" | "SKIP" | "OFFSET") => {
                "`WHERE` stands before `RETURN`; to filter what is computed write `WITH … WHERE … RETURN …`".to_owned()
            }
            None => "`WHERE` follows `MATCH` or `WITH`".to_owned(),
            Some(_) => "`WHERE` follows `MATCH` or `WITH`, once; join conditions with `AND`".to_owned(),
        });
    }
    if slip.is(0, &["ORDER", "SKIP", "OFFSET", "LIMIT"]) {
        return Some(match last {
            Some("LIMIT") => "the order is `ORDER BY … SKIP … LIMIT …`".to_owned(),
            Some("SKIP" | "OFFSET") if slip.is(0, &["ORDER"]) => "the order is `ORDER BY … SKIP … LIMIT …`".to_owned(),
            _ => format!("`{}` follows `RETURN` or `WITH`", slip.at(0).to_uppercase()),
        });
    }
    None
}

/// A condition behind a pattern without WHERE.
pub(super) fn pattern_condition(slip: &Slip<'_>) -> Option<String> {
    (slip.expects("`WHERE`") && slip.is(0, &["AND", "OR", "NOT", "EXISTS"]) && slip.is(-1, &[")"]))
        .then(|| "a condition stands behind `WHERE`, a further pattern behind a comma".to_owned())
}

/// A pattern behind EXISTS without braces.
pub(super) fn bare_exists(slip: &Slip<'_>) -> Option<String> {
    let mut offset = -1;
    while offset >= -8 && !begins_clause(slip.at(offset)) {
        if slip.is(offset, &["EXISTS"]) && slip.is(offset + 1, &["("]) {
            return Some("a pattern stands in braces behind `EXISTS`: `EXISTS { (a)-->(b) }`".to_owned());
        }
        offset -= 1;
    }
    None
}

/// Words of which one was left out.
pub(super) fn words_that_belong_together(slip: &Slip<'_>) -> Option<String> {
    if slip.is(-1, &["OPTIONAL"]) || (slip.is(-1, &["MATCH"]) && slip.is(0, &["OPTIONAL"])) {
        return Some("write `OPTIONAL MATCH`".to_owned());
    }
    if slip.is(-1, &["ORDER"]) {
        return Some("write `ORDER BY`".to_owned());
    }
    if slip.is(0, &["FOREACH"]) && !slip.is(1, &["("]) || slip.is(-1, &["FOREACH"]) {
        return Some("write `FOREACH (item IN list | SET …)`".to_owned());
    }
    if slip.is(-1, &["CSV"]) && slip.expects("`FROM`") {
        return Some("write `LOAD CSV FROM 'file.csv' AS row`".to_owned());
    }
    let case = last_of(slip, &["CASE", "WHEN", "END"]);
    if slip.is(0, &["THEN", "ELSE"]) && case == Some("CASE") {
        return Some("write `WHEN` before the condition: `CASE WHEN … THEN … ELSE … END`".to_owned());
    }
    if matches!(case, Some("CASE" | "WHEN")) && slip.expects("`END`") {
        return Some("a `CASE` ends with `END`".to_owned());
    }
    let needs_name = last_of(slip, &["UNWIND", "CSV", "RETURN", "WITH", "MATCH"]);
    if slip.expects("`AS`") && matches!(needs_name, Some("UNWIND" | "CSV")) {
        let word = if needs_name == Some("UNWIND") { "UNWIND list" } else { "LOAD CSV FROM 'file.csv'" };
        return Some(format!("what comes of it needs a name: `{word} AS name`"));
    }
    None
}
