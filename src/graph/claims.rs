//! Claims: kept by slot, and in lists by subject and by source.
//!
//! A claim's slot is never used again: what was cited stays what it was. The lists of a file stand in it; others are made from the claims
//! when they are first asked for.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use crate::knowledge::{ClaimDetails, ClaimId, Rank, Subject};
use crate::value::{NodeId, Value};

use super::chunk_list::ChunkList;
use super::claim_lists::{ClaimCollector, ClaimEntry, ClaimLists, ClaimReader};
use super::id::{LabelId, PropertyKeyId};

/// Claims of one chunk; small, because a single claim copies it.
pub(super) const CHUNK: usize = 64;

/// What a claim states, by ids.
#[derive(Clone, Debug)]
pub enum Stated {
    /// That its subject exists; for a node with these labels.
    Existence(Vec<LabelId>),
    /// That a property has a value.
    Property(PropertyKeyId, Value),
}

impl Stated {
    /// Returns the property spoken of; none where existence is.
    pub fn key(&self) -> Option<PropertyKeyId> {
        match self {
            Stated::Existence(_) => None,
            Stated::Property(key, _) => Some(*key),
        }
    }
}

/// A claim as the graph keeps it.
#[derive(Clone, Debug)]
pub struct ClaimRecord {
    /// What it speaks of.
    pub subject: Subject,
    /// What it states.
    pub stated: Stated,
    /// The node of the source that states it.
    pub source: NodeId,
    /// How, where and when it is stated.
    pub details: ClaimDetails,
}

impl ClaimRecord {
    /// Says whether its labels and property key lie below these numbers.
    pub(super) fn fits(&self, labels: usize, keys: usize) -> bool {
        match &self.stated {
            Stated::Existence(stated) => stated.iter().all(|label| (label.0 as usize) < labels),
            Stated::Property(key, _) => (key.0 as usize) < keys,
        }
    }
}

/// All claims.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims {
    pub(super) chunks: ChunkList<Vec<Option<ClaimRecord>>>,
    pub(super) next: u32,
    pub(super) count: u64,
    /// At most how many are known to be wrong, so that none is looked for where there is none.
    pub(super) deprecated_at_most: u64,
    /// The sources whose claims do not count, where it is a lens that looks.
    silenced: Option<Arc<FxHashSet<NodeId>>>,
    pub(super) lists: Arc<OnceLock<ClaimLists>>,
}

/// Returns the lists of claims.
fn listed(chunks: &ChunkList<Vec<Option<ClaimRecord>>>) -> ClaimLists {
    let mut collector = ClaimCollector::default();
    chunks.for_each_passing(|chunk, claims| {
        for (place, claim) in claims.iter().enumerate() {
            let Some(claim) = claim else { continue };
            let id = ClaimId((chunk * CHUNK + place) as u32);
            collector.push(claim.subject, ClaimEntry::of(id, claim));
        }
    });
    collector.finish()
}

impl Claims {
    /// Returns how many claims there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the id of the next claim.
    pub fn next(&self) -> ClaimId {
        ClaimId(self.next)
    }

    /// Returns a claim.
    pub fn get(&self, claim: ClaimId) -> Option<&ClaimRecord> {
        let record = self.chunks.get(claim.0 as usize / CHUNK)?.get(claim.0 as usize % CHUNK)?.as_ref();
        record.filter(|record| self.silenced.as_ref().is_none_or(|silenced| !silenced.contains(&record.source)))
    }

    /// Returns the lists, made if they are not yet.
    pub fn lists(&self) -> &ClaimLists {
        self.lists.get_or_init(|| listed(&self.chunks))
    }

    /// Says whether the lists say what the claims say.
    pub fn are_listed(&self) -> bool {
        self.lists().says_the_same(&listed(&self.chunks))
    }

    /// Returns the lists to change; they are those of the claims before the change.
    fn lists_mut(&mut self) -> &mut ClaimLists {
        self.lists();
        Arc::make_mut(&mut self.lists).get_mut().expect("they have just been made")
    }

    /// Adds a claim under an id that none has or had.
    pub fn put(&mut self, claim: ClaimId, record: ClaimRecord) {
        self.lists_mut().insert(record.subject, ClaimEntry::of(claim, &record));
        self.keep(claim, record);
    }

    /// Adds one of many claims: the lists are made anew when they are next asked for.
    pub fn append(&mut self, claim: ClaimId, record: ClaimRecord) {
        if self.lists.get().is_some() {
            self.lists = Arc::default();
        }
        self.keep(claim, record);
    }

