//! Clauses that call: CALL of a procedure, CALL of a subquery, LOAD CSV.

use super::ast::{
    CallProcedure, CallSubquery, Imports, InTransactions, LoadCsv, OnError, QualifiedName, Yield, YieldForm, YieldItem,
};
use super::error::Built;
use super::limit::Depth;
use super::parse_atom::{last_of, qualified_name, where_condition};
use super::parse_expression::expression;
use super::parse_literal::{name, string};
use super::parse_query::{Ending, missing_part, query};
use super::parse_update::only_expression;
use super::parser::{Node, Rule, span_of};

/// Builds `[OPTIONAL] CALL name(…) [YIELD …]`.
pub(super) fn call_procedure(node: Node<'_>, depth: Depth) -> Built<CallProcedure> {
    let span = span_of(&node);
    let name = QualifiedName { parts: Vec::new(), span };
    let mut built = CallProcedure { optional: false, name, arguments: None, yields: None, span };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_optional => built.optional = true,
            Rule::procedure_name => built.name = qualified_name(part),
            Rule::arguments => {
                let arguments = part.into_inner().filter(|inner| inner.as_rule() == Rule::expression);
                built.arguments = Some(arguments.map(|argument| expression(argument, depth)).collect::<Built<_>>()?);
            }
            Rule::yield_clause => built.yields = Some(yield_clause(part, depth)?),
            _ => {}
        }
    }
    Ok(built)
}

/// Builds `YIELD …`.
pub(super) fn yield_clause(node: Node<'_>, depth: Depth) -> Built<Yield> {
    let mut built = Yield { form: YieldForm::Nothing, filter: None, span: span_of(&node) };
    let mut items = Vec::new();
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::star => built.form = YieldForm::All,
            Rule::yield_item => items.extend(yield_item(part)),
            Rule::where_clause => built.filter = where_condition(part, depth)?,
            _ => {}
        }
    }
    if !items.is_empty() {
        built.form = YieldForm::Items(items);
    }
    Ok(built)
}

fn yield_item(node: Node<'_>) -> Option<YieldItem> {
    let mut parts = node.into_inner();
    let field = parts.next().map(|field| name(&field))?;
    Some(YieldItem { field, variable: parts.find(|part| part.as_rule() == Rule::variable).map(|part| name(&part)) })
}

/// Builds `[OPTIONAL] CALL (…) { … } [IN TRANSACTIONS …]`.
pub(super) fn call_subquery(node: Node<'_>, depth: Depth) -> Built<CallSubquery> {
    let span = span_of(&node);
    let (mut optional, mut imports, mut inner, mut transactions) = (false, None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_optional => optional = true,
            Rule::imports => imports = Some(imports_of(part)),
            Rule::query => inner = Some(query(part, depth, Ending::Effect)?),
            Rule::in_transactions => transactions = Some(in_transactions(part, depth)?),
            _ => {}
        }
    }
    let query = inner.ok_or_else(|| missing_part(span))?;
    Ok(CallSubquery { optional, imports, query, transactions, span })
}

fn imports_of(node: Node<'_>) -> Imports {
    let mut variables = Vec::new();
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::star => return Imports::All,
            Rule::variable => variables.push(name(&part)),
            _ => {}
        }
    }
    Imports::Variables(variables)
}

fn in_transactions(node: Node<'_>, depth: Depth) -> Built<InTransactions> {
    let mut built = InTransactions {
        concurrent: false,
        concurrency: None,
        batch_size: None,
        on_error: None,
        report: None,
        span: span_of(&node),
    };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_concurrent => built.concurrent = true,
            Rule::concurrent => {
                built.concurrent = true;
                built.concurrency = batch_number(part, depth)?;
            }
            Rule::batch_size => built.batch_size = batch_number(part, depth)?,
            Rule::on_error => {
                built.on_error = part.into_inner().find_map(|word| match word.as_rule() {
                    Rule::kw_continue => Some(OnError::Continue),
                    Rule::kw_break => Some(OnError::Break),
                    Rule::kw_fail => Some(OnError::Fail),
                    _ => None,
                });
            }
            Rule::report_status => built.report = last_of(part, Rule::variable).map(|variable| name(&variable)),
            _ => {}
        }
    }
    Ok(built)
}

fn batch_number(node: Node<'_>, depth: Depth) -> Built<Option<super::ast::Expression>> {
    last_of(node, Rule::batch_number).map(|number| only_expression(number, depth)).transpose()
}

/// Builds `LOAD CSV …`.
pub(super) fn load_csv(node: Node<'_>, depth: Depth) -> Built<LoadCsv> {
    let span = span_of(&node);
    let (mut with_headers, mut source, mut variable, mut field_terminator) = (false, None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_headers => with_headers = true,
            Rule::expression => source = Some(expression(part, depth)?),
            Rule::variable => variable = Some(name(&part)),
            Rule::string => field_terminator = Some(string(&part)?),
            _ => {}
        }
    }
    match (source, variable) {
        (Some(source), Some(variable)) => Ok(LoadCsv { with_headers, source, variable, field_terminator, span }),
        _ => Err(missing_part(span)),
    }
}
