//! The vocabulary as triples: what each term is called, what lies above it, and what the schema declares of it, as JSON.
//!
//! The declarations make a file of triples whole: whoever reads it gets names, aliases, types and units back.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use crate::knowledge::Schema;

use super::code::Code;
use super::describe::Description;
use super::iri::expand;
use super::mapping::TermId;
use super::term::{Literal, Term};
use super::view::View;
use super::vocabulary::{OWN_TERMS, other, own, rdf, rdfs};

/// Says what a term of the vocabulary is.
pub(super) fn describe_term(view: &View, term: TermId, description: &mut Description) {
    let mapping = view.mapping();
    let iri = mapping.iri(term);
    if iri == mapping.base() {
        describe_graph(view, description);
    }
    if let Some((_, en, zh, comment)) = OWN_TERMS.iter().find(|(own, ..)| own == iri) {
        let is_class = en.starts_with(char::is_lowercase)
            && iri[super::vocabulary::NAMESPACE.len()..].starts_with(char::is_uppercase);
        let class = if is_class { rdfs::CLASS } else { rdf::PROPERTY };
        say_words(view, class, en, zh, comment, description);
    }
    describe_label(view, term, description);
    describe_type(view, term, description);
    describe_property(view, term, description);
}

/// Says the unit of a quantity: a currency by its code, another by its IRI or its name.
pub(super) fn describe_unit(view: &View, name: &SmolStr, description: &mut Description) {
    let mapping = view.mapping();
    let declared = mapping.schema().units.get(name.as_str());
    match declared {
        Some(unit) if unit.code.is_some() => {
            let code = unit.code.as_deref().unwrap_or_default();
            description.say_literal(mapping.known(other::CURRENCY), Literal::plain(code));
        }
        Some(unit) if unit.iri.is_some() => {
            say_term(view, mapping.known(other::HAS_UNIT), unit.iri.as_deref().unwrap_or_default(), description);
        }
        _ => description.say_literal(mapping.known(other::UNIT_TEXT), Literal::plain(name)),
    }
    description.say_literal(mapping.known(own::STATED_UNIT), Literal::plain(name));
}

fn describe_graph(view: &View, description: &mut Description) {
    let mapping = view.mapping();
    let schema = mapping.schema();
    if *schema == Schema::default() {
        return;
    }
    description.say(mapping.known(rdf::TYPE), Code::Term(mapping.known(other::DATASET)));
    for (language, title) in &schema.graph.title {
        let literal = Literal::tagged(title, super::literal::tag_of(title, language));
        description.say_literal(mapping.known(other::TITLE), literal);
    }
    for (predicate, text) in [(other::VERSION, &schema.graph.version), (other::LICENSE, &schema.graph.licence)] {
        if !text.is_empty() {
            description.say_literal(mapping.known(predicate), Literal::plain(text));
        }
    }
    let declaration = json!({
        "graph": terse(&schema.graph),
        "source": terse(&schema.source),
        "prefixes": terse(&schema.prefixes),
        "units": terse(&schema.units),
    });
    say_declaration(view, declaration, description);
}

fn describe_label(view: &View, term: TermId, description: &mut Description) {
    let (mapping, catalogue) = (view.mapping(), view.snapshot().catalogue());
    let Some(name) = mapping.label_of(term).map(|label| catalogue.label_name(label)) else { return };
    let Some(declared) = mapping.schema().labels.get(name.as_str()) else { return };
    say_words(view, rdfs::CLASS, &declared.en, &declared.zh, &declared.comment, description);
    for above in &declared.sub_of {
        say_term(view, mapping.known(rdfs::SUB_CLASS_OF), above, description);
    }
    for implied in declared.implies.iter().filter_map(|label| catalogue.label_id(label)) {
        description.say(mapping.known(rdfs::SUB_CLASS_OF), Code::Term(mapping.label(implied).class));
    }
    say_declaration(view, json!({ "label": name.as_str(), "declared": terse(declared) }), description);
}