    fn keep(&mut self, claim: ClaimId, record: ClaimRecord) {
        self.next = self.next.max(claim.0.saturating_add(1));
        let chunk = self.chunks.make_mut(claim.0 as usize / CHUNK);
        let place = claim.0 as usize % CHUNK;
        if chunk.len() <= place {
            chunk.resize(place + 1, None);
        }
        self.deprecated_at_most += u64::from(record.details.rank == Rank::Deprecated);
        chunk[place] = Some(record);
        self.count += 1;
    }

    /// Takes a claim out and returns it.
    pub fn take(&mut self, claim: ClaimId) -> Option<ClaimRecord> {
        self.get(claim)?;
        self.lists();
        let chunk = self.chunks.make_mut(claim.0 as usize / CHUNK);
        let record = chunk.get_mut(claim.0 as usize % CHUNK)?.take()?;
        self.lists_mut().remove(record.subject, claim);
        if record.details.rank == Rank::Deprecated {
            self.deprecated_at_most = self.deprecated_at_most.saturating_sub(1);
        }
        self.count -= 1;
        Some(record)
    }

    /// Returns what the lists say of the claims on a subject: those of existence first, then by property key, then by id.
    #[inline]
    pub fn entries(&self, subject: Subject) -> &[ClaimEntry] {
        if self.is_empty() { &[] } else { self.lists().of(subject) }
    }

    /// Returns what finds the claims on many elements.
    pub fn reader(&self) -> ClaimReader<'_> {
        ClaimReader::new((!self.is_empty()).then(|| self.lists()))
    }

    /// Returns the claims without those of some sources, which stay where they are kept and are only no longer found.
    pub fn without(&self, silenced: FxHashSet<NodeId>) -> Claims {
        let lists = self.lists().without(&silenced);
        let gone: u64 = silenced.iter().map(|source| self.count_of_source(*source)).sum();
        let count = self.count.saturating_sub(gone);
        Claims { count, silenced: Some(silenced.into()), lists: Arc::new(lists.into()), ..self.clone() }
    }

    /// Returns the claims on a subject: those of existence first, then by property key, then by id.
    pub fn of(&self, subject: Subject) -> impl Iterator<Item = ClaimId> + '_ {
        self.entries(subject).iter().map(|entry| entry.claim)
    }

    /// Returns the claims on a subject's property, or on its existence, by id.
    pub fn on(&self, subject: Subject, key: Option<PropertyKeyId>) -> impl Iterator<Item = ClaimId> + '_ {
        self.entries(subject).iter().filter(move |entry| entry.key == key).map(|entry| entry.claim)
    }

    /// Returns the claims of a source, by id.
    pub fn of_source(&self, source: NodeId) -> Vec<ClaimId> {
        let mut claims = Vec::new();
        if self.has_source(source) {
            self.lists().for_each_of(&|other| other == source, &mut |_, entries| {
                claims.extend(entries.iter().filter(|entry| entry.source == source).map(|entry| entry.claim));
            });
        }
        claims.sort_unstable();
        claims
    }

    /// Returns how many claims a source has.
    pub fn count_of_source(&self, source: NodeId) -> u64 {
        if self.has_source(source) { self.lists().count_of(source) } else { 0 }
    }

    fn has_source(&self, source: NodeId) -> bool {
        let mut from = (!self.is_empty()).then(|| self.lists().sources().iter_from(move |other| *other < source));
        from.as_mut().and_then(Iterator::next) == Some(&source)
    }

    /// Returns all claims in order of subject, existence before properties.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, Option<PropertyKeyId>, ClaimId)> + '_ {
        self.lists().iter().map(|(subject, entry)| (subject, entry.key, entry.claim))
    }

    /// Returns what claims speak of that are known to be wrong, in order, once for each.
    pub fn deprecated(&self) -> Vec<Subject> {
        if self.deprecated_at_most > 0 { self.lists().deprecated() } else { Vec::new() }
    }

    /// Says whether a claim is known to be wrong.
    pub fn has_deprecated(&self) -> bool {
        self.deprecated_at_most > 0 && self.lists().has_deprecated()
    }

    /// Returns the sources that have claims, ascending.
    pub fn sources(&self) -> Vec<NodeId> {
        if self.is_empty() { Vec::new() } else { self.lists().sources().iter().copied().collect() }
    }
}
