//! Binds the prefixes of a query: the lens that it reads through, or the claims as which it writes.

use crate::expression::Expression;
use crate::knowledge::ClaimRule;
use crate::syntax::ast::{self, ResolutionRule, TextOrParameterKind};
use crate::value::Value;

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
            lens.as_of = Some(self.bind_text(&as_of.date)?);
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
