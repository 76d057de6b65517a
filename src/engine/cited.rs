//! Cited claims written out, and the support that an answer keeps so that it can be asked later why a row is there.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

use crate::executor::cite::{CitedClaim, Citer, RowEvidence};
use crate::graph::{Particulars, Snapshot, Stated};
use crate::knowledge::{ClaimRecord, Comparator, Subject};
use crate::planner::logical::Citation;
use crate::value::{NodeId, ResultValue, Value};

use super::written_out::{WrittenOut, node_id};

/// How many claims a row shows.
pub(super) const CLAIMS_SHOWN: usize = 1_000;

/// What an answer keeps to say later what its rows rest on: the graph as it was read, and the elements of each row.
///
/// Claims are looked up only when they are asked for; the query is not run again.
#[derive(Clone, Debug)]
pub struct Support {
    snapshot: Snapshot,
    citation: Citation,
    rows: Vec<RowEvidence>,
}

impl Support {
    pub(super) fn new(snapshot: Snapshot, citation: Citation, rows: Vec<RowEvidence>) -> Support {
        Support { snapshot, citation, rows }
    }

    /// Returns how many rows it speaks of.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Returns the claims that a row rests on, counted from 0, with those that did not win; none if there is no such row.
    pub fn why(&self, row: usize) -> Option<Vec<ClaimRecord>> {
        let evidence = self.rows.get(row)?;
        let citer = Citer::new(&self.citation, &self.snapshot, true);
        let mut cited = Vec::new();
        citer.cite(evidence, CLAIMS_SHOWN, &mut cited);
        let mut writer = ClaimWriter::new(&self.snapshot);
        Some(cited.iter().map(|claim| writer.record(claim)).collect())
    }
}

/// The claims that the rows of an answer rest on. Which they are is known; they are written out when they are asked for.
#[derive(Clone, Debug, Default)]
pub struct Citations {
    snapshot: Snapshot,
    claims: Vec<CitedClaim>,
    /// Where the claims of each row end.
    ends: Vec<usize>,
}

impl Citations {
    pub(super) fn new(snapshot: &Snapshot) -> Citations {
        Citations { snapshot: snapshot.clone(), ..Citations::default() }
    }

    /// Adds the claims of the next row.
    pub(super) fn push(&mut self, claims: &[CitedClaim]) {
        self.claims.extend_from_slice(claims);
        self.ends.push(self.claims.len());
    }

    /// Returns how many rows it speaks of.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Says whether it speaks of no row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the claims that a row rests on, counted from 0, of a property the winner first; none if there is no such row.
    pub fn row(&self, row: usize) -> Option<Vec<ClaimRecord>> {
        let mut writer = ClaimWriter::new(&self.snapshot);
        Some(self.of(row)?.iter().map(|claim| writer.record(claim)).collect())
    }

    /// Returns the claims of each row, as [`Citations::row`] does.
    pub fn iter(&self) -> impl Iterator<Item = Vec<ClaimRecord>> + '_ {
        let mut writer = ClaimWriter::new(&self.snapshot);
        let rows = (0..self.len()).map(|row| self.of(row).unwrap_or_default());
        rows.map(move |claims| claims.iter().map(|claim| writer.record(claim)).collect())
    }

    /// Returns the claims of each row, each of them written out once.
    pub(crate) fn iter_once(&self) -> impl Iterator<Item = Vec<ToldClaim>> + '_ {
        let (mut writer, mut known) = (ClaimWriter::new(&self.snapshot), FxHashMap::default());
        let rows = (0..self.len()).map(|row| self.of(row).unwrap_or_default());
        rows.map(move |claims| {
            let told = claims.iter().map(|claim| {
                let count = known.len();
                match known.entry(*claim) {
                    Entry::Occupied(before) => ToldClaim::Again(*before.get()),
                    Entry::Vacant(new) => {
                        new.insert(count);
                        ToldClaim::First(Box::new(writer.record(claim)))
                    }
                }
            });
            told.collect()
        })
    }

    fn of(&self, row: usize) -> Option<&[CitedClaim]> {
        let end = *self.ends.get(row)?;
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.claims.get(start..end)
    }
}

/// A claim of one row among those of all.
pub(crate) enum ToldClaim {
    /// It was not told before.
    First(Box<ClaimRecord>),
    /// It is the same as the one that was told first at this place among those, counted from 0.
    Again(usize),
}

