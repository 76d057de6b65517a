//! The claims that rows rest on: of each element those that say that it is there, and of what was read of it.
//!
//! Claims are looked up only when somebody asks for them, row by row.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::graph::{ClaimEntry, ClaimReader, LabelSetId, Particulars, PropertyKeyId, Snapshot};
use crate::knowledge::{ClaimId, ClaimState, Rank, Subject};
use crate::planner::logical::{Citation, KeysRead};
use crate::value::{NodeId, Value};

pub use super::evidence::{BatchEvidence, RowEvidence};

/// Up to how many elements are looked for one by one.
const FEW: usize = 24;

/// The last cited column whose reads are told apart; those behind it are taken together.
const LAST_PLACE: u32 = 63;

/// One claim that a row rests on, or the lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CitedClaim {
    /// What it is to the row.
    pub state: ClaimState,
    /// What it speaks of; nothing where nothing was found.
    pub subject: Option<Subject>,
    /// The property it speaks of; none where existence is.
    pub key: Option<PropertyKeyId>,
    /// The claim; none where there is none.
    pub claim: Option<ClaimId>,
    /// Whether only the fixed order chose its value among several.
    pub tie: bool,
    /// How many claims contradict the winner.
    pub disputed: usize,
}

impl CitedClaim {
    fn new(state: ClaimState) -> CitedClaim {
        CitedClaim { state, subject: None, key: None, claim: None, tie: false, disputed: 0 }
    }

    /// Returns a claim that says that its subject is there.
    fn existing(subject: Subject, entry: &ClaimEntry) -> CitedClaim {
        let (key, claim) = (entry.key, Some(entry.claim));
        CitedClaim { subject: Some(subject), key, claim, ..CitedClaim::new(ClaimState::Exists) }
    }

    /// Returns what says that nobody speaks of an element or of its property.
    fn unsourced(subject: Subject, key: Option<PropertyKeyId>) -> CitedClaim {
        CitedClaim { subject: Some(subject), key, ..CitedClaim::new(ClaimState::Unsourced) }
    }
}

/// Looks up the claims that rows rest on.
pub struct Citer<'a> {
    citation: &'a Citation,
    snapshot: &'a Snapshot,
    claims: ClaimReader<'a>,
    /// The property ids that each cited column reads, and those read of the ends of its relationships.
    keys: Vec<(Vec<PropertyKeyId>, Vec<PropertyKeyId>)>,
    /// Of which columns, and of the ends of which, properties are read by name.
    read_columns: Read,
    /// Whether claims that lost are told too.
    losers: bool,
    /// Which sources only derive what they say, as far as was asked.
    silent: RefCell<FxHashMap<NodeId, bool>>,
    /// The source that was asked for last: mostly it is the next one, too.
    last_source: Cell<Option<(NodeId, bool)>>,
    /// Which properties name the nodes of a label set for good, as far as was asked.
    naming: RefCell<FxHashMap<(LabelSetId, PropertyKeyId), bool>>,
    /// The properties of what is read together, as far as was asked.
    lists: RefCell<Vec<(Read, Rc<[PropertyKeyId]>)>>,
}

/// What is read of an element in a row: what the columns read in which it was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Read {
    /// Whether every property is.
    all: bool,
    /// A bit for each column that it was found in.
    columns: u64,
    /// A bit for each column in which a relationship at it was found.
    at_ends_of: u64,
}

impl Read {
    fn bit(place: usize) -> u64 {
        1 << (place as u32).min(LAST_PLACE)
    }
}

