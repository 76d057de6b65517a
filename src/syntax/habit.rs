//! Habits of other languages and keyboards, each with what is written here instead.

/// Returns what a character looks like and what is meant by it, for characters that other keyboards make.
pub fn look_alike(character: char) -> Option<(&'static str, &'static str)> {
    LOOK_ALIKES.iter().find(|(alike, ..)| *alike == character).map(|(_, name, meant)| (*name, *meant))
}

/// Characters that look like the language's own: the character, its name, what is meant.
const LOOK_ALIKES: &[(char, &str, &str)] = &[
    ('（', "full-width bracket", "("),
    ('）', "full-width bracket", ")"),
    ('［', "full-width bracket", "["),
    ('］', "full-width bracket", "]"),
    ('【', "lenticular bracket", "["),
    ('】', "lenticular bracket", "]"),
    ('｛', "full-width brace", "{"),
    ('｝', "full-width brace", "}"),
    ('，', "full-width comma", ","),
    ('、', "enumeration comma", ","),
    ('；', "full-width semicolon", ";"),
    ('：', "full-width colon", ":"),
    ('。', "full-width full stop", "."),
    ('．', "full-width point", "."),
    ('“', "curly quotation mark", "\""),
    ('”', "curly quotation mark", "\""),
    ('„', "curly quotation mark", "\""),
    ('＂', "full-width quotation mark", "\""),
    ('‘', "curly quotation mark", "'"),
    ('’', "curly quotation mark", "'"),
    ('＇', "full-width quotation mark", "'"),
    ('「', "corner bracket", "'"),
    ('」', "corner bracket", "'"),
    ('『', "corner bracket", "'"),
    ('』', "corner bracket", "'"),
    ('｀', "full-width backtick", "`"),
    ('＝', "full-width equals sign", "="),
    ('≠', "sign of inequality", "<>"),
    ('＜', "full-width less-than sign", "<"),
    ('＞', "full-width greater-than sign", ">"),
    ('〈', "angle bracket", "<"),
    ('〉', "angle bracket", ">"),
    ('《', "title mark", "'"),
    ('》', "title mark", "'"),
    ('≤', "sign of order", "<="),
    ('≥', "sign of order", ">="),
    ('＋', "full-width plus", "+"),
    ('－', "full-width minus", "-"),
    ('—', "dash", "-"),
    ('–', "dash", "-"),
    ('‐', "hyphen", "-"),
    ('‑', "hyphen", "-"),
    ('‒', "dash", "-"),
    ('―', "dash", "-"),
    ('−', "minus sign", "-"),
    ('\u{AD}', "soft hyphen", "-"),
    ('×', "multiplication sign", "*"),
    ('＊', "full-width asterisk", "*"),
    ('÷', "division sign", "/"),
    ('／', "full-width slash", "/"),
    ('％', "full-width percent sign", "%"),
    ('＾', "full-width circumflex", "^"),
    ('｜', "full-width bar", "|"),
    ('＆', "full-width ampersand", "&"),
    ('！', "full-width exclamation mark", "!"),
    ('＄', "full-width dollar sign", "$"),
    ('￥', "yen sign", "$"),
    ('～', "full-width tilde", "=~"),
    ('…', "ellipsis", ".."),
    ('→', "arrow", "-->"),
    ('←', "arrow", "<--"),
    ('´', "acute accent", "'"),
];

/// Returns what to write instead of another language's operator.
pub(super) fn operator(written: &str) -> Option<&'static str> {
    Some(match written {
        "==" => "equality is written `=`",
        "!=" => "inequality is written `<>`",
        "&&" => "write `AND`",
        "!" => "write `NOT`",
        "=>" => "write `>=`, or `-->` for a relationship",
        "=<" => "write `<=`",
        "->" | "<-" => "a relationship is written `-->`, `<--` or `-[:TYPE]->`",
        "++" => "lists and texts are joined with one `+`",
        "**" => "a power is written `^`",
        "::" => {
            "a type is tested with `x IS :: INTEGER`, a value converted with `CAST(x AS INTEGER)`; labels follow one `:`"
        }
        "?" => "a parameter is written `$name`",
        "#" => "a comment begins with `//`",
        "\\" => "a backslash stands only in texts",
        "@" => "a parameter is written `$name`",
        _ => return None,
    })
}

/// Returns what to write instead of another language's word; `before` is the word before it.
pub(super) fn word(written: &str, before: &str) -> Option<&'static str> {
    let after = |word: &str| before.eq_ignore_ascii_case(word);
    Some(match written.to_ascii_uppercase().as_str() {
        "SELECT" => "a query asks with `MATCH` and answers with `RETURN`: `MATCH (n:Label) RETURN n.key`",
        "FROM" if !after("HEADERS") => "write `MATCH (n:Label)` to say where rows come from",
        "JOIN" => "join by a pattern: `MATCH (a)-[:TYPE]->(b)`",
        "UPDATE" => "write `MATCH … SET …`",
        "INTO" => "write `CREATE (n:Label {key: value})`",
        "VALUES" => "write `CREATE (n:Label {key: value})`",
        "GROUP" => "rows are grouped by the items of `RETURN` or `WITH` that are not aggregated",
        "HAVING" => "write `WITH … WHERE …` behind the aggregation",
        "STARTSWITH" | "STARTS_WITH" => "write `STARTS WITH`",
        "START" | "BEGINS" if !after("AS") => "write `STARTS WITH`",
        "ENDSWITH" | "ENDS_WITH" => "write `ENDS WITH`",
        "NOTNULL" => "write `IS NOT NULL`",
        "ISNULL" => "write `IS NULL`",
        "HELP" | "EXIT" | "QUIT" | "CLEAR" if before.is_empty() => {
            "commands of the shell begin with a colon: `:help`, `:quit`"
        }
        "LIKE" | "ILIKE" => "write `CONTAINS`, `STARTS WITH`, `ENDS WITH` or `=~`",
        "BETWEEN" => "write `low <= x <= high`",
        "TOP" => "write `ORDER BY … LIMIT n`",
        "TABLE" => "there are no tables; labels and properties need not be declared",
        "TRUNCATE" => "write `MATCH (n:Label) DETACH DELETE n`",
        "MODIFY" | "ALTER" => "labels and properties need not be declared",
        "THEN" if after("END") => "a `CASE` ends with `END`",
        "ELSEIF" | "ELIF" => "write a further `WHEN … THEN …`",
        "EXCEPT" | "MINUS" | "INTERSECT" => "write `WHERE NOT EXISTS { … }` or `WHERE EXISTS { … }`",
        "TABLES" | "DATABASES" => "there are no tables; `SHOW SCHEMA` and `SHOW LABELS` tell what is there",
        "USE" => "a program has one graph open; name another file when starting it",
        "DESCRIBE" => "write `SHOW SCHEMA` or `EXPLAIN …`",
        _ => return None,
    })
}
