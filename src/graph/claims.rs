//! Claims: kept by slot, and in lists by subject and by source.
//!
//! A claim's slot is never used again: what was cited stays what it was. The lists are made from the claims when they are first asked for.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use crate::knowledge::{ClaimDetails, ClaimId, Rank, Subject};
use crate::value::{NodeId, Value};

use super::chunk_list::ChunkList;
use super::claim_lists::{ClaimCollector, ClaimEntry, ClaimsBySubject};
use super::id::{LabelId, PropertyKeyId};
use super::ordered_set::OrderedSet;

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
    lists: Arc<OnceLock<ClaimLists>>,
}

/// Claims in the orders in which they are asked for.
#[derive(Clone, Debug, Default)]
struct ClaimLists {
    by_subject: ClaimsBySubject,
    by_source: OrderedSet<(NodeId, ClaimId)>,
    /// Those that are known to be wrong, with what they speak of.
    deprecated: OrderedSet<(Subject, ClaimId)>,
}

impl ClaimLists {
    fn of(chunks: &ChunkList<Vec<Option<ClaimRecord>>>) -> ClaimLists {
        let (mut by_subject, mut by_source, mut deprecated) = (ClaimCollector::default(), Vec::new(), Vec::new());
        chunks.for_each_passing(|chunk, claims| {
            for (place, claim) in claims.iter().enumerate() {
                let Some(claim) = claim else { continue };
                let id = ClaimId((chunk * CHUNK + place) as u32);
                let entry = ClaimEntry::of(id, claim);
                by_subject.push(claim.subject, entry);
                by_source.push((claim.source, id));
                if entry.deprecated {
                    deprecated.push((claim.subject, id));
                }
            }
        });
        by_source.sort_unstable();
        deprecated.sort_unstable();
        ClaimLists {
            by_subject: by_subject.finish(),
            by_source: OrderedSet::from_sorted(by_source),
            deprecated: OrderedSet::from_sorted(deprecated),
        }
    }
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

    fn lists(&self) -> &ClaimLists {
        self.lists.get_or_init(|| ClaimLists::of(&self.chunks))
    }

    /// Returns the lists to change; they are those of the claims before the change.
    fn lists_mut(&mut self) -> &mut ClaimLists {
        self.lists();
        Arc::make_mut(&mut self.lists).get_mut().expect("they have just been made")
    }

    /// Adds a claim under an id that none has or had.
    pub fn put(&mut self, claim: ClaimId, record: ClaimRecord) {
        let lists = self.lists_mut();
        lists.by_subject.insert(record.subject, ClaimEntry::of(claim, &record));
        lists.by_source.insert((record.source, claim));
        if record.details.rank == Rank::Deprecated {
            lists.deprecated.insert((record.subject, claim));
        }
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
        let lists = self.lists_mut();
        lists.by_subject.remove(record.subject, claim);
        lists.by_source.remove(&(record.source, claim));
        if record.details.rank == Rank::Deprecated {
            lists.deprecated.remove(&(record.subject, claim));
            self.deprecated_at_most = self.deprecated_at_most.saturating_sub(1);
        }
        self.count -= 1;
        Some(record)
    }

    /// Returns what the lists say of the claims on a subject: those of existence first, then by property key, then by id.
    #[inline]
    pub fn entries(&self, subject: Subject) -> &[ClaimEntry] {
        if self.is_empty() { &[] } else { self.lists().by_subject.of(subject) }
    }

    /// Returns the claims without those of some sources, which stay where they are kept and are only no longer found.
    pub fn without(&self, silenced: FxHashSet<NodeId>) -> Claims {
        let lists = self.lists();
        let kept = |source: &NodeId| !silenced.contains(source);
        let by_source: Vec<(NodeId, ClaimId)> =
            lists.by_source.iter().filter(|(source, _)| kept(source)).copied().collect();
        let count = by_source.len() as u64;
        let is_kept = |claim: &ClaimId| self.get(*claim).is_some_and(|record| kept(&record.source));
        let lists = ClaimLists {
            by_subject: lists.by_subject.without(|entry| !kept(&entry.source)),
            by_source: OrderedSet::from_sorted(by_source),
            deprecated: OrderedSet::from_sorted(
                lists.deprecated.iter().filter(|(_, claim)| is_kept(claim)).copied().collect(),
            ),
        };
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
    pub fn of_source(&self, source: NodeId) -> impl Iterator<Item = ClaimId> + '_ {
        let own = self.lists().by_source.iter_from(move |entry| entry.0 < source);
        own.take_while(move |entry| entry.0 == source).map(|entry| entry.1)
    }

    /// Returns all claims in order of subject, existence before properties.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, Option<PropertyKeyId>, ClaimId)> + '_ {
        self.all_entries().map(|(subject, entry)| (subject, entry.key, entry.claim))
    }

    /// Returns what the lists say of all claims, in the order of [`Claims::iter`].
    pub fn all_entries(&self) -> impl Iterator<Item = (Subject, ClaimEntry)> + '_ {
        self.lists().by_subject.iter()
    }

    /// Returns what claims speak of that are known to be wrong, in order, once for each.
    pub fn deprecated(&self) -> impl Iterator<Item = Subject> + '_ {
        let all = (self.deprecated_at_most > 0).then(|| self.lists().deprecated.iter().map(|(subject, _)| *subject));
        all.into_iter().flatten()
    }

    /// Returns the sources that have claims, ascending.
    pub fn sources(&self) -> Vec<NodeId> {
        let by_source = &self.lists().by_source;
        let mut sources = Vec::new();
        let mut next = by_source.iter().next().map(|entry| entry.0);
        while let Some(source) = next {
            sources.push(source);
            // From one source to the next, over all claims between.
            next = by_source.iter_from(move |entry| entry.0 <= source).next().map(|entry| entry.0);
        }
        sources
    }
}
