//! Terms that no schema has declared: each gets a name made of its IRI, is declared with it, and its triples are read as own.
//!
//! A term that is written already beside an own one cannot be own itself, or reading could not tell them apart: such a one is declared below
//! it, under an IRI of ours.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use crate::graph::Transaction;
use crate::knowledge::{LabelDeclaration, PropertyDeclaration, Schema, TypeDeclaration};
use crate::rdf::iri::decode;
use crate::rdf::mapping::Mapping;
use crate::rdf::term::{Term, Triple};
use crate::rdf::vocabulary::{self, NAMES, rdf};

use super::triples::Triples;
use super::{ReadError, Reader};

/// What a term is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Label,
    Type,
    Property,
}

/// What terms are used as, each with whether one subject has several values under it.
pub(super) type Uses = BTreeMap<(Use, SmolStr), bool>;

/// Returns what a triple uses a term as: the class of an `rdf:type`, the predicate of another triple.
pub(super) fn use_of(triple: &Triple) -> Option<(Use, SmolStr)> {
    match &triple.object {
        Term::Iri(class) if triple.predicate == rdf::TYPE => Some((Use::Label, class.clone())),
        Term::Iri(_) | Term::Blank(_) => Some((Use::Type, triple.predicate.clone())),
        Term::Literal(_) => Some((Use::Property, triple.predicate.clone())),
        Term::Triple(_) => None,
    }
}

/// Returns what the terms of triples are used as.
pub(super) fn uses(triples: &Triples) -> Uses {
    let mut uses = Uses::new();
    for statements in triples.subjects() {
        for (place, triple) in statements.iter().enumerate() {
            let Some(key) = use_of(triple) else { continue };
            // Triples are sorted: two literals of one subject under one predicate stand side by side.
            let is_several = key.0 == Use::Property
                && place > 0
                && statements[place - 1].predicate == triple.predicate
                && matches!(statements[place - 1].object, Term::Literal(_));
            *uses.entry(key).or_default() |= is_several;
        }
    }
    uses
}

/// Gives ids to the names that undeclared terms of ours were made of.
pub(super) fn intern_names(transaction: &mut Transaction, uses: &Uses) -> Result<(), ReadError> {
    let mapping = Mapping::of(transaction.view().catalogue())?;
    let declared = mapping.schema().graph.vocabulary.clone();
    for (used, iri) in uses.keys() {
        let is_known = mapping.term(iri).is_some_and(|term| match used {
            Use::Label => mapping.label_of(term).is_some(),
            Use::Type => mapping.type_of(term).is_some(),
            Use::Property => mapping.property_of(term).is_some(),
        });
        if is_known || vocabulary::OWN_TERMS.iter().any(|(own, ..)| iri == own) {
            continue;
        }
        let local = iri.strip_prefix(NAMES).or_else(|| iri.strip_prefix(&declared).filter(|_| !declared.is_empty()));
        let Some(name) = local.and_then(decode).filter(|name| !name.is_empty()) else { continue };
        match used {
            Use::Label => transaction.label(&name).map(drop)?,
            Use::Type => transaction.relationship_type(&name).map(drop)?,
            Use::Property => transaction.property_key(&name).map(drop)?,
        }
    }
    Ok(())
}

