//! Triples read as facts a part at a time, for files too long to be held: such a file is read several times instead.
//!
//! ```text
//!   1  what its terms are used as, and whether it must be seen whole
//!   2  facts of terms that the graph knows              ┐ left out if
//!   3  which of its triples those facts would write     ┘ it knows none
//!   4  facts of terms that it does not know, declared by then
//! ```
//! A part is cut wherever it is full: what a later part says of a subject is added to what an earlier one has said. A short file is held, and
//! so is one with named graphs or with our own words for claims, relationships and declarations, since those may be about anything in it. What stays in memory
//! besides a part is the graph, and which node each term of the file stands for.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};
use smol_str::{SmolStr, format_smolstr};

use crate::graph::{PropertyKeyId, Transaction};
use crate::knowledge::{Schema, Subject};
use crate::rdf::mapping::Mapping;
use crate::rdf::term::{Term, Triple};
use crate::rdf::vocabulary::{NAMESPACE, OWN_TERMS, rdf, rdfs};
use crate::value::order::order;
use crate::value::{NodeId, Value, equivalent};

use super::foreign::{Use, Uses, intern_names, use_of, uses};
use super::triples::{Quad, Triples};
use super::{ReadError, ReadReport, Reader, declarations, read_quads};

/// Takes the quads of a file.
pub type Take<'t, Failure> = dyn FnMut(Quad) -> Result<(), Failure> + 't;

/// Gives the quads of a file, each time in the same order.
pub type Each<'e, Failure> = dyn FnMut(&mut Take<'_, Failure>) -> Result<(), Failure> + 'e;

/// What is known while a file is read in parts.
#[derive(Default)]
pub(super) struct Long {
    /// The nodes made, with the terms that they were made of, until all that names them has been read.
    pub(super) made: Vec<(Term, NodeId)>,
    /// Properties of nodes from before, where the file has replaced them.
    replaced: HashSet<(NodeId, PropertyKeyId)>,
    /// Properties of which one subject has several values.
    several: BTreeSet<PropertyKeyId>,
}

/// Reads the quads of a file into a transaction, in parts of so many if there are more; the transaction is to be given up if this fails.
///
/// # Errors
/// As [`read_quads`], and those of `each`.
pub fn read_long<Failure: From<ReadError>>(
    transaction: &mut Transaction,
    part_size: usize,
    each: &mut Each<'_, Failure>,
) -> Result<ReadReport, Failure> {
    let mapping = Mapping::of(transaction.view().catalogue()).map_err(ReadError::from)?;
    let mut survey = Survey { mapping, part_size, held: Some(Vec::new()), uses: Uses::new(), must_be_whole: false };
    each(&mut |quad| {
        survey.note(quad);
        Ok(())
    })?;
    if let Some(held) = survey.held {
        return Ok(read_quads(transaction, held)?);
    }
    if survey.must_be_whole {
        let mut all = Vec::new();
        each(&mut |quad| {
            all.push(quad);
            Ok(())
        })?;
        return Ok(read_quads(transaction, all)?);
    }
    intern_names(transaction, &survey.uses)?;
    let mut reader = Reader::begin(transaction)?;
    reader.long = Some(Long::default());
    let mut rounds = Rounds { reader, each, part_size };
    rounds.read_all(&survey.uses)?;
    declarations::make_keys_unique(rounds.reader.transaction);
    Ok(rounds.reader.report)
}

/// What the first reading finds.
struct Survey {
    mapping: Mapping,
    part_size: usize,
    /// All quads so far, as long as they are few or must be seen whole.
    held: Option<Vec<Quad>>,
    /// What terms are used as.
    uses: Uses,
    must_be_whole: bool,
}

impl Survey {
    fn note(&mut self, quad: Quad) {
        self.must_be_whole = self.must_be_whole || quad.graph.is_some() || self.is_of_a_whole(&quad.triple);
        if let Some(used) = use_of(&quad.triple) {
            self.uses.entry(used).or_default();
        }
        match &mut self.held {
            Some(held) if held.len() < self.part_size || self.must_be_whole => held.push(quad),
            held => *held = None,
        }
    }

    /// Says whether a triple can only be understood with others that may stand anywhere.
    fn is_of_a_whole(&self, triple: &Triple) -> bool {
        let is_own = |iri: &str| iri.starts_with(NAMESPACE) && OWN_TERMS.iter().any(|(own, ..)| iri == *own);
        let is_tie = [rdf::REIFIES, rdf::SUBJECT, rdf::PREDICATE, rdf::OBJECT].contains(&&*triple.predicate);
        let leads_to_start =
            || self.mapping.term(&triple.predicate).is_some_and(|term| self.mapping.type_of_start(term).is_some());
        let object_is_own = match &triple.object {
            Term::Iri(iri) => is_own(iri),
            Term::Triple(_) => true,
            _ => false,
        };
        is_tie || object_is_own || is_own(&triple.predicate) || leads_to_start()
    }
}

/// The readings of a file.
struct Rounds<'r, 't, 'e, Failure> {
    reader: Reader<'t>,
    each: &'r mut Each<'e, Failure>,
    part_size: usize,
}

