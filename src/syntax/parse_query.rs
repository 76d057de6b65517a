//! Queries: clauses in a row, UNION, and what a query must end with.

use super::ast::{Clause, Query, SingleQuery, Span, Union};
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::limit::{Depth, QUERY_LEVELS};
use super::parse_call::{call_procedure, call_subquery, load_csv};
use super::parse_clause::{filter, for_clause, let_clause, match_clause, page, return_clause, unwind, with_clause};
use super::parse_update::{create, delete, foreach, insert, merge, remove, set};
use super::parser::{Node, Rule, span_of};

/// What a query must end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A result or an effect: whole statements and `CALL { … }`.
    Effect,
    /// A result: `COLLECT { … }`.
    Return,
    /// A result: what stands before `NEXT`.
    Next,
    /// Anything: `EXISTS { … }`, `COUNT { … }`.
    Any,
}

/// Builds a query.
pub(super) fn query(node: Node<'_>, depth: Depth, ending: Ending) -> Built<Query> {
    let mut depth = depth.below(QUERY_LEVELS, &node)?;
    let span = span_of(&node);
    // The parts between one NEXT and the following; each is a level, since what comes in is a query within.
    let mut stages: Vec<Vec<Node<'_>>> = vec![Vec::new()];
    for part in node.into_inner() {
        if part.as_rule() == Rule::next {
            depth = depth.below(QUERY_LEVELS, &part)?;
            stages.push(Vec::new());
        } else if let Some(stage) = stages.last_mut() {
            stage.push(part);
        }
    }
    let last = stages.pop().unwrap_or_default();
    let mut before = None;
    for stage in stages {
        // What follows is planned on top of it.
        let behind = stage.iter().try_fold(depth, |depth, part| depth.among(&part.clone().into_inner()))?;
        before = Some(Box::new(united(stage, depth, Ending::Next, span, before)?));
        depth = behind;
    }
    united(last, depth, ending, span, before)
}

/// Builds queries joined by UNION, over the rows of what stands before them.
fn united(parts: Vec<Node<'_>>, depth: Depth, ending: Ending, whole: Span, before: Option<Box<Query>>) -> Built<Query> {
    let (mut first, mut unions, mut keyword, mut span) = (None, Vec::new(), None, None::<Span>);
    for part in parts {
        let own = span_of(&part);
        span = Some(span.map_or(own, |span| span.to(own)));
        match (part.as_rule(), keyword.take()) {
            (Rule::union, _) => {
                let all = part.clone().into_inner().any(|word| word.as_rule() == Rule::kw_all);
                keyword = Some((all, own));
            }
            (_, None) => first = Some(single_query(part, depth, ending)?),
            (_, Some((all, span))) => unions.push(Union { all, query: single_query(part, depth, ending)?, span }),
        }
    }
    check_unions(&unions)?;
    let span = if before.is_some() { whole } else { span.unwrap_or(whole) };
    match first {
        Some(first) => Ok(Query { before, first, unions, span }),
        None => Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, "a query is missing", span)),
    }
}

fn check_unions(unions: &[Union]) -> Built<()> {
    match unions.windows(2).find(|pair| pair[0].all != pair[1].all) {
        Some(pair) => {
            let message = "`UNION` and `UNION ALL` are mixed in one query";
            Err(SyntaxError::new(SyntaxErrorKind::InvalidClauseComposition, message, pair[1].span)
                .with_hint("use one of them throughout, or put a part into `CALL { … }`"))
        }
        None => Ok(()),
    }
}

fn single_query(node: Node<'_>, depth: Depth, ending: Ending) -> Built<SingleQuery> {
    let span = span_of(&node);
    let text_size = node.get_input().trim_end_matches(|last: char| last.is_whitespace()).len();
    let parts = node.into_inner();
    let depth = depth.among(&parts)?;
    let clauses = parts.map(|part| clause(part, depth)).collect::<Built<Vec<_>>>()?;
    if let Some(last) = clauses.last() {
        check_ending(last, ending, text_size)?;
    }
    check_calls(&clauses)?;
    Ok(SingleQuery { clauses, span })
}