/// Writes claims out; what sources and nodes are called is looked up once.
pub(super) struct ClaimWriter<'s> {
    snapshot: &'s Snapshot,
    /// The id and the title of a source.
    sources: FxHashMap<NodeId, (SmolStr, SmolStr)>,
    names: FxHashMap<NodeId, SmolStr>,
}

/// How many names of nodes are kept; more are looked up again.
const NAMES_KEPT: usize = 100_000;

impl<'s> ClaimWriter<'s> {
    /// Returns a writer over the graph that was read.
    pub(super) fn new(snapshot: &'s Snapshot) -> ClaimWriter<'s> {
        ClaimWriter { snapshot, sources: FxHashMap::default(), names: FxHashMap::default() }
    }

    /// Returns a claim written out.
    pub(super) fn record(&mut self, cited: &CitedClaim) -> ClaimRecord {
        let snapshot = self.snapshot;
        let mut record = ClaimRecord::new(cited.state);
        (record.tie, record.disputed) = (cited.tie, cited.disputed);
        let catalogue = snapshot.catalogue();
        record.element = cited.subject.map(|subject| self.name(subject)).unwrap_or_default();
        record.property = cited.key.map(|key| catalogue.property_key_name(key).clone()).unwrap_or_default();
        let claim = cited.claim.and_then(|id| Some((id, snapshot.claim_record(id)?)));
        let Some((id, claim)) = claim else {
            if let (Some(subject), Some(key)) = (cited.subject, cited.key) {
                record.value = plain(&property(subject, key, snapshot), snapshot);
            }
            return record;
        };
        record.claim = Some(id.0);
        record.value = match &claim.stated {
            Stated::Property(_, value) => plain(value, snapshot),
            Stated::Existence(labels) if labels.is_empty() => ResultValue::Null,
            Stated::Existence(labels) => {
                let names = labels.iter().map(|label| catalogue.label_name(*label).clone());
                ResultValue::List(names.map(ResultValue::String).collect())
            }
        };
        (record.source, record.title) = self.source(claim.source);
        let details = &claim.details;
        record.locator = details.locator.clone();
        record.as_printed = details.as_printed.clone();
        record.as_of = plain(&details.as_of, snapshot);
        record.rank = SmolStr::new_static(details.rank.name());
        record.attributed_to = details.attributed_to.clone();
        record.unit = details.unit.clone();
        if details.comparator != Comparator::Exact {
            record.comparator = SmolStr::new_static(details.comparator.name());
        }
        record.note = details.note.clone();
        record
    }

    fn source(&mut self, source: NodeId) -> (SmolStr, SmolStr) {
        let read = || {
            let particulars = Particulars::new(self.snapshot);
            let id = text(&particulars.id(source)).unwrap_or_else(|| node_id(source));
            (id, text(&particulars.title(source)).unwrap_or_default())
        };
        self.sources.entry(source).or_insert_with(read).clone()
    }

    fn name(&mut self, subject: Subject) -> SmolStr {
        match subject {
            Subject::Node(node) => {
                if self.names.len() >= NAMES_KEPT {
                    self.names.clear();
                }
                self.names.entry(node).or_insert_with(|| self.snapshot.name_of(Subject::Node(node))).clone()
            }
            Subject::Relationship(relationship) => match self.snapshot.relationship(relationship) {
                Some(record) => {
                    let kind = self.snapshot.catalogue().relationship_type_name(record.kind);
                    let (start, end) = (self.name(Subject::Node(record.start)), self.name(Subject::Node(record.end)));
                    format_smolstr!("{start} -[{kind}]-> {end}")
                }
                None => self.snapshot.name_of(subject),
            },
        }
    }
}

fn property(subject: Subject, key: crate::graph::PropertyKeyId, snapshot: &Snapshot) -> Value {
    match subject {
        Subject::Node(node) => snapshot.node_property(node, key),
        Subject::Relationship(relationship) => snapshot.relationship_property(relationship, key),
    }
}

fn plain(value: &Value, snapshot: &Snapshot) -> ResultValue {
    match value {
        // What most claims state needs nothing of the graph to be written out.
        Value::Null => return ResultValue::Null,
        Value::Integer(number) => return ResultValue::Integer(*number),
        Value::Float(number) => return ResultValue::Float(*number),
        Value::String(text) => return ResultValue::String(text.clone()),
        _ => {}
    }
    ResultValue::expand(value, &mut WrittenOut::new(snapshot)).unwrap_or_default()
}

fn text(value: &Value) -> Option<SmolStr> {
    match value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