impl<'t, Failure: From<ReadError>> Rounds<'_, 't, '_, Failure> {
    /// Reads all facts.
    fn read_all(&mut self, used: &Uses) -> Result<(), Failure> {
        let knows_some = used.keys().any(|(used, iri)| self.reader.knows(*used, iri));
        let mut left = Uses::new();
        if knows_some {
            self.parts(&mut |reader, triples| reader.read_facts(&triples))?;
            self.reader.name_made()?;
            self.reader.look_again()?;
            self.parts(&mut |reader, triples| {
                for (used, is_several) in uses(&reader.rest_of(triples)) {
                    *left.entry(used).or_default() |= is_several;
                }
                Ok(())
            })?;
        }
        let unknown = if knows_some { &left } else { used };
        if unknown.is_empty() {
            return Ok(());
        }
        let declared = self.reader.declare_foreign(unknown)?;
        self.reader.look_again()?;
        self.parts(&mut |reader, triples| {
            let rest = if knows_some { reader.rest_of(triples) } else { triples };
            let translated = rest.iter().map(|triple| reader.translated(triple)).collect();
            reader.read_facts(&Triples::of(translated))
        })?;
        self.reader.name_made()?;
        self.reader.declare_several(&declared)?;
        Ok(self.reader.look_again()?)
    }

    /// Reads the file and hands on its triples, a part at a time.
    fn parts(
        &mut self,
        work: &mut dyn FnMut(&mut Reader<'t>, Triples) -> Result<(), ReadError>,
    ) -> Result<(), Failure> {
        let (reader, part_size) = (&mut self.reader, self.part_size);
        let (mut part, mut blanks) = (Vec::new(), Blanks::default());
        (self.each)(&mut |quad| {
            let mut triple = quad.triple;
            blanks.rename(&mut triple);
            part.push(triple);
            if part.len() >= part_size {
                work(reader, Triples::of(std::mem::take(&mut part)))?;
            }
            Ok(())
        })?;
        if !part.is_empty() {
            work(reader, Triples::of(part))?;
        }
        Ok(())
    }
}

/// The blank nodes of a file by the order in which they come: a reader may give those without a label another one each time.
#[derive(Default)]
struct Blanks {
    known: HashMap<SmolStr, usize>,
}

impl Blanks {
    fn rename(&mut self, triple: &mut Triple) {
        for term in [&mut triple.subject, &mut triple.object] {
            if let Term::Blank(label) = term {
                let next = self.known.len();
                let place = *self.known.entry(label.clone()).or_insert(next);
                *label = format_smolstr!("{place}");
            }
        }
    }
}

impl Reader<'_> {
    /// Says whether the graph as it is may have something to do with a term.
    fn knows(&self, used: Use, iri: &SmolStr) -> bool {
        let may_be_said = self.transaction.base().node_count() > 0 && self.mapping.term(iri).is_some();
        may_be_said || iri == rdfs::RESOURCE || self.own_term(used, iri).is_some()
    }

    fn name_made(&mut self) -> Result<(), ReadError> {
        let made = self.long.as_mut().map(|long| std::mem::take(&mut long.made)).unwrap_or_default();
        self.name_nodes(&made)
    }

    /// Returns a value together with what earlier parts of the file have said under the same property, of so many literals.
    pub(super) fn with_earlier_parts(
        &mut self,
        subject: &Term,
        key: PropertyKeyId,
        value: Value,
        literal_count: usize,
    ) -> Value {
        let many = self.mapping.property(key).many;
        let element = self.subject(subject);
        let (Some(Subject::Node(node)), Some(long)) = (element, &mut self.long) else { return value };
        // What a node had before the file is replaced once.
        let is_replaced = self.transaction.base().node_exists(node) && long.replaced.insert((node, key));
        let before = if is_replaced { Value::Null } else { self.transaction.view().node_property(node, key) };
        let is_more = !before.is_null();
        let value = if is_more { joined(before, value, many) } else { value };
        if !many && (literal_count > 1 || is_more && matches!(value, Value::List(_))) {
            long.several.insert(key);
        }
        value
    }

    /// Declares as many-valued what turned out to be, of properties that this reading has declared, and makes lists of their single values.
    fn declare_several(&mut self, declared: &BTreeSet<String>) -> Result<(), ReadError> {
        let several = self.long.as_mut().map(|long| std::mem::take(&mut long.several)).unwrap_or_default();
        let mut schema = Schema::clone(self.transaction.view().catalogue().schema());
        let mut keys = Vec::new();
        for key in several {
            let name = self.transaction.view().catalogue().property_key_name(key).to_string();
            if declared.contains(&name)
                && let Some(own) = schema.properties.get_mut(&name)
                && !std::mem::replace(&mut own.many, true)
            {
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        self.transaction.declare_schema(schema)?;
        for chunk in 0..self.transaction.view().chunk_count() {
            let mut slots = Vec::new();
            self.transaction.view().scan_chunk(chunk, None, &mut slots);
            for (node, key) in slots.iter().flat_map(|slot| keys.iter().map(|key| (NodeId(*slot), *key))) {
                let value = self.transaction.view().node_property(node, key);
                if !value.is_null() && !matches!(value, Value::List(_)) {
                    self.transaction.set_node_property(node, key, Value::list(vec![value]))?;
                }
            }
        }
        Ok(())
    }
}

/// Returns the values of both, each once, in order; one alone is itself unless the property holds lists.
fn joined(before: Value, value: Value, many: bool) -> Value {
    let mut items: Vec<Value> = Vec::new();
    for part in [before, value] {
        match part {
            Value::List(list) => items.extend(list.iter().cloned()),
            one => items.push(one),
        }
    }
    items.sort_by(order);
    items.dedup_by(|lhs, rhs| equivalent(lhs, rhs));
    match (items.pop(), items.is_empty() && !many) {
        (Some(only), true) => only,
        (last, _) => Value::list(items.into_iter().chain(last).collect()),
    }
}
