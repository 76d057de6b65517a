//! The text as a row of tokens, for colouring, for splitting scripts and for counting brackets; any text has one.

use super::ast::Span;
use super::keyword;
use super::parser::{self, Rule};

/// What a token is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word of the language, where it is not plainly a name.
    Keyword,
    /// A name: variable, label, type, key, function.
    Name,
    /// A name in backticks.
    QuotedName,
    /// A number.
    Number,
    /// A text in quotes.
    String,
    /// A parameter.
    Parameter,
    /// A comment.
    Comment,
    /// A bracket.
    Bracket,
    /// An operator or separator.
    Symbol,
    /// A text, name or comment without its end, up to the end of the text.
    Unfinished,
    /// A character that means nothing outside of texts.
    Unknown,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// A token as the grammar names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawToken {
    /// The rule that matched.
    pub(super) rule: Rule,
    /// Where it stands.
    pub(super) span: Span,
}

/// Returns the tokens with their rules; blanks have none.
pub(super) fn raw_tokens(text: &str) -> Vec<RawToken> {
    let Ok(mut tree) = parser::parse(Rule::tokens, text) else { return Vec::new() };
    let Some(tokens) = tree.next() else { return Vec::new() };
    let raw = |node: parser::Node<'_>| RawToken {
        rule: node.as_rule(),
        span: Span::new(node.as_span().start(), node.as_span().end()),
    };
    tokens.into_inner().filter(|node| node.as_rule() != Rule::EOI).map(raw).collect()
}

/// Returns the tokens of any text, in order; what lies between them is blank.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for raw in raw_tokens(text) {
        let written = raw.span.text(text);
        let before = tokens.last().map_or("", |last| last.span.text(text));
        tokens.push(Token { kind: kind_of(raw.rule, written, before), span: raw.span });
    }
    tokens
}

fn kind_of(rule: Rule, written: &str, before: &str) -> TokenKind {
    match rule {
        Rule::line_comment | Rule::block_comment => TokenKind::Comment,
        Rule::string => TokenKind::String,
        Rule::quoted_name => TokenKind::QuotedName,
        Rule::parameter => TokenKind::Parameter,
        Rule::float | Rule::integer | Rule::bad_number => TokenKind::Number,
        Rule::open_comment | Rule::open_string | Rule::open_name => TokenKind::Unfinished,
        // Behind a point or colon every word is a name.
        Rule::word if keyword::is_keyword(written) && before != "." && before != ":" => TokenKind::Keyword,
        Rule::word => TokenKind::Name,
        _ => match written {
            "(" | ")" | "[" | "]" | "{" | "}" => TokenKind::Bracket,
            _ if written.is_ascii() && !matches!(written, "#" | "@" | "~" | "?" | "\\" | "$") => TokenKind::Symbol,
            _ => TokenKind::Unknown,
        },
    }
}