impl Reader<'_> {
    /// Reads triples of terms that are nobody's: declares them first.
    pub(super) fn read_foreign(&mut self, rest: Triples) -> Result<(), ReadError> {
        if rest.is_empty() {
            return Ok(());
        }
        let rest = self.without_triple_terms(rest);
        self.declare_foreign(&uses(&rest))?;
        self.look_again()?;
        let translated = rest.iter().map(|triple| self.translated(triple)).collect();
        self.read_facts(&Triples::of(translated))?;
        self.look_again()
    }

    fn without_triple_terms(&mut self, rest: Triples) -> Triples {
        let mut kept = Vec::new();
        for triple in rest.iter() {
            if matches!(triple.object, Term::Triple(_)) {
                self.leave(triple, "only claims and relationships can be about a triple");
            } else {
                kept.push(triple.clone());
            }
        }
        Triples::of(kept)
    }

    /// Declares terms that are nobody's; returns the names of the properties among them.
    pub(super) fn declare_foreign(&mut self, uses: &Uses) -> Result<BTreeSet<String>, ReadError> {
        let catalogue = self.transaction.view().catalogue();
        let mut schema = Schema::clone(catalogue.schema());
        let mut taken: BTreeSet<(Use, SmolStr)> = BTreeSet::new();
        taken.extend(catalogue.labels().map(|(_, name)| (Use::Label, name.clone())));
        taken.extend(catalogue.relationship_types().map(|(_, name)| (Use::Type, name.clone())));
        taken.extend(catalogue.property_keys().map(|(_, name)| (Use::Property, name.clone())));
        let mut properties = BTreeSet::new();
        for ((used, iri), is_several) in uses {
            if self.own_term(*used, iri).is_some() {
                continue;
            }
            let name = free_name(iri, |name| taken.contains(&(*used, name.clone())) || is_alias(&schema, *used, name));
            taken.insert((*used, name.clone()));
            let (own, above) = self.terms_for(iri);
            declare(&mut schema, *used, &name, own, above, *is_several);
            properties.extend((*used == Use::Property).then(|| name.to_string()));
        }
        if schema != **catalogue.schema() {
            self.transaction.declare_schema(schema)?;
        }
        Ok(properties)
    }

    /// Returns the own term and the terms above it that stand for a foreign one.
    fn terms_for(&self, iri: &SmolStr) -> (String, Vec<String>) {
        match self.mapping.term(iri) {
            None => (iri.to_string(), Vec::new()),
            Some(_) => (format!("{NAMES}{}", crate::rdf::iri::encode(iri)), vec![iri.to_string()]),
        }
    }

    /// Returns the IRI of the own term that a foreign one is read as, if it has one.
    pub(super) fn own_term(&self, used: Use, iri: &SmolStr) -> Option<SmolStr> {
        let below = format_smolstr!("{NAMES}{}", crate::rdf::iri::encode(iri));
        [iri.clone(), below].into_iter().find(|own| {
            self.mapping.term(own).is_some_and(|term| match used {
                Use::Label => self.mapping.label_of(term).is_some(),
                Use::Type => self.mapping.type_of(term).is_some(),
                Use::Property => self.mapping.property_of(term).is_some(),
            })
        })
    }

    /// Returns a triple with own terms for foreign ones.
    pub(super) fn translated(&self, triple: &Triple) -> Triple {
        let mut translated = triple.clone();
        let used = match &triple.object {
            Term::Iri(class) if triple.predicate == rdf::TYPE => {
                if let Some(own) = self.own_term(Use::Label, class) {
                    translated.object = Term::Iri(own);
                }
                return translated;
            }
            Term::Literal(_) => Use::Property,
            _ => Use::Type,
        };
        if let Some(own) = self.own_term(used, &triple.predicate) {
            translated.predicate = own;
        }
        translated
    }
}

/// Adds a declaration.
fn declare(schema: &mut Schema, used: Use, name: &str, iri: String, sub_of: Vec<String>, many: bool) {
    let name = name.to_owned();
    match used {
        Use::Label => {
            schema.labels.insert(name, LabelDeclaration { iri, sub_of, ..LabelDeclaration::default() });
        }
        Use::Type => {
            schema.types.insert(name, TypeDeclaration { iri, sub_of, ..TypeDeclaration::default() });
        }
        Use::Property => {
            schema.properties.insert(name, PropertyDeclaration { iri, sub_of, many, ..PropertyDeclaration::default() });
        }
    }
}

/// Says whether a name is an alias of another.
fn is_alias(schema: &Schema, used: Use, name: &str) -> bool {
    let is = |zh: &String, aliases: &Vec<String>| zh == name || aliases.iter().any(|alias| alias == name);
    match used {
        Use::Label => schema.labels.values().any(|own| is(&own.zh, &own.aliases)),
        Use::Type => schema.types.values().any(|own| is(&own.zh, &own.aliases)),
        Use::Property => schema.properties.values().any(|own| is(&own.zh, &own.aliases)),
    }
}

/// Returns the last part of an IRI as a name that is not taken.
fn free_name(iri: &str, is_taken: impl Fn(&SmolStr) -> bool) -> SmolStr {
    let local = iri.rsplit(['#', '/', ':']).find(|part| !part.is_empty()).unwrap_or(iri);
    let local = SmolStr::new(decode(local).unwrap_or_else(|| local.to_owned()));
    let numbered = (2..).map(|number| format_smolstr!("{local}_{number}"));
    std::iter::once(local.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(local)
}
