//! Statements: the prefixes, and which kind of statement follows.

use smol_str::SmolStr;

use super::ast::{
    AccordingTo, AsOf, LensPrefix, ResolutionRule, ResolveBy, Span, Statement, StatementBody, StatementMode,
    TextOrParameter, TextOrParameterKind, TransactionStatement,
};
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::limit::Depth;
use super::parse_graph_type::{alter_graph, create_graph_type};
use super::parse_literal::{name, parameter, string};
use super::parse_query::{Ending, missing_part, query};
use super::parse_schema::{create_constraint, create_index, drop, show};
use super::parser::{Node, Rule, span_of};

/// Builds a statement.
pub(super) fn statement(node: Node<'_>) -> Built<Statement> {
    let span = span_of(&node);
    let (mut mode, mut lens, mut body) = (None, LensPrefix::default(), None);
    let mut first_prefix: Option<Span> = None;
    let mut reach: Option<Span> = None;
    for part in node.into_inner() {
        let part_span = span_of(&part);
        match part.as_rule() {
            Rule::EOI => break,
            Rule::kw_explain => set_mode(&mut mode, StatementMode::Explain, part_span)?,
            Rule::kw_profile => set_mode(&mut mode, StatementMode::Profile, part_span)?,
            Rule::cite | Rule::as_of | Rule::according_to | Rule::resolve_by => {
                first_prefix.get_or_insert(part_span);
                lens_prefix(part, &mut lens)?;
            }
            _ => body = Some(statement_body(part)?),
        }
        reach = Some(reach.map_or(part_span, |reach| reach.to(part_span)));
    }
    let body = body.ok_or_else(|| missing_part(span))?;
    if let (Some(prefix), false) = (first_prefix, matches!(body, StatementBody::Query(_))) {
        let message = "this prefix stands only before a query";
        return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, prefix));
    }
    Ok(Statement { mode: mode.unwrap_or_default(), lens, body, span: reach.unwrap_or(span) })
}

fn statement_body(node: Node<'_>) -> Built<StatementBody> {
    use super::ast::SchemaStatement as Schema;
    let span = span_of(&node);
    Ok(match node.as_rule() {
        Rule::query => StatementBody::Query(query(node, Depth::TOP, Ending::Effect)?),
        Rule::alter_graph => StatementBody::Schema(Schema::AlterGraph(alter_graph(node)?)),
        Rule::create_graph_type => StatementBody::Schema(Schema::CreateGraphType(create_graph_type(node)?)),
        Rule::drop_graph_type => StatementBody::Schema(Schema::DropGraphType(drop(node)?)),
        Rule::create_index => StatementBody::Schema(Schema::CreateIndex(create_index(node)?)),
        Rule::create_constraint => StatementBody::Schema(Schema::CreateConstraint(create_constraint(node)?)),
        Rule::drop_index => StatementBody::Schema(Schema::DropIndex(drop(node)?)),
        Rule::drop_constraint => StatementBody::Schema(Schema::DropConstraint(drop(node)?)),
        Rule::show => StatementBody::Show(Box::new(show(node)?)),
        Rule::begin => {
            let read_only = node.into_inner().any(|word| word.as_rule() == Rule::kw_only);
            StatementBody::Transaction(TransactionStatement::Begin { read_only })
        }
        Rule::commit => StatementBody::Transaction(TransactionStatement::Commit),
        Rule::rollback => StatementBody::Transaction(TransactionStatement::Rollback),
        _ => return Err(missing_part(span)),
    })
}

fn set_mode(mode: &mut Option<StatementMode>, wanted: StatementMode, span: Span) -> Built<()> {
    match mode.replace(wanted) {
        Some(_) => Err(twice("EXPLAIN or PROFILE", span)),
        None => Ok(()),
    }
}

fn twice(word: &str, span: Span) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, format!("`{word}` is written twice"), span)
}

/// Puts one prefix into the lens; each may stand once.
fn lens_prefix(node: Node<'_>, lens: &mut LensPrefix) -> Built<()> {
    let span = span_of(&node);
    let (word, again) = match node.as_rule() {
        Rule::cite => ("CITE", lens.cite.replace(span).is_some()),
        Rule::as_of => ("AS OF", lens.as_of.replace(as_of(node)?).is_some()),
        Rule::according_to => ("ACCORDING TO", lens.according_to.replace(according_to(node)?).is_some()),
        _ => ("RESOLVE BY", lens.resolve_by.replace(resolve_by(node)?).is_some()),
    };
    if again { Err(twice(word, span)) } else { Ok(()) }
}

fn as_of(node: Node<'_>) -> Built<AsOf> {
    let span = span_of(&node);
    let date = node.into_inner().find(|part| part.as_rule() == Rule::as_of_date).ok_or_else(|| missing_part(span))?;
    Ok(AsOf { date: text_or_parameter(date)?, span })
}

fn according_to(node: Node<'_>) -> Built<AccordingTo> {
    let mut built = AccordingTo { only: false, sources: Vec::new(), span: span_of(&node) };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_only => built.only = true,
            Rule::source => built.sources.push(text_or_parameter(part)?),
            _ => {}
        }
    }
    Ok(built)
}

fn text_or_parameter(node: Node<'_>) -> Built<TextOrParameter> {
    let span = span_of(&node);
    for part in node.into_inner() {
        let kind = match part.as_rule() {
            Rule::string => TextOrParameterKind::Text(string(&part)?),
            Rule::parameter => TextOrParameterKind::Parameter(parameter(&part)),
            Rule::written_date => TextOrParameterKind::Text(SmolStr::new(part.as_str())),
            Rule::variable => TextOrParameterKind::Text(name(&part).text),
            _ => continue,
        };
        return Ok(TextOrParameter { kind, span });
    }
    Err(missing_part(span))
}

fn resolve_by(node: Node<'_>) -> Built<ResolveBy> {
    let span = span_of(&node);
    let rule = node.into_inner().find(|part| part.as_rule() == Rule::resolution_rule);
    let rule = match rule.and_then(|rule| rule.into_inner().next()).map(|word| word.as_rule()) {
        Some(Rule::kw_rank) => ResolutionRule::Rank,
        Some(Rule::kw_latest) => ResolutionRule::Latest,
        Some(Rule::kw_earliest) => ResolutionRule::Earliest,
        Some(Rule::kw_majority) => ResolutionRule::Majority,
        Some(Rule::kw_all) => ResolutionRule::All,
        _ => return Err(missing_part(span)),
    };
    Ok(ResolveBy { rule, span })
}
