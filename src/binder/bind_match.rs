//! Binds MATCH and OPTIONAL MATCH: the patterns, then the conditions, which see the variables of all patterns.

use crate::expression::Expression;
use crate::syntax::ast;

use super::bind_pattern::PatternUse;
use super::binder::Binder;
use super::bound::{Clause, Match};
use super::error::BindError;

impl<'a> Binder<'a> {
    pub(super) fn bind_match(&mut self, written: &'a ast::Match) -> Result<Clause, BindError> {
        Ok(Clause::Match(self.bind_match_parts(written.optional, &written.patterns, written.filter.as_ref())?))
    }

    /// Binds patterns and the condition behind them.
    pub(super) fn bind_match_parts(
        &mut self,
        optional: bool,
        patterns: &'a [ast::PathPattern],
        filter: Option<&'a ast::Expression>,
    ) -> Result<Match, BindError> {
        let (mut pattern, mut predicates) = self.bind_patterns(patterns, PatternUse::Match)?;
        if let Some(filter) = filter {
            let mut behind = self.bind_filter(filter, "in WHERE")?;
            self.ask_before_choosing(patterns, &mut pattern, &mut behind);
            predicates.extend(behind);
        }
        Ok(Match { optional, pattern, predicates })
    }

    /// Binds a condition on rows, split at AND; the words say where it stands.
    pub(super) fn bind_filter(
        &mut self,
        filter: &'a ast::Expression,
        place: &'static str,
    ) -> Result<Vec<Expression>, BindError> {
        Ok(self.without_aggregates(place, |binder| binder.bind_predicate(filter))?.conjuncts())
    }
}
