//! Where a statement's lines break, which words are capitals and what must stay as it is: read off the grammar's own tree.

use std::collections::{HashMap, HashSet};

use super::ast::Span;
use super::parser::{self, Node, Refusal, Rule, span_of};

/// What the formatter must know about a statement; all offsets are bytes in its text.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Tokens that begin a line, with the line's indent in steps.
    breaks: HashMap<u32, usize>,
    /// Words of the language that are written in capitals.
    capitals: HashSet<u32>,
    /// Commas between items, behind which a blank stands.
    commas: HashSet<u32>,
    /// Columns without alias: their text is their name.
    fixed: Vec<Span>,
}

impl Layout {
    /// Reads the layout of a statement.
    pub(super) fn of(text: &str) -> Result<Layout, Refusal> {
        let mut layout = Layout::default();
        for node in parser::parse(Rule::statement, text)? {
            layout.visit(node, Place { indent: 0, inline: false });
        }
        Ok(layout)
    }

    /// Returns the indent of the line that begins with a token, if one does.
    pub(super) fn break_before(&self, token: Span) -> Option<usize> {
        self.breaks.get(&token.start).copied()
    }

    /// Tells whether a word is written in capitals.
    pub(super) fn is_capital(&self, token: Span) -> bool {
        self.capitals.contains(&token.start) && !self.is_fixed(token)
    }

    /// Tells whether a token is a comma between items.
    pub(super) fn is_comma(&self, token: Span) -> bool {
        self.commas.contains(&token.start)
    }

    /// Tells whether a stretch lies within what must stay as it is.
    pub(super) fn is_fixed(&self, stretch: Span) -> bool {
        self.fixed.iter().any(|fixed| fixed.start <= stretch.start && stretch.end <= fixed.end)
    }

    fn visit(&mut self, node: Node<'_>, place: Place) {
        let start = span_of(&node).start;
        let rule = node.as_rule();
        if let Some(steps) = line_indent(rule).filter(|_| !place.inline) {
            self.breaks.insert(start, place.indent + steps);
        }
        match rule {
            Rule::comma => {
                self.commas.insert(start);
            }
            Rule::projection_item => self.fix_column(&node),
            _ if format!("{rule:?}").starts_with("kw_") => {
                self.capitals.insert(start);
            }
            _ => {}
        }
        let inner = Place { indent: place.indent, inline: place.inline || is_inline(rule) };
        for child in node.into_inner() {
            match (rule, child.as_rule()) {
                // These words are called like functions, or are values; people write them small.
                (Rule::quantifier_kind | Rule::count_star | Rule::resolution_rule | Rule::as_of_date, _)
                | (Rule::literal_true | Rule::literal_false | Rule::literal_null, _)
                | (Rule::reduce, Rule::kw_reduce)
                | (Rule::shortest_path_call, Rule::kw_shortest_path | Rule::kw_all_shortest_paths)
                | (Rule::pattern_quantifier, _) => {}
                (Rule::call_subquery, Rule::query) => self.visit(child, Place { indent: place.indent + 1, ..inner }),
                (Rule::call_subquery, Rule::close_curly) if !place.inline => {
                    self.breaks.insert(span_of(&child).start, place.indent);
                }
                _ => self.visit(child, inner),
            }
        }
    }

    /// Keeps the text of a column that has no alias.
    fn fix_column(&mut self, node: &Node<'_>) {
        let mut parts = node.clone().into_inner();
        let expression = parts.next();
        let has_alias = parts.any(|part| part.as_rule() == Rule::variable);
        if let Some(expression) = expression.filter(|_| !has_alias) {
            let whole = span_of(&expression);
            let end = expression.into_inner().last().map_or(whole.end, |last| span_of(&last).end);
            self.fixed.push(Span { start: whole.start, end });
        }
    }
}

/// Where in the tree the walk is.
#[derive(Clone, Copy)]
struct Place {
    indent: usize,
    /// Whether clauses stay in the line, as in `EXISTS { … }`.
    inline: bool,
}

/// Returns how much further in than its clause a line begins, for what begins a line.
fn line_indent(rule: Rule) -> Option<usize> {
    match rule {
        Rule::match_clause | Rule::unwind | Rule::for_clause | Rule::let_clause | Rule::filter => Some(0),
        Rule::with_clause | Rule::return_clause | Rule::finish | Rule::union | Rule::next => Some(0),
        Rule::create | Rule::insert | Rule::merge | Rule::remove | Rule::delete | Rule::foreach => Some(0),
        Rule::call_procedure | Rule::call_subquery | Rule::load_csv | Rule::set => Some(0),
        Rule::where_clause | Rule::order_by | Rule::skip | Rule::limit => Some(0),
        Rule::merge_action => Some(1),
        _ => None,
    }
}

/// Tells whether what is inside stays in the line.
fn is_inline(rule: Rule) -> bool {
    matches!(rule, Rule::subquery | Rule::foreach | Rule::merge_action | Rule::yield_clause | Rule::show)
}
