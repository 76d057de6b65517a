//! Names of claims, and the number of a relationship among its parallels: made from content, so that they are the same in every export.
//!
//! A claim's name is a hash of all that it says. Only claims on one matter can share it: those of the same content, told apart by a number.

use std::fmt::Write;

use smol_str::SmolStr;

use crate::graph::Stated;
use crate::knowledge::{ClaimId, Subject};
use crate::value::{RelationshipId, literal};

use super::code::Code;
use super::name::below;
use super::term::Term;
use super::view::View;

/// Returns a claim's IRI.
pub fn iri(view: &View, claim: ClaimId) -> SmolStr {
    let snapshot = view.snapshot();
    let Some(record) = snapshot.claim_record(claim) else {
        return below(view.mapping().base(), &format!("claim=gone-{}", claim.0));
    };
    let subject = view.term(&view.subject_code(record.subject));
    let own = hash(view, &subject, claim);
    let others = snapshot.claims_on(record.subject, record.stated.key());
    let before = others.iter().filter(|other| **other < claim && hash(view, &subject, **other) == own).count();
    let number = if before == 0 { String::new() } else { format!(";{}", before + 1) };
    let part = format!("claim={own:016x}{number}");
    match &subject {
        Term::Iri(iri) => below(iri, &part),
        _ => below(view.mapping().base(), &part),
    }
}

/// Returns the claim on an element that has an IRI.
pub fn find(view: &View, subject: Subject, wanted: &str) -> Option<ClaimId> {
    view.snapshot().claims_of(subject).into_iter().find(|claim| iri(view, *claim) == wanted)
}

/// Returns the claim on a blank node that has an IRI.
pub fn find_nameless(view: &View, wanted: &str) -> Option<ClaimId> {
    let rest = wanted.strip_prefix(view.mapping().base().as_str())?;
    if !rest.starts_with("#claim=") && !rest.starts_with(";claim=") {
        return None;
    }
    let sources = view.snapshot().claiming_sources();
    let claims = sources.into_iter().flat_map(|source| view.snapshot().claims_by_source(source));
    claims.into_iter().find(|claim| iri(view, *claim) == wanted)
}

/// Returns a hash of all that a claim says.
fn hash(view: &View, subject: &Term, claim: ClaimId) -> u64 {
    let Some(record) = view.snapshot().claim_record(claim) else { return 0 };
    let catalogue = view.snapshot().catalogue();
    let mut hash = Hash::new();
    let _ = write!(hash, "{subject}\0");
    match &record.stated {
        Stated::Existence(labels) => {
            let mut names: Vec<&SmolStr> = labels.iter().map(|label| catalogue.label_name(*label)).collect();
            names.sort_unstable();
            names.iter().for_each(|name| {
                let _ = write!(hash, "{name}\0");
            });
        }
        Stated::Property(key, value) => {
            let _ = write!(hash, "{}={}\0", catalogue.property_key_name(*key), literal(value));
        }
    }
    let details = &record.details;
    let _ = write!(
        hash,
        "{}\0{}\0{}\0{}\0{}\0{}\0{}\0{}\0{}",
        view.term(&Code::Node(record.source)),
        details.attributed_to,
        details.locator,
        details.as_printed,
        literal(&details.as_of),
        details.rank.name(),
        details.note,
        details.unit,
        details.comparator.name(),
    );
    hash.0
}

/// Returns which of the relationships of its type between its ends a relationship is, from 1, in order of what they say.
pub fn number_among_parallel(view: &View, relationship: RelationshipId) -> usize {
    let snapshot = view.snapshot();
    let Some(record) = snapshot.relationship(relationship) else { return 1 };
    let parallel = snapshot.relationships_between(record.kind, record.start, record.end);
    if parallel.len() < 2 {
        return 1;
    }
    let own = (content(view, relationship), relationship);
    1 + parallel.iter().filter(|other| (content(view, **other), **other) < own).count()
}

/// Returns all that a relationship says besides its type and ends, as text.
fn content(view: &View, relationship: RelationshipId) -> String {
    let snapshot = view.snapshot();
    let catalogue = snapshot.catalogue();
    let mut text = String::new();
    for (key, value) in snapshot.relationship_properties(relationship) {
        let _ = writeln!(text, "{}={}", catalogue.property_key_name(key), literal(&value));
    }
    let placeholder = Term::Blank(SmolStr::default());
    let claims = snapshot.claims_of(Subject::Relationship(relationship));
    let mut claims: Vec<u64> = claims.into_iter().map(|claim| hash(view, &placeholder, claim)).collect();
    claims.sort_unstable();
    let _ = write!(text, "{claims:x?}");
    text
}

/// FNV-1a of 64 bits: the same on every machine and in every version.
struct Hash(u64);

impl Hash {
    fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}
