//! Slips of the pen and habits of other languages that show in the tokens around the place where the parser stopped, each with its cure.
//!
//! A cure is a function from the place to a hint; [`CURES`] holds them in the order in which they are asked. What another language writes
//! as one word or sign is in `habit.rs`; here stands what only the neighbours tell.

use smol_str::SmolStr;

use super::parser::Rule;
use super::slip_clause;
use super::token::RawToken;

/// The place where the parser stopped, with all that stands around it.
#[derive(Clone, Copy)]
pub(super) struct Slip<'t> {
    /// The text.
    pub(super) text: &'t str,
    /// Its tokens, without comments.
    pub(super) tokens: &'t [RawToken],
    /// The token that cannot stand where it stands; behind the last where the text stops too early.
    pub(super) place: usize,
    /// What could have stood there, in a person's words.
    pub(super) expected: &'t [SmolStr],
}

/// The cures, in the order in which they are asked; the first that fits is taken.
const CURES: &[fn(&Slip<'_>) -> Option<String>] = &[
    slip_clause::foreign_comment,
    bracket,
    relationship,
    node_brackets,
    labels,
    name_in_parts,
    slip_clause::order,
    slip_clause::pattern_condition,
    slip_clause::words_that_belong_together,
    operand,
    negation,
    star,
    map_entry,
    list_of_values,
    function_call,
];

/// Returns what to try, where the neighbours tell what was meant.
pub(super) fn cure(slip: &Slip<'_>) -> Option<String> {
    CURES.iter().find_map(|cure| cure(slip))
}

/// Returns what to try where nothing tells what was meant: what the grammar wants there.
pub(super) fn plain_advice(slip: &Slip<'_>) -> Option<String> {
    let before = slip.at(-1);
    if let [only] = slip.expected
        && let Some(mark) = only.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'))
        && !mark.contains('`')
    {
        return Some(format!("put `{mark}` here"));
    }
    if slip.expects("a statement") {
        return Some("a statement begins with a word such as `MATCH`, `CREATE`, `CALL` or `SHOW`".to_owned());
    }
    if slip.expects("an expression") && !before.is_empty() {
        return Some(format!("an expression is missing behind `{before}`"));
    }
    let clause = "a clause begins with a word such as `WHERE`, `WITH` or `RETURN`; is `RETURN` missing?";
    if slip.expects("a further clause") && slip.expects("a node such as `(n)`") {
        return Some(clause.to_owned());
    }
    if slip.expects("`,`") && slip.begins_operand() {
        return Some(format!("a `,` or an operator is missing before `{}`", slip.at(0)));
    }
    if slip.expects("a further clause") {
        return Some(clause.to_owned());
    }
    (slip.expects("`AND`") && !slip.at(0).is_empty())
        .then(|| format!("an operator or a clause is missing before `{}`", slip.at(0)))
}

impl<'t> Slip<'t> {
    /// Returns the token some places away, empty outside of the text.
    pub(super) fn at(&self, offset: isize) -> &'t str {
        self.token(offset).map_or("", |token| token.span.text(self.text))
    }

    /// Returns the token some places away.
    pub(super) fn token(&self, offset: isize) -> Option<&'t RawToken> {
        self.place.checked_add_signed(offset).and_then(|place| self.tokens.get(place))
    }

    /// Says whether the token some places away is one of these, in any letter case.
    pub(super) fn is(&self, offset: isize, any_of: &[&str]) -> bool {
        let found = self.at(offset);
        any_of.iter().any(|word| word.eq_ignore_ascii_case(found))
    }

    /// Says whether this could have stood at the place.
    pub(super) fn expects(&self, word: &str) -> bool {
        self.expected.iter().any(|expected| expected == word)
    }

    /// Says whether the token some places away is a word or a name in backticks.
    pub(super) fn is_name(&self, offset: isize) -> bool {
        self.token(offset).is_some_and(|token| matches!(token.rule, Rule::word | Rule::quoted_name))
    }

    /// Says whether a token and the one behind it touch.
    pub(super) fn touches_next(&self, offset: isize) -> bool {
        match (self.token(offset), self.token(offset + 1)) {
            (Some(left), Some(right)) => left.span.end == right.span.start,
            _ => false,
        }
    }

    /// Returns the innermost bracket that is open at the place, and how far before it stands.
    pub(super) fn open(&self) -> Option<(&'t str, isize)> {
        let mut open: Vec<(&str, usize)> = Vec::new();
        for (place, token) in self.tokens[..self.place.min(self.tokens.len())].iter().enumerate() {
            match token.span.text(self.text) {
                bracket @ ("(" | "[" | "{") if token.rule == Rule::mark => open.push((bracket, place)),
                ")" | "]" | "}" if token.rule == Rule::mark => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.last().map(|(bracket, place)| (*bracket, place.cast_signed() - self.place.cast_signed()))
    }

    /// Says whether an operand of an expression begins at the place.
    fn begins_operand(&self) -> bool {
        let rule = self.token(0).map(|token| token.rule);
        matches!(
            rule,
            Some(Rule::word | Rule::quoted_name | Rule::string | Rule::parameter | Rule::integer | Rule::float)
        ) && !slip_clause::begins_clause(self.at(0))
    }
}

fn closing(bracket: &str) -> &'static str {
    match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// A bracket that is not closed, or closed twice.
fn bracket(slip: &Slip<'_>) -> Option<String> {
    let found = slip.at(0);
    let open = slip.open();
    match (found, open) {
        (")" | "]" | "}", None) => Some(format!("no bracket is open here; take the `{found}` away")),
        (")" | "]" | "}", Some((bracket, _))) if closing(bracket) != found => {
            Some(format!("a `{bracket}` is still open; close it with `{}` first", closing(bracket)))
        }
        (word, Some((bracket, before))) if slip_clause::begins_clause(word) => {
            // Braces may hold a query, and then clauses; and behind a comma or an operator it is an item that is missing.
            let holds_query = bracket == "{" && (slip.is_name(before - 1) || slip.token_at_is(before - 1, ")"));
            let misses_item = slip.is(-1, &[","]) || is_operator(slip.at(-1)) || slip.at(-1) == bracket;
            (!holds_query && !misses_item)
                .then(|| format!("a `{bracket}` is still open; close it with `{}`", closing(bracket)))
        }
        _ => None,
    }
}

impl Slip<'_> {
    fn token_at_is(&self, offset: isize, mark: &str) -> bool {
        self.at(offset) == mark
    }
}