fn describe_type(view: &View, term: TermId, description: &mut Description) {
    let (mapping, catalogue) = (view.mapping(), view.snapshot().catalogue());
    let Some(name) = mapping.type_of(term).map(|kind| catalogue.relationship_type_name(kind)) else { return };
    let Some(declared) = mapping.schema().types.get(name.as_str()) else { return };
    say_words(view, rdf::PROPERTY, &declared.en, &declared.zh, &declared.comment, description);
    for above in &declared.sub_of {
        say_term(view, mapping.known(rdfs::SUB_PROPERTY_OF), above, description);
    }
    for inverse in &declared.inverse_of {
        say_term(view, mapping.known(other::INVERSE_OF), inverse, description);
    }
    for (predicate, labels) in [(other::DOMAIN_INCLUDES, &declared.from), (other::RANGE_INCLUDES, &declared.to)] {
        for label in labels.iter().filter_map(|label| catalogue.label_id(label)) {
            description.say(mapping.known(predicate), Code::Term(mapping.label(label).class));
        }
    }
    say_declaration(view, json!({ "type": name.as_str(), "declared": terse(declared) }), description);
}

fn describe_property(view: &View, term: TermId, description: &mut Description) {
    let (mapping, catalogue) = (view.mapping(), view.snapshot().catalogue());
    let Some(name) = mapping.property_of(term).map(|key| catalogue.property_key_name(key)) else { return };
    let Some(declared) = mapping.schema().properties.get(name.as_str()) else { return };
    say_words(view, rdf::PROPERTY, &declared.en, &declared.zh, &declared.comment, description);
    // Where the terms above lead to a node with the unit, the own term, which leads to the number, is none of them.
    if declared.value_class.is_none() {
        for above in &declared.sub_of {
            say_term(view, mapping.known(rdfs::SUB_PROPERTY_OF), above, description);
        }
    }
    if let Some(unit) = declared.unit.as_ref().and_then(|unit| mapping.schema().units.get(unit))
        && let Some(iri) = &unit.iri
    {
        say_term(view, mapping.known(other::HAS_UNIT), iri, description);
    }
    say_declaration(view, json!({ "property": name.as_str(), "declared": terse(declared) }), description);
}

fn say_words(view: &View, class: &'static str, en: &str, zh: &str, comment: &str, description: &mut Description) {
    let mapping = view.mapping();
    description.say(mapping.known(rdf::TYPE), Code::Term(mapping.known(class)));
    for (text, language) in [(en, "en"), (zh, "zh-Hans")] {
        if !text.is_empty() {
            description.say_literal(mapping.known(rdfs::LABEL), Literal::tagged(text, language));
        }
    }
    if !comment.is_empty() {
        description.say_literal(mapping.known(rdfs::COMMENT), Literal::tagged(comment, "en"));
    }
}

fn say_term(view: &View, predicate: TermId, declared: &str, description: &mut Description) {
    let iri = expand(declared, &view.mapping().schema().prefixes);
    description.say(predicate, view.code(Term::Iri(SmolStr::new(iri))));
}

fn say_declaration(view: &View, declaration: Json, description: &mut Description) {
    let literal = Literal::typed(declaration.to_string(), rdf::JSON);
    description.say_literal(view.mapping().known(own::DECLARATION), literal);
}

/// Returns a declaration as JSON without what is empty, which reading fills in again.
fn terse<Declared: Serialize>(declared: &Declared) -> Json {
    fn without_empty(json: Json) -> Json {
        match json {
            Json::Object(members) => {
                let kept = members.into_iter().map(|(name, member)| (name, without_empty(member)));
                Json::Object(kept.filter(|(_, member)| !is_empty(member)).collect::<Map<String, Json>>())
            }
            other => other,
        }
    }
    fn is_empty(json: &Json) -> bool {
        match json {
            Json::Null | Json::Bool(false) => true,
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            _ => false,
        }
    }
    serde_json::to_value(declared).map_or(Json::Null, without_empty)
}
