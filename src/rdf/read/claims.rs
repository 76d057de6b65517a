//! Claims out of their triples, whichever way they are tied to what they are about.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::knowledge::{Claim, ClaimDetails, Comparator, Rank, Statement, Subject, ValueType};
use crate::rdf::code::Code;
use crate::rdf::literal::value_of;
use crate::rdf::mapping::TermId;
use crate::rdf::term::{Literal, Term, Triple};
use crate::rdf::vocabulary::{other, own, rdf};
use crate::value::{NodeId, Value};

use super::roles::Roles;
use super::triples::Triples;
use super::{ReadError, Reader};

/// What a claim is about: one subject and predicate, one object or several.
struct Matter<'a> {
    subject: &'a Term,
    predicate: TermId,
    objects: Vec<&'a Term>,
}

impl Reader<'_> {
    /// Notes the nodes that only claims speak of, and the sources.
    pub(super) fn note_of_claims<'a>(&self, triples: &'a Triples, roles: &Roles, nodes: &mut BTreeSet<&'a Term>) {
        for claim in &roles.claims {
            nodes.extend(triples.objects(claim, other::HAD_PRIMARY_SOURCE));
            let Some(matter) = self.matter(triples, claim) else { continue };
            if !roles.is_taken(matter.subject) {
                nodes.insert(matter.subject);
            }
            if self.mapping.type_of(matter.predicate).is_some() {
                nodes.extend(matter.objects.iter().filter(|object| matches!(object, Term::Iri(_) | Term::Blank(_))));
            }
        }
    }

    /// Returns the subjects and predicates whose values are what claims add up to.
    pub(super) fn claimed_matters(&self, triples: &Triples, roles: &Roles) -> BTreeSet<(Term, TermId)> {
        let matters = roles.claims.iter().filter_map(|claim| self.matter(triples, claim));
        matters.map(|matter| (matter.subject.clone(), matter.predicate)).collect()
    }

    /// Makes the claims, in order of their names.
    pub(super) fn make_claims(&mut self, triples: &Triples, roles: &Roles) -> Result<(), ReadError> {
        for term in &roles.claims {
            if matches!(self.code(term), Code::Claim(_)) {
                continue;
            }
            let Some(claim) = self.claim(triples, term) else {
                if let Some(triple) = triples.of_subject(term).first() {
                    self.leave(triple, "it is a claim without a source, or about nothing that the graph can hold");
                }
                continue;
            };
            let id = self.transaction.add_claim(claim)?;
            self.codes.insert(term.clone(), Code::Claim(id));
            self.report.claims += 1;
        }
        Ok(())
    }

    fn claim(&self, triples: &Triples, term: &Term) -> Option<Claim> {
        let source = self.node(triples.objects(term, other::HAD_PRIMARY_SOURCE).next()?)?;
        let matter = self.matter(triples, term)?;
        let (subject, statement) = self.statement(&matter)?;
        Some(Claim { subject, statement, source, details: details(triples, term) })
    }

    /// Returns what a claim is about, by triple terms or by reification.
    fn matter<'a>(&self, triples: &'a Triples, claim: &Term) -> Option<Matter<'a>> {
        let reified: Vec<&Triple> = triples
            .objects(claim, rdf::REIFIES)
            .filter_map(|object| match object {
                Term::Triple(triple) => Some(&**triple),
                _ => None,
            })
            .collect();
        let (subject, predicate, objects) = match reified.first() {
            Some(first) => {
                (&first.subject, &first.predicate, reified.iter().map(|triple| &triple.object).collect::<Vec<_>>())
            }
            None => (
                triples.objects(claim, rdf::SUBJECT).next()?,
                triples.objects(claim, rdf::PREDICATE).next()?.as_iri()?,
                triples.objects(claim, rdf::OBJECT).collect(),
            ),
        };
        Some(Matter { subject, predicate: self.mapping.term(predicate)?, objects })
    }

    fn statement(&self, matter: &Matter<'_>) -> Option<(Subject, Statement)> {
        let subject = self.subject(matter.subject)?;
        if *self.mapping.iri(matter.predicate) == rdf::TYPE {
            let labels = match subject {
                Subject::Node(_) => self.labels(&matter.objects),
                Subject::Relationship(_) => Vec::new(),
            };
            return Some((subject, Statement::Existence { labels }));
        }
        if let (Some(kind), Subject::Node(start)) = (self.mapping.type_of(matter.predicate), subject)
            && let Some(end) = matter.objects.first().and_then(|object| self.node(object))
        {
            let relationship = self.relationship_between(kind, start, end)?;
            return Some((Subject::Relationship(relationship), Statement::Existence { labels: Vec::new() }));
        }
        let key = self.mapping.property_of(matter.predicate)?;
        let literals: Vec<&Literal> = matter
            .objects
            .iter()
            .filter_map(|object| match object {
                Term::Literal(literal) => Some(literal),
                _ => None,
            })
            .collect();
        let value = match literals.as_slice() {
            [] => return None,
            [only] => self.single(key, only),
            several => self.value(key, several),
        };
        let key = self.transaction.view().catalogue().property_key_name(key).clone();
        Some((subject, Statement::Property { key, value }))
    }

    /// Returns the value of one literal, of itself and not in a list.
    pub(super) fn single(&self, key: crate::graph::PropertyKeyId, literal: &Literal) -> Value {
        let name = self.transaction.view().catalogue().property_key_name(key);
        let declared = self.mapping.schema().properties.get(name.as_str()).map_or(ValueType::Any, |own| own.value);
        value_of(literal, declared, self.mapping.property(key).language.as_deref())
    }

    fn labels(&self, classes: &[&Term]) -> Vec<SmolStr> {
        let terms = classes.iter().filter_map(|class| self.mapping.term(class.as_iri()?));
        let labels = terms.filter_map(|term| self.mapping.label_of(term));
        labels.map(|label| self.transaction.view().catalogue().label_name(label).clone()).collect()
    }

    /// Makes claims of a source that states triples in a graph of its name, where no claim says so already.
    pub(super) fn claim_in_graph(
        &mut self,
        source: NodeId,
        subject: Subject,
        statement: Statement,
    ) -> Result<(), ReadError> {
        self.transaction.add_claim(Claim::new(subject, statement, source))?;
        self.report.claims += 1;
        Ok(())
    }
}

fn details(triples: &Triples, claim: &Term) -> ClaimDetails {
    let text =
        |predicate: &str| triples.literal(claim, predicate).map_or(SmolStr::default(), |literal| literal.text.clone());
    let rank = triples.objects(claim, other::RANK).find_map(Term::as_iri).map(SmolStr::as_str);
    ClaimDetails {
        attributed_to: text(own::ATTRIBUTED_TO),
        locator: text(own::LOCATOR),
        as_printed: text(own::AS_PRINTED),
        as_of: triples.literal(claim, own::AS_OF).map_or(Value::Null, |date| value_of(date, ValueType::Any, None)),
        rank: match rank {
            Some(other::PREFERRED) => Rank::Preferred,
            Some(other::DEPRECATED) => Rank::Deprecated,
            _ => Rank::Normal,
        },
        note: text(own::REMARK),
        unit: text(own::STATED_UNIT),
        comparator: Comparator::named(&text(own::STATED_COMPARATOR)).unwrap_or_default(),
    }
}