/// A relationship without its dashes and brackets.
fn relationship(slip: &Slip<'_>) -> Option<String> {
    if slip.expects("`-` or `[`") {
        return Some("a relationship is written `-->`, `<--`, `--` or `-[:TYPE]->`".to_owned());
    }
    let opens_relationship = |(bracket, before): (&str, isize)| bracket == "[" && slip.is(before - 1, &["-"]);
    if slip.is(0, &["]"]) && slip.open().is_some_and(opens_relationship) {
        return Some("behind `]` stands `->` or `-`: `-[:TYPE]->`, `<-[:TYPE]-`".to_owned());
    }
    let in_relationship = slip.open().is_some_and(opens_relationship);
    (in_relationship && slip.is(0, &["-", ">"]) && !slip.is_name(1))
        .then(|| "a `[` is still open; close it with `]`".to_owned())
}

/// A node in no brackets, or in those of a relationship.
fn node_brackets(slip: &Slip<'_>) -> Option<String> {
    let wants_node = slip.expects("a node such as `(n)`") || slip.expects("a pattern such as `(a)-->(b)`");
    if slip.is(0, &["["]) && wants_node {
        return Some("a node stands in round brackets: `(n:Label)`".to_owned());
    }
    if slip.is(0, &[":"]) && slip.is_name(-1) && slip.is(-2, &["MATCH", "MERGE", "CREATE", ","]) {
        return Some(format!("a node stands in round brackets: `({}:{})`", slip.at(-1), slip.at(1)));
    }
    (slip.is(0, &["("]) && slip.expects("a statement")).then(|| "is `MATCH` missing before the pattern?".to_owned())
}

/// Several labels or types with a comma between them.
fn labels(slip: &Slip<'_>) -> Option<String> {
    let (bracket, _) = slip.open()?;
    if !slip.is(0, &[","]) || !slip.is_name(-1) || !slip.is(-2, &[":", "|", "&"]) {
        return None;
    }
    Some(match bracket {
        "[" => "one of several types is written `:A|B`".to_owned(),
        _ => "one of several labels is written `:A|B`, all of them `:A&B`".to_owned(),
    })
}

/// A name that holds a blank or a dash, or begins with a digit.
fn name_in_parts(slip: &Slip<'_>) -> Option<String> {
    let is_dash =
        slip.is(0, &["-"]) && slip.touches_next(-1) && slip.touches_next(0) && slip.is_name(-1) && slip.is_name(1);
    if is_dash && slip.is(-2, &[":", "(", "[", "|", "&"]) {
        let name = format!("{}-{}", slip.at(-1), slip.at(1));
        return Some(format!("a name with a `-` in it needs backticks: `` `{name}` ``"));
    }
    let wants_name = slip.expects("a name") || slip.expects("a label") || slip.expects("a label or type");
    if slip.token(0).is_some_and(|token| token.rule == Rule::bad_number) && wants_name {
        return Some(format!("a name that begins with a digit needs backticks: `` `{}` ``", slip.at(0)));
    }
    let second_word = slip.is_name(0) && slip.is_name(-1) && !slip_clause::begins_clause(slip.at(0));
    if second_word && slip.is(-2, &[":", "|", "&"]) {
        return Some(format!("a name with a blank in it needs backticks: `` `{} {}` ``", slip.at(-1), slip.at(0)));
    }
    if slip.token(0).is_some_and(|token| token.rule == Rule::string) && slip.is(-1, &["AS"]) {
        let name = slip.at(0).trim_matches(['\'', '"']);
        return Some(format!("a name stands in backticks or bare, not in quotes: `` AS `{name}` ``"));
    }
    let after_as = slip.is_name(0) && slip.is_name(-1) && slip.is(-2, &["AS"]);
    if after_as && !slip_clause::begins_clause(slip.at(0)) {
        return Some(format!("a name with a blank in it needs backticks: `` AS `{} {}` ``", slip.at(-1), slip.at(0)));
    }
    None
}

