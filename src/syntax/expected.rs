//! The grammar's rules in a user's words, as a short list of what could have stood at a place.

use smol_str::SmolStr;

use super::parser::Rule;

/// The most things that a message names.
const LONGEST_LIST: usize = 6;

/// Returns what the rules stand for: the telling ones first, whole groups as one word.
pub(super) fn expected_words(rules: &[Rule]) -> Vec<SmolStr> {
    let has = |rule: Rule| rules.contains(&rule);
    let clauses = has(Rule::kw_return) && has(Rule::kw_unwind);
    let operators = has(Rule::op_power) && has(Rule::op_divide);
    let expression = has(Rule::list_or_comprehension);
    let mut words: Vec<(u8, SmolStr)> = Vec::new();
    for rule in rules {
        let group = group(*rule);
        let (order, word) = match group {
            Group::ClauseWord if clauses => (5, SmolStr::new_static("a further clause")),
            Group::Operator if operators => (6, SmolStr::new_static("an operator")),
            // Where any expression may stand, its kinds need not be named.
            Group::Thing(_) | Group::Operator if expression && begins_expression(*rule) => continue,
            Group::Operator if *rule == Rule::op_equal => (1, SmolStr::new_static("`=`")),
            Group::Expression => (2, SmolStr::new_static("an expression")),
            Group::Silent => continue,
            Group::Mark(mark) => (1, SmolStr::from(format!("`{mark}`"))),
            Group::Thing(thing) => (3, SmolStr::new_static(thing)),
            Group::ClauseWord | Group::Operator | Group::Word => match keyword(*rule) {
                Some(word) => (4, SmolStr::from(format!("`{word}`"))),
                None => continue,
            },
        };
        if !words.iter().any(|(_, known)| *known == word) {
            words.push((order, word));
        }
    }
    words.sort_by_key(|(order, _)| *order);
    words.truncate(LONGEST_LIST);
    words.into_iter().map(|(_, word)| word).collect()
}

fn begins_expression(rule: Rule) -> bool {
    matches!(rule, Rule::string | Rule::parameter | Rule::map_literal | Rule::variable | Rule::op_minus | Rule::op_plus)
}

/// Returns the words of the language among the rules.
pub(super) fn expected_keywords(rules: &[Rule]) -> Vec<String> {
    rules.iter().filter_map(|rule| keyword(*rule)).collect()
}

