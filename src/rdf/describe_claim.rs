//! Claims as triples: what they are about, who states it, where, and with which weight.

use smol_str::SmolStr;

use crate::graph::Stated;
use crate::knowledge::{ClaimId, Comparator, Rank, Subject};
use crate::text::{has_han, is_traditional};
use crate::value::{NodeId, RelationshipId, Value};

use super::code::{Code, CodeTriple};
use super::describe::{ClaimForm, Description, is_parallel, is_settled, literals_of};
use super::literal::literal_of;
use super::mapping::TermId;
use super::term::{Literal, Term};
use super::view::View;
use super::vocabulary::{other, own, rdf, rdfs};

/// Says all that a claim is.
pub(super) fn describe_claim(view: &View, claim: ClaimId, form: ClaimForm, description: &mut Description) {
    let mapping = view.mapping();
    let Some(record) = view.snapshot().claim_record(claim) else { return };
    let kind = mapping.known(rdf::TYPE);
    description.say(kind, Code::Term(mapping.known(own::CLAIM)));
    description.say(kind, Code::Term(mapping.known(other::ENTITY)));
    let triples = reified(view, claim);
    match form {
        ClaimForm::Reifier => {
            for triple in triples {
                description.say(mapping.known(rdf::REIFIES), Code::Triple(triple.into()));
            }
        }
        ClaimForm::Statement => {
            description.say(kind, Code::Term(mapping.known(rdf::STATEMENT)));
            for triple in triples {
                description.say(mapping.known(rdf::SUBJECT), triple.subject);
                description.say(mapping.known(rdf::PREDICATE), Code::Term(triple.predicate));
                description.say(mapping.known(rdf::OBJECT), triple.object);
            }
        }
        ClaimForm::None => {}
    }
    description.say(mapping.known(other::HAD_PRIMARY_SOURCE), view.node_code(record.source));
    let rank = match record.details.rank {
        Rank::Preferred => other::PREFERRED,
        Rank::Normal => other::NORMAL,
        Rank::Deprecated => other::DEPRECATED,
    };
    description.say(mapping.known(other::RANK), Code::Term(mapping.known(rank)));
    describe_details(view, claim, description);
}

fn describe_details(view: &View, claim: ClaimId, description: &mut Description) {
    let mapping = view.mapping();
    let Some(record) = view.snapshot().claim_record(claim) else { return };
    let details = &record.details;
    if let Some(literal) = literal_of(&details.as_of, None) {
        description.say_literal(mapping.known(own::AS_OF), literal);
    }
    if !details.as_printed.is_empty() {
        description.say_literal(mapping.known(own::AS_PRINTED), printed(&details.as_printed));
    }
    let texts = [
        (own::LOCATOR, &details.locator),
        (own::ATTRIBUTED_TO, &details.attributed_to),
        (own::REMARK, &details.note),
        (own::STATED_UNIT, &details.unit),
    ];
    for (predicate, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        description.say_literal(mapping.known(predicate), Literal::plain(text));
    }
    if details.comparator != Comparator::Exact {
        let name = Literal::plain(details.comparator.name());
        description.say_literal(mapping.known(own::STATED_COMPARATOR), name);
    }
    if let Some(node) = view.node_of_id(&details.attributed_to) {
        description.say(mapping.known(other::WAS_ATTRIBUTED_TO), view.node_code(node));
    }
}

/// Returns a source's own notation, tagged by script where it is Chinese.
fn printed(text: &SmolStr) -> Literal {
    match (has_han(text), is_traditional(text)) {
        (false, _) => Literal::plain(text),
        (true, false) => Literal::tagged(text, "zh-Hans"),
        (true, true) => Literal::tagged(text, "zh-Hant"),
    }
}

/// Returns the triples that a claim is about: several where it states several labels or values at once.
pub fn reified(view: &View, claim: ClaimId) -> Vec<CodeTriple> {
    let mapping = view.mapping();
    let Some(record) = view.snapshot().claim_record(claim) else { return Vec::new() };
    let subject = view.subject_code(record.subject);
    match (&record.stated, record.subject) {
        (Stated::Existence(labels), Subject::Node(_)) => {
            let kind = mapping.known(rdf::TYPE);
            let classes = labels.iter().map(|label| mapping.label(*label).class);
            let mut classes: Vec<TermId> = classes.collect();
            if classes.is_empty() {
                classes.push(mapping.known(rdfs::RESOURCE));
            }
            let triple = |class| CodeTriple { subject: subject.clone(), predicate: kind, object: Code::Term(class) };
            classes.into_iter().map(triple).collect()
        }
        (Stated::Existence(_), Subject::Relationship(relationship)) => {
            existence(view, relationship).into_iter().collect()
        }
        (Stated::Property(key, value), _) => {
            let terms = mapping.property(*key);
            let literals = match value {
                Value::List(items) if items.len() < 2 || !is_settled(items) => {
                    literal_of(value, None).into_iter().collect()
                }
                value => literals_of(terms, value),
            };
            let triple = |literal| CodeTriple {
                subject: subject.clone(),
                predicate: terms.predicate,
                object: Code::Literal(literal),
            };
            literals.into_iter().map(triple).collect()
        }
    }
}

/// Returns the triple that says that a relationship is there: among parallels it is the one on its own node.
fn existence(view: &View, relationship: RelationshipId) -> Option<CodeTriple> {
    let mapping = view.mapping();
    let record = view.snapshot().relationship(relationship)?;
    let terms = mapping.relationship_type(record.kind);
    if is_parallel(view.snapshot(), relationship) {
        let (subject, object) = (Code::Relationship(relationship), Code::Term(terms.node.class));
        return Some(CodeTriple { subject, predicate: mapping.known(rdf::TYPE), object });
    }
    let (subject, object) = (view.node_code(record.start), view.node_code(record.end));
    Some(CodeTriple { subject, predicate: terms.predicate, object })
}

impl View {
    /// Returns the node whose key a text is.
    pub fn node_of_id(&self, id: &str) -> Option<NodeId> {
        if id.is_empty() {
            return None;
        }
        match self.code(Term::Iri(smol_str::format_smolstr!(
            "{}{}",
            self.mapping().base(),
            super::iri::encode_path(id)
        ))) {
            Code::Node(node) => Some(node),
            _ => None,
        }
    }
}