/// Refuses a query that ends with a clause that only reads.
fn check_ending(last: &Clause, ending: Ending, text_size: usize) -> Built<()> {
    let word = match last {
        Clause::Return(_) => return Ok(()),
        Clause::Finish(_) if ending != Ending::Next => return Ok(()),
        Clause::Finish(_) => "FINISH",
        Clause::Match(_) => "MATCH",
        Clause::With(_) => "WITH",
        Clause::Unwind(_) => "UNWIND",
        Clause::For(_) => "FOR",
        Clause::Let(_) => "LET",
        Clause::Filter(_) => "FILTER",
        Clause::LoadCsv(_) => "LOAD CSV",
        _ if matches!(ending, Ending::Return | Ending::Next) => "a clause without result",
        _ => return Ok(()),
    };
    if ending == Ending::Any {
        return Ok(());
    }
    let message = match ending {
        Ending::Return => "a `COLLECT { … }` must end with `RETURN`".to_owned(),
        Ending::Next => "a query before `NEXT` must end with `RETURN`".to_owned(),
        _ => format!("a query cannot end with `{word}`"),
    };
    let mut error = SyntaxError::new(SyntaxErrorKind::InvalidClauseComposition, message, last.span())
        .with_hint("add `RETURN …` to see the rows");
    error.at_end = last.span().end as usize >= text_size;
    Err(error)
}

/// Refuses in a query of several clauses what only a standalone call may do.
fn check_calls(clauses: &[Clause]) -> Built<()> {
    if clauses.len() < 2 {
        return Ok(());
    }
    for clause in clauses {
        let Clause::CallProcedure(call) = clause else { continue };
        if let Some(yields) = call.yields.as_ref().filter(|yields| yields.form == super::ast::YieldForm::All) {
            let message = "`YIELD *` stands only in a call on its own";
            return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, yields.span)
                .with_hint("name the results: `YIELD a, b`"));
        }
        if call.arguments.is_none() {
            let message = format!("the call of `{}` within a query needs its arguments", call.name.text());
            return Err(SyntaxError::new(SyntaxErrorKind::InvalidArgumentPassingMode, message, call.name.span)
                .with_hint(
                    "write them in brackets: `CALL name(…)`; only a call on its own takes them from parameters",
                ));
        }
    }
    Ok(())
}

/// Builds a clause.
pub(super) fn clause(node: Node<'_>, depth: Depth) -> Built<Clause> {
    let span = span_of(&node);
    Ok(match node.as_rule() {
        Rule::match_clause => Clause::Match(match_clause(node, depth)?),
        Rule::unwind => Clause::Unwind(unwind(node, depth)?),
        Rule::for_clause => Clause::For(for_clause(node, depth)?),
        Rule::let_clause => Clause::Let(let_clause(node, depth)?),
        Rule::filter => Clause::Filter(filter(node, depth)?),
        Rule::with_clause => Clause::With(with_clause(node, depth)?),
        Rule::page => Clause::With(page(node, depth)?),
        Rule::return_clause => Clause::Return(return_clause(node, depth)?),
        Rule::finish => Clause::Finish(span),
        Rule::create => Clause::Create(create(node, depth)?),
        Rule::insert => Clause::Create(insert(node, depth)?),
        Rule::merge => Clause::Merge(merge(node, depth)?),
        Rule::set => Clause::Set(set(node, depth)?),
        Rule::remove => Clause::Remove(remove(node, depth)?),
        Rule::delete => Clause::Delete(delete(node, depth)?),
        Rule::foreach => Clause::Foreach(foreach(node, depth)?),
        Rule::call_procedure => Clause::CallProcedure(call_procedure(node, depth)?),
        Rule::call_subquery => Clause::CallSubquery(call_subquery(node, depth)?),
        Rule::load_csv => Clause::LoadCsv(load_csv(node, depth)?),
        _ => return Err(missing_part(span)),
    })
}

/// The error of a node without its parts; the grammar does not make such nodes.
pub(super) fn missing_part(span: Span) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, "a part of the clause is missing", span)
}
