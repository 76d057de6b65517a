//! `GROUP_CONCAT`: the texts of terms, one behind the other.

use oxrdf::{Literal, Term};
use spareval::AggregateFunctionAccumulator;

/// The texts of the terms so far; a blank node has none.
pub(super) struct Joined {
    separator: String,
    text: Option<String>,
    is_first: bool,
}

impl Joined {
    pub(super) fn with(separator: &str) -> Joined {
        Joined { separator: separator.to_owned(), text: Some(String::new()), is_first: true }
    }
}

impl AggregateFunctionAccumulator for Joined {
    fn accumulate(&mut self, term: Term) {
        let Some(text) = &mut self.text else { return };
        if !std::mem::take(&mut self.is_first) {
            text.push_str(&self.separator);
        }
        match &term {
            Term::NamedNode(iri) => text.push_str(iri.as_str()),
            Term::Literal(literal) => text.push_str(literal.value()),
            Term::BlankNode(_) | Term::Triple(_) => self.text = None,
        }
    }

    fn finish(&mut self) -> Option<Term> {
        Some(Literal::new_simple_literal(self.text.take()?).into())
    }
}