/// What a rule is to a user.
enum Group {
    /// A word that begins a clause.
    ClauseWord,
    /// Something that goes on with an expression.
    Operator,
    /// Something that an expression begins with.
    Expression,
    /// A mark to be written as it stands.
    Mark(&'static str),
    /// Something with a name of its own.
    Thing(&'static str),
    /// Another word of the language.
    Word,
    /// Nothing worth telling.
    Silent,
}

fn group(rule: Rule) -> Group {
    use Group::{ClauseWord, Expression, Mark, Operator, Silent, Thing, Word};
    match rule {
        Rule::kw_call | Rule::kw_create | Rule::kw_filter | Rule::kw_finish | Rule::kw_for | Rule::kw_foreach => {
            ClauseWord
        }
        Rule::kw_insert | Rule::kw_let | Rule::kw_load | Rule::kw_merge | Rule::kw_optional | Rule::kw_remove => {
            ClauseWord
        }
        Rule::kw_return | Rule::kw_set | Rule::kw_unwind | Rule::kw_with | Rule::kw_match | Rule::kw_delete => {
            ClauseWord
        }
        Rule::kw_detach | Rule::kw_nodetach | Rule::match_clause | Rule::delete | Rule::kw_union => ClauseWord,
        Rule::op_minus | Rule::op_plus | Rule::kw_and | Rule::kw_or | Rule::kw_xor | Rule::kw_contains => Operator,
        Rule::kw_ends | Rule::kw_starts | Rule::kw_in | Rule::kw_is | Rule::op_matches | Rule::op_not_equal => Operator,
        Rule::op_equal | Rule::op_less | Rule::op_less_or_equal | Rule::op_greater | Rule::op_greater_or_equal => {
            Operator
        }
        Rule::op_multiply | Rule::op_divide | Rule::op_modulo | Rule::op_power | Rule::op_concatenate => Operator,
        Rule::property_lookup | Rule::subscript | Rule::label_test | Rule::label_test_before_bar => Operator,
        Rule::expression | Rule::expression_before_bar | Rule::integer | Rule::float => Expression,
        Rule::list_or_comprehension | Rule::parenthesized | Rule::literal_true | Rule::literal_null => Expression,
        Rule::path_shape | Rule::path_shape_inside | Rule::bad_number | Rule::kw_not => Silent,
        Rule::comma => Mark(","),
        Rule::colon => Mark(":"),
        Rule::bar => Mark("|"),
        Rule::range => Mark(".."),
        Rule::star => Mark("*"),
        Rule::close_round => Mark(")"),
        Rule::close_square => Mark("]"),
        Rule::close_curly => Mark("}"),
        Rule::projection | Rule::projection_item => Expression,
        Rule::variable | Rule::schema_name | Rule::function_name | Rule::function_name_start | Rule::procedure_name => {
            Thing("a name")
        }
        Rule::set_item | Rule::remove_item | Rule::property_target => Thing("a property or a label"),
        Rule::node | Rule::group => Thing("a node such as `(n)`"),
        Rule::left_head | Rule::relationship | Rule::right_head => Thing("a relationship such as `-->`"),
        Rule::relationship_detail => Thing("`-` or `[`"),
        Rule::path_pattern | Rule::pattern_predicate => Thing("a pattern such as `(a)-->(b)`"),
        Rule::label_expression | Rule::label_term | Rule::label_factor => Thing("a label or type"),
        Rule::label_names | Rule::labels => Thing("a label"),
        Rule::properties | Rule::map_literal => Thing("a map such as `{key: value}`"),
        Rule::map_entry => Thing("an entry such as `key: value`"),
        Rule::count => Thing("a number"),
        Rule::string => Thing("a text"),
        Rule::parameter => Thing("a parameter"),
        Rule::variable_length => Thing("a length such as `*1..3`"),
        Rule::statement => Thing("a statement"),
        Rule::query | Rule::single_query => Thing("a query"),
        Rule::as_of_date | Rule::written_date => Thing("a date such as `2019-12-31`"),
        Rule::source => Thing("a source"),
        Rule::resolution_rule => Thing("`rank`, `latest`, `earliest`, `majority` or `all`"),
        Rule::value_type | Rule::single_type => Thing("a type such as `STRING`"),
        Rule::requirement => Thing("`UNIQUE`, `KEY`, `NOT NULL` or `:: TYPE`"),
        Rule::show_subject => Thing("what to show, such as `LABELS` or `INDEXES`"),
        Rule::graph_node_type | Rule::graph_relationship_type => Thing("`(:Label)` or `(:A)-[:TYPE]->(:B)`"),
        Rule::graph_type | Rule::property_types => Thing("`{`"),
        Rule::property_type => Thing("a property such as `key :: STRING`"),
        Rule::schema_target => Thing("`(n:Label)` or `()-[r:TYPE]-()`"),
        Rule::schema_properties | Rule::schema_property => Thing("a property such as `n.key`"),
        Rule::skip => Thing("`SKIP`"),
        Rule::case_branch => Thing("`WHEN`"),
        Rule::where_clause | Rule::inline_where | Rule::comprehension_filter => Thing("`WHERE`"),
        Rule::yield_item | Rule::yield_clause => Thing("`YIELD`"),
        Rule::set => Thing("`SET`"),
        Rule::EOI | Rule::WHITESPACE | Rule::COMMENT => Silent,
        _ => Word,
    }
}

/// Returns the word of a keyword's rule, from the rule's own name.
fn keyword(rule: Rule) -> Option<String> {
    let name = format!("{rule:?}");
    let word = name.strip_prefix("kw_")?;
    Some(match word {
        "shortest_path" => "shortestPath".to_owned(),
        "all_shortest_paths" => "allShortestPaths".to_owned(),
        _ => word.to_uppercase(),
    })
}