impl<'a> Citer<'a> {
    /// Returns what looks up claims in a graph; `losers` asks for the claims that do not win, too.
    pub fn new(citation: &'a Citation, snapshot: &'a Snapshot, losers: bool) -> Citer<'a> {
        let ids = |names: &std::collections::BTreeSet<SmolStr>| -> Vec<PropertyKeyId> {
            names.iter().filter_map(|name| snapshot.catalogue().property_key_id(name)).collect()
        };
        let keys = citation.slots.iter().map(|cited| {
            let KeysRead { keys, of_ends, .. } = &cited.keys;
            (ids(keys), ids(of_ends))
        });
        let keys: Vec<_> = keys.collect();
        Citer {
            citation,
            read_columns: read_columns(&keys),
            snapshot,
            claims: snapshot.claim_reader(),
            keys,
            losers,
            silent: RefCell::default(),
            last_source: Cell::default(),
            naming: RefCell::default(),
            lists: RefCell::default(),
        }
    }

    /// Appends the claims that a row rests on, up to so many, and last on how many more elements it rests, if it does.
    pub fn cite(&self, evidence: &RowEvidence, limit: usize, claims: &mut Vec<CitedClaim>) {
        claims.reserve(evidence.elements.len().min(limit));
        let elements = self.read_of(evidence);
        let mut cited = Cited { limit: claims.len() + limit, claims, cut: false };
        evidence.claims.iter().filter_map(|claim| self.as_given(*claim)).for_each(|claim| cited.push(claim));
        let ends = OnceCell::new();
        let supported = |node: NodeId| ends.get_or_init(|| self.supported_ends(&elements)).contains(&node);
        let mut looked_at = 0;
        for (subject, read) in &elements {
            if cited.cut {
                break;
            }
            self.cite_element(*subject, *read, &supported, &mut cited);
            looked_at += 1;
        }
        let all = evidence.total.unwrap_or(elements.len() + evidence.more).max(elements.len());
        let more = all - looked_at + usize::from(cited.cut);
        let is_empty = elements.is_empty() && evidence.claims.is_empty();
        let states = [
            (evidence.nothing_found, ClaimState::NothingFound),
            (self.citation.absence, ClaimState::Absence),
            (is_empty && !evidence.nothing_found && !self.citation.absence, ClaimState::Nothing),
            (evidence.uncounted || more > 0, ClaimState::More((!evidence.uncounted).then_some(more))),
        ];
        let hold = states.into_iter().filter(|(holds, _)| *holds);
        cited.claims.extend(hold.map(|(_, state)| CitedClaim::new(state)));
    }

    /// Returns a claim that a procedure gave, with what it is to its element.
    fn as_given(&self, claim: ClaimId) -> Option<CitedClaim> {
        let record = self.snapshot.claim_record(claim)?;
        let (subject, key) = (record.subject, record.stated.key());
        let entry =
            CitedClaim { subject: Some(subject), key, claim: Some(claim), ..CitedClaim::new(ClaimState::Exists) };
        let Some(key) = key else { return Some(entry) };
        let resolution = self.snapshot.resolution(subject, key);
        let state = match () {
            () if record.details.rank == Rank::Deprecated => ClaimState::Deprecated,
            () if resolution.winners.contains(&claim) => ClaimState::Winner,
            () if self.snapshot.citation(subject, key).contains(&claim) => ClaimState::Agrees,
            () => ClaimState::Loser,
        };
        Some(CitedClaim { state, tie: resolution.tie, ..entry })
    }

    /// Returns each element once, in order of appearance, with what is read of it.
    fn read_of(&self, evidence: &RowEvidence) -> Vec<(Subject, Read)> {
        let mut elements: Vec<(Subject, Read)> = Vec::with_capacity(evidence.elements.len());
        // Most rows rest on a few elements, which are found faster one by one.
        let are_few = evidence.elements.len() <= FEW;
        let room = if are_few { 0 } else { evidence.elements.len() };
        let mut places: FxHashMap<Subject, u32> = FxHashMap::with_capacity_and_hasher(room, FxBuildHasher);
        let mut read = |subject: Subject, read: Read| {
            let next = elements.len();
            let place = match are_few {
                true => elements.iter().position(|(known, _)| *known == subject).unwrap_or(next),
                false => *places.entry(subject).or_insert(next as u32) as usize,
            };
            if place == next {
                elements.push((subject, Read::default()));
            }
            let element = &mut elements[place].1;
            element.all |= read.all;
            element.columns |= read.columns;
            element.at_ends_of |= read.at_ends_of;
        };
        for (subject, place) in &evidence.elements {
            let Some(place) = place.map(|place| place as usize) else {
                read(*subject, Read { all: true, ..Read::default() });
                continue;
            };
            let all = self.citation.slots[place].keys.all;
            read(*subject, Read { all, columns: Read::bit(place), at_ends_of: 0 });
            // Of a walk only the relationships are kept; where none speaks of one, its ends speak for themselves.
            if let Subject::Relationship(relationship) = subject
                && (!self.keys[place].1.is_empty() || self.claims.entries(*subject).is_empty())
                && let Some(record) = self.snapshot.relationship(*relationship)
            {
                let of_end = Read { at_ends_of: Read::bit(place), ..Read::default() };
                read(Subject::Node(record.start), of_end);
                read(Subject::Node(record.end), of_end);
            }
        }
        elements
    }

    /// Returns the nodes that are there because a cited relationship at them is.
    fn supported_ends(&self, elements: &[(Subject, Read)]) -> FxHashSet<NodeId> {
        let relationships = elements.iter().filter_map(|(subject, _)| match subject {
            Subject::Relationship(relationship) => Some(*relationship),
            Subject::Node(_) => None,
        });
        let sourced = relationships.filter(|relationship| {
            let entries = self.claims.entries(Subject::Relationship(*relationship));
            entries.iter().any(|entry| self.supports(entry))
        });
        let records = sourced.filter_map(|relationship| self.snapshot.relationship(relationship));
        records.flat_map(|record| [record.start, record.end]).collect()
    }

    /// Says whether a claim by itself supports that its subject is there.
    fn supports(&self, entry: &ClaimEntry) -> bool {
        !entry.deprecated && !self.is_silent(entry.source)
    }

    /// Says whether what a source says never by itself supports that an element is there.
    fn is_silent(&self, source: NodeId) -> bool {
        if let Some((last, is_silent)) = self.last_source.get()
            && last == source
        {
            return is_silent;
        }
        let is_silent = *self.silent.borrow_mut().entry(source).or_insert_with(|| {
            let kind = Particulars::new(self.snapshot).kind(source);
            matches!(&kind, Value::String(kind) if self.snapshot.catalogue().schema().is_silent(kind))
        });
        self.last_source.set(Some((source, is_silent)));
        is_silent
    }

    fn cite_element(&self, subject: Subject, read: Read, supported: &dyn Fn(NodeId) -> bool, cited: &mut Cited<'_>) {
        let is_supported = || matches!(subject, Subject::Node(node) if supported(node));
        let entries = self.claims.entries(subject);
        if entries.is_empty() {
            match self.support(subject) {
                _ if is_supported() => {}
                Some(support) => cited.push(support),
                None => cited.push(CitedClaim::unsourced(subject, None)),
            }
            return;
        }
        if let [only] = entries
            && only.key.is_none()
            && !read.all
            && !self.reads_any(read)
            && self.supports(only)
        {
            return cited.push(CitedClaim::existing(subject, only));
        }
        let mut spoken = false;
        for entry in entries.iter().take_while(|entry| entry.key.is_none()).filter(|entry| !entry.deprecated) {
            spoken |= self.supports(entry);
            cited.push(CitedClaim::existing(subject, entry));
        }
        let mut cite = |key: PropertyKeyId| {
            if entries.iter().any(|entry| entry.key == Some(key)) {
                spoken |= self.cite_property(subject, key, entries, cited);
            } else if !self.names_element(subject, key) {
                cited.push(CitedClaim::unsourced(subject, Some(key)));
            }
        };
        match subject {
            Subject::Node(node) if read.all => {
                self.snapshot.node_properties(node).into_iter().for_each(|(key, _)| cite(key));
            }
            Subject::Relationship(relationship) if read.all => {
                self.snapshot.relationship_properties(relationship).into_iter().for_each(|(key, _)| cite(key));
            }
            _ if !self.reads_any(read) => {}
            _ => {
                let keys = self.keys_of(read);
                keys.iter().copied().filter(|key| self.snapshot.has_property(subject, *key)).for_each(cite);
            }
        }
        if !spoken
            && !is_supported()
            && let Some(support) = self.support(subject)
        {
            cited.push(support);
        }
    }

    /// Says whether any property is read by name.
    fn reads_any(&self, read: Read) -> bool {
        let of = &self.read_columns;
        read.columns & of.columns > 0 || read.at_ends_of & of.at_ends_of > 0
    }

    /// Says whether a property is what names an element for good: that is what claims are on, and needs none.
    fn names_element(&self, subject: Subject, key: PropertyKeyId) -> bool {
        let Subject::Node(node) = subject else { return false };
        let set = self.snapshot.label_set_of(node);
        let mut naming = self.naming.borrow_mut();
        *naming.entry((set, key)).or_insert_with(|| self.snapshot.names_element(subject, key))
    }

    /// Returns the properties that are read together, each once.
    fn keys_of(&self, read: Read) -> Rc<[PropertyKeyId]> {
        let mut lists = self.lists.borrow_mut();
        if let Some((_, keys)) = lists.iter().find(|(known, _)| *known == read) {
            return Rc::clone(keys);
        }
        let mut keys: Vec<PropertyKeyId> = Vec::new();
        for (place, (own, of_ends)) in self.keys.iter().enumerate() {
            let bit = Read::bit(place);
            let own = own.iter().filter(|_| read.columns & bit > 0);
            for key in own.chain(of_ends.iter().filter(|_| read.at_ends_of & bit > 0)) {
                if !keys.contains(key) {
                    keys.push(*key);
                }
            }
        }
        let keys: Rc<[PropertyKeyId]> = keys.into();
        lists.push((read, Rc::clone(&keys)));
        keys
    }

    /// Cites a property, of which there are claims; says whether one of them supports that the element is there.
    fn cite_property(
        &self,
        subject: Subject,
        key: PropertyKeyId,
        entries: &[ClaimEntry],
        cited: &mut Cited<'_>,
    ) -> bool {
        let entry =
            |state, claim| CitedClaim { subject: Some(subject), key: Some(key), claim, ..CitedClaim::new(state) };
        let on_key = || entries.iter().filter(|entry| entry.key == Some(key));
        if let (Some(only), None) = (on_key().next(), on_key().nth(1))
            && !only.deprecated
        {
            cited.push(entry(ClaimState::Winner, Some(only.claim)));
            return self.supports(only);
        }
        let claims = self.snapshot.citation(subject, key);
        let Some(winner) = claims.first().copied() else {
            cited.push(entry(ClaimState::Unsourced, None));
            return false;
        };
        let resolution = self.snapshot.resolution(subject, key);
        let others = || on_key().filter(|other| !claims.contains(&other.claim));
        let disputed = others().filter(|other| self.snapshot.contradicts(winner, other.claim)).count();
        for claim in &claims {
            let wins = resolution.winners.contains(claim);
            let state = if wins { ClaimState::Winner } else { ClaimState::Agrees };
            let tie = wins && resolution.tie;
            cited.push(CitedClaim { tie, disputed, ..entry(state, Some(*claim)) });
        }
        for other in others().filter(|_| self.losers) {
            let state = if other.deprecated { ClaimState::Deprecated } else { ClaimState::Loser };
            cited.push(CitedClaim { tie: resolution.tie, ..entry(state, Some(other.claim)) });
        }
        on_key().any(|entry| claims.contains(&entry.claim) && self.supports(entry))
    }

    /// Returns a claim that supports that an element is there, on itself or on a relationship at it.
    fn support(&self, subject: Subject) -> Option<CitedClaim> {
        let of = |subject: Subject| {
            let mut entries = self.claims.entries(subject).iter();
            entries.find(|entry| self.supports(entry)).map(|entry| CitedClaim::existing(subject, entry))
        };
        of(subject).or_else(|| match subject {
            Subject::Node(node) => {
                let at = self.snapshot.relationships_of(node);
                at.into_iter().find_map(|relationship| of(Subject::Relationship(relationship)))
            }
            Subject::Relationship(_) => None,
        })
    }
}

/// Returns of which columns, and of the ends of which, properties are read.
fn read_columns(keys: &[(Vec<PropertyKeyId>, Vec<PropertyKeyId>)]) -> Read {
    let bits = |is_read: &dyn Fn(usize) -> bool| {
        (0..keys.len()).filter(|place| is_read(*place)).fold(0, |bits, place| bits | Read::bit(place))
    };
    let (columns, at_ends_of) = (bits(&|place| !keys[place].0.is_empty()), bits(&|place| !keys[place].1.is_empty()));
    Read { all: false, columns, at_ends_of }
}

/// Claims, as many as are wanted.
struct Cited<'c> {
    claims: &'c mut Vec<CitedClaim>,
    /// How long the list may become.
    limit: usize,
    /// Whether some had no room.
    cut: bool,
}

impl Cited<'_> {
    fn push(&mut self, claim: CitedClaim) {
        if self.claims.len() < self.limit {
            self.claims.push(claim);
        } else {
            self.cut = true;
        }
    }
}