/// Says whether a token goes on with an expression.
pub(super) fn is_operator(token: &str) -> bool {
    let signs = ["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "=~"];
    let words = ["AND", "OR", "XOR", "NOT", "IN", "CONTAINS"];
    signs.contains(&token) || words.iter().any(|word| word.eq_ignore_ascii_case(token))
}

/// An operand or an item that is not there.
fn operand(slip: &Slip<'_>) -> Option<String> {
    let (before, found) = (slip.at(-1), slip.at(0));
    let ends = found.is_empty() || slip_clause::begins_clause(found) || matches!(found, ")" | "]" | "}" | "," | ";");
    if !ends {
        let joins = slip.is(0, &["AND", "OR", "XOR"]) && slip.expects("an expression");
        return joins.then(|| format!("an expression is missing between `{before}` and `{found}`"));
    }
    if before == "," && !matches!(found, ",") {
        return Some("take the `,` before it away, or write one more item".to_owned());
    }
    if is_operator(before) && slip.expects("an expression") {
        return Some(match found {
            "" => format!("an expression is missing behind `{before}`"),
            found => format!("an expression is missing between `{before}` and `{found}`"),
        });
    }
    None
}

/// NOT in the middle, and tests for null in other words.
fn negation(slip: &Slip<'_>) -> Option<String> {
    if slip.is(0, &["NOT"]) && slip.expects("`CONTAINS`") {
        return Some(match slip.at(1).to_ascii_uppercase().as_str() {
            "NULL" => "write `IS NOT NULL`".to_owned(),
            "IN" => "`NOT` stands before the whole condition: `NOT x IN […]`".to_owned(),
            _ => "`NOT` stands before the whole condition: `NOT x CONTAINS 'text'`".to_owned(),
        });
    }
    (slip.is(-1, &["IS"]) && slip.expects("`NULL`"))
        .then(|| "behind `IS` stands `NULL` or `NOT NULL`; equality is written `=`".to_owned())
}

/// A star where none may stand.
fn star(slip: &Slip<'_>) -> Option<String> {
    if slip.is(0, &["*"]) && slip.is(-1, &["."]) {
        let variable = slip.at(-2);
        return Some(format!("all properties are `{variable} {{.*}}` or `properties({variable})`"));
    }
    if slip.is(0, &["."]) && slip.is(-1, &["*"]) {
        return Some("`*` stands for all variables; a property is written `variable.key`".to_owned());
    }
    (slip.is(0, &["*"]) && slip.is(-1, &["("]) && slip.is_name(-2)).then(|| "`*` stands only in `count(*)`".to_owned())
}

/// An entry of a map with an equals sign.
fn map_entry(slip: &Slip<'_>) -> Option<String> {
    let in_map = slip.open().is_some_and(|(bracket, _)| bracket == "{");
    (in_map && slip.is(0, &["=", "=>"]) && slip.is_name(-1))
        .then(|| format!("in a map a colon stands between key and value: `{{{}: …}}`", slip.at(-1)))
}

/// A list in round brackets, and two numbers behind LIMIT.
fn list_of_values(slip: &Slip<'_>) -> Option<String> {
    if !slip.is(0, &[","]) {
        return None;
    }
    if slip.open().is_some_and(|(bracket, before)| bracket == "(" && slip.is(before - 1, &["IN"])) {
        return Some("a list stands in square brackets: `IN ['a', 'b']`".to_owned());
    }
    slip.is(-2, &["LIMIT"]).then(|| format!("write `SKIP {} LIMIT {}`", slip.at(-1), slip.at(1)))
}

/// A function without brackets, and those that take their argument in another form.
fn function_call(slip: &Slip<'_>) -> Option<String> {
    const AGGREGATES: &[&str] = &["COUNT", "SUM", "AVG", "MIN", "MAX", "COLLECT"];
    if slip.is(-1, AGGREGATES) && slip.is(0, &["DISTINCT"]) {
        return Some(format!("write `{}(DISTINCT …)`", slip.at(-1).to_lowercase()));
    }
    if slip.is(-1, AGGREGATES) && slip.is_name(0) {
        return Some(format!("an argument stands in brackets: `{}({})`", slip.at(-1).to_lowercase(), slip.at(0)));
    }
    let called = slip.open().filter(|(bracket, _)| *bracket == "(").map(|(_, before)| before - 1)?;
    (slip.is(0, &["AS"]) && slip.is(called, &["CONVERT", "TRY_CAST"])).then(|| {
        "values are converted with `CAST(x AS INTEGER)`, or with `toInteger(…)`, which gives null for what is none"
            .to_owned()
    })
}
