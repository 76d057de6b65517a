//! Triples that repeat what the graph would write itself: the terms above own ones, names of the vocabulary, parts with units.

use hashbrown::HashSet;

use crate::rdf::code::{Code, CodeTriple};
use crate::rdf::describe::{ClaimForm, describe};
use crate::rdf::mapping::TermId;
use crate::rdf::term::{Term, Triple};
use crate::rdf::vocabulary::{own, rdf};

use super::Reader;
use super::roles::Roles;
use super::triples::Triples;

impl Reader<'_> {
    /// Returns the triples that the graph, as it is now, would not write.
    pub(super) fn not_repeated(&mut self, triples: Triples) -> Triples {
        if self.look_again().is_err() {
            return triples;
        }
        self.rest_of(triples)
    }

    /// Returns the triples that the graph, as it was last looked at, would not write.
    pub(super) fn rest_of(&mut self, triples: Triples) -> Triples {
        let roles = Roles::of(&triples, &self.mapping);
        let mut rest = Vec::new();
        for statements in triples.subjects() {
            let subject = &statements[0].subject;
            if roles.repeating.contains(subject) {
                continue;
            }
            let said = self.said_of(&self.code(subject));
            for triple in statements {
                let predicate = self.mapping.term(&triple.predicate);
                let is_said =
                    predicate.is_some_and(|predicate| said.contains(&(predicate, self.object(&triple.object))));
                let leads_to_part = roles.repeating.contains(&triple.object) || triple.predicate == own::QUANTITY;
                if is_said || leads_to_part || triple.predicate == own::DECLARATION {
                    continue;
                }
                if roles.claims.contains(subject) || roles.relationships.contains_key(subject) {
                    self.leave_of_part(triple);
                } else {
                    rest.push(triple.clone());
                }
            }
        }
        Triples::of(rest)
    }

    /// Leaves out what is said of a claim or a relationship by terms that those cannot have.
    fn leave_of_part(&mut self, triple: &Triple) {
        let is_tie = [rdf::TYPE, rdf::REIFIES, rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT].contains(&&*triple.predicate);
        if !is_tie {
            self.leave(triple, "a claim or a relationship has no place for it");
        }
    }

    fn said_of(&self, subject: &Code) -> HashSet<(TermId, Code)> {
        let forms = [ClaimForm::Reifier, ClaimForm::Statement];
        forms.into_iter().flat_map(|form| describe(&self.view, subject, form)).collect()
    }

    /// Returns what a term of the file stands for, within triple terms too.
    fn object(&self, term: &Term) -> Code {
        let Term::Triple(triple) = term else { return self.code(term) };
        match self.mapping.term(&triple.predicate) {
            Some(predicate) => {
                let (subject, object) = (self.code(&triple.subject), self.object(&triple.object));
                Code::Triple(CodeTriple { subject, predicate, object }.into())
            }
            None => self.code(term),
        }
    }
}
