//! Binds the prefixes of a query: the lens that it reads through, or the claims as which it writes.

use crate::expression::Expression;
use crate::knowledge::ClaimRule;
use crate::syntax::ast::{self, ResolutionRule, TextOrParameterKind};
use crate::value::Value;
use crate::value::temporal::{Date, PartialDate};

use super::binder::Binder;
use super::bound::BoundLens;
use super::error::{BindError, BindErrorKind};

impl Binder<'_> {
    /// Binds the lens of a statement whose query is bound already.
    pub(super) fn bind_lens(&mut self, written: &ast::LensPrefix) -> Result<BoundLens, BindError> {
        if self.writes {
            refuse_writing(written)?;
        }
        let mut lens = BoundLens::default();
        if let Some(as_of) = &written.as_of {
            lens.as_of = Some(self.bind_date(&as_of.date)?);
        }
        if let Some(according_to) = &written.according_to {
            lens.only = according_to.only;
            for source in &according_to.sources {
                lens.sources.push(self.bind_text(source)?);
            }
        }
        lens.rule = written.resolve_by.map(|resolve_by| match resolve_by.rule {
            ResolutionRule::Rank => ClaimRule::Rank,
            ResolutionRule::Latest => ClaimRule::Latest,
            ResolutionRule::Earliest => ClaimRule::Earliest,
            ResolutionRule::Majority => ClaimRule::Majority,
            ResolutionRule::All => ClaimRule::All,
        });
        Ok(lens)
    }

    /// Binds a date, a month or a year.
    fn bind_date(&mut self, written: &ast::TextOrParameter) -> Result<Expression, BindError> {
        let TextOrParameterKind::Text(text) = &written.kind else { return self.bind_text(written) };
        // A year alone is a partial date here; a date function would read it as its first day.
        let partial = PartialDate::parse(text).map(Value::PartialDate);
        match partial.or_else(|| Date::parse(text).map(Value::Date)) {
            Some(date) => Ok(Expression::Constant(date)),
            None => {
                let message = format!("`{text}` is no date");
                let error = BindError::new(BindErrorKind::InvalidDate, message, written.span);
                Err(error.with_hint("write a date, a month or a year: `2019-12-31`, `2019-12`, `2019`"))
            }
        }
    }

    fn bind_text(&mut self, written: &ast::TextOrParameter) -> Result<Expression, BindError> {
        match &written.kind {
            TextOrParameterKind::Text(text) => Ok(Expression::Constant(Value::String(text.clone()))),
            TextOrParameterKind::Parameter(name) => Ok(self.bind_parameter(name, written.span)?.0),
        }
    }
}

/// Refuses the prefixes that mean nothing to a query that writes.
fn refuse_writing(written: &ast::LensPrefix) -> Result<(), BindError> {
    let refused = [(written.cite, "CITE"), (written.resolve_by.map(|resolve_by| resolve_by.span), "RESOLVE BY")];
    for (span, keyword) in refused {
        if let Some(span) = span {
            let message = format!("{keyword} cannot stand before a query that writes");
            let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, span);
            return Err(error.with_hint("run the part that reads on its own"));
        }
    }
    Ok(())
}
