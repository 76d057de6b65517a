//! What a row rests on: the elements in its hidden columns, and of each the claims that say it is there and what was read of it.
//!
//! Elements are taken from a batch while it leaves the plan; claims are looked up only when somebody asks for them, row by row.

use std::cell::{OnceCell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::function::ElementSet;
use crate::graph::{Particulars, PropertyKeyId, Snapshot};
use crate::knowledge::{ClaimId, ClaimState, Rank, Subject};
use crate::planner::logical::{Citation, KeysRead};
use crate::value::{NodeId, Value};
use crate::vector::{Batch, Slot};

/// Up to how many elements are looked for one by one.
const FEW: usize = 24;

/// The elements that a row rests on.
#[derive(Clone, Debug, Default)]
pub struct RowEvidence {
    /// Each element with the column that it was found in, by place among the cited ones; none where the row holds it whole.
    elements: Vec<(Subject, Option<u32>)>,
    /// The claims that a procedure says it rests on.
    claims: Vec<ClaimId>,
    /// Whether an OPTIONAL clause found nothing.
    nothing_found: bool,
    /// How many more elements there are than are held.
    more: usize,
    /// Whether there are more that nobody counted.
    uncounted: bool,
}

impl RowEvidence {
    /// Returns the memory that it takes, in bytes.
    pub fn size_bytes(&self) -> usize {
        let elements = self.elements.len() * size_of::<(Subject, Option<u32>)>();
        size_of::<RowEvidence>() + elements + self.claims.len() * size_of::<ClaimId>()
    }

    /// Takes the elements of a row: those in its hidden columns, and those that it returns whole.
    pub fn of_row(citation: &Citation, returned: &[Slot], batch: &Batch, row: usize) -> RowEvidence {
        let mut evidence = RowEvidence::default();
        for (place, cited) in citation.slots.iter().enumerate() {
            let Some(column) = batch.get(cited.slot) else { continue };
            let value = column.value(row);
            if cited.claims {
                let mut numbers = ElementSet::default();
                numbers.add(&value);
                evidence.claims.extend(numbers.numbers().map(ClaimId));
                evidence.more += usize::try_from(numbers.left_out()).unwrap_or(usize::MAX);
                continue;
            }
            let found = evidence.add(&value, Some(place as u32));
            evidence.nothing_found |= cited.optional && !found;
        }
        if let Some(looked_at) = &citation.rows
            && let Some(column) = batch.get(looked_at.count)
        {
            // A group of a key has rows; where none was found again, what it rests on is not known.
            let least = i64::from(looked_at.has_key);
            let is_whole = |count: i64| (least..looked_at.bound).contains(&count);
            evidence.uncounted = !matches!(column.value(row), Value::Integer(count) if is_whole(count));
        }
        for slot in returned {
            evidence.add(&batch.column(*slot).value(row), None);
        }
        evidence
    }

    fn add(&mut self, value: &Value, place: Option<u32>) -> bool {
        let before = self.elements.len();
        match value {
            Value::Node(node) => self.elements.push((Subject::Node(*node), place)),
            Value::Relationship(relationship) => self.elements.push((Subject::Relationship(*relationship), place)),
            Value::List(_) | Value::Map(_) | Value::Path(_) => {
                let mut set = ElementSet::default();
                set.add(value);
                self.elements.extend(set.nodes().map(|node| (Subject::Node(node), place)));
                let relationships = set.relationships().map(Subject::Relationship);
                self.elements.extend(relationships.map(|relationship| (relationship, place)));
                self.more += usize::try_from(set.left_out()).unwrap_or(usize::MAX);
            }
            _ => {}
        }
        self.elements.len() > before
    }
}

/// One claim that a row rests on, or the lack of one.
#[derive(Clone, Debug)]
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

/// Looks up the claims that rows rest on.
pub struct Citer<'a> {
    citation: &'a Citation,
    snapshot: &'a Snapshot,
    /// The property ids that each cited column reads, and those read of the ends of its relationships.
    keys: Vec<(Vec<PropertyKeyId>, Vec<PropertyKeyId>)>,
    /// Whether claims that lost are told too.
    losers: bool,
    /// Which sources only derive what they say, as far as was asked.
    silent: RefCell<FxHashMap<NodeId, bool>>,
}

/// What is read of an element in a row.
#[derive(Debug, Default)]
struct Read {
    all: bool,
    keys: Vec<PropertyKeyId>,
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
        Citer { citation, snapshot, keys: keys.collect(), losers, silent: RefCell::default() }
    }

    /// Returns the claims that a row rests on, up to so many, and on how many more elements it rests; nothing where they are not counted.
    pub fn claims(&self, evidence: &RowEvidence, limit: usize) -> (Vec<CitedClaim>, Option<usize>) {
        let elements = self.read_of(evidence);
        let mut cited = Cited { claims: Vec::new(), limit, cut: false };
        evidence.claims.iter().filter_map(|claim| self.as_given(*claim)).for_each(|claim| cited.push(claim));
        let ends = OnceCell::new();
        let supported = |node: NodeId| ends.get_or_init(|| self.supported_ends(&elements)).contains(&node);
        let mut looked_at = 0;
        for (subject, read) in &elements {
            if cited.cut {
                break;
            }
            self.cite_element(*subject, read, &supported, &mut cited);
            looked_at += 1;
        }
        let more = evidence.more + (elements.len() - looked_at) + usize::from(cited.cut);
        let is_empty = elements.is_empty() && evidence.claims.is_empty();
        let states = [
            (evidence.nothing_found, ClaimState::NothingFound),
            (self.citation.absence, ClaimState::Absence),
            (is_empty && !evidence.nothing_found && !self.citation.absence, ClaimState::Nothing),
        ];
        for (_, state) in states.into_iter().filter(|(holds, _)| *holds) {
            cited.claims.push(CitedClaim { state, subject: None, key: None, claim: None, tie: false, disputed: 0 });
        }
        (cited.claims, (!evidence.uncounted).then_some(more))
    }

    /// Returns a claim that a procedure gave, with what it is to its element.
    fn as_given(&self, claim: ClaimId) -> Option<CitedClaim> {
        let record = self.snapshot.claim_record(claim)?;
        let (subject, key) = (record.subject, record.stated.key());
        let entry = CitedClaim { subject: Some(subject), key, ..self.existing(subject, claim) };
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
        let mut places: FxHashMap<Subject, usize> = FxHashMap::default();
        let mut elements: Vec<(Subject, Read)> = Vec::new();
        // Most rows rest on a few elements, which are found faster one by one.
        let are_few = evidence.elements.len() <= FEW;
        let mut read = |subject: Subject, all: bool, keys: &[PropertyKeyId]| {
            let known = match are_few {
                true => elements.iter().position(|(known, _)| *known == subject),
                false => places.get(&subject).copied(),
            };
            let place = known.unwrap_or_else(|| {
                elements.push((subject, Read::default()));
                if !are_few {
                    places.insert(subject, elements.len() - 1);
                }
                elements.len() - 1
            });
            let element = &mut elements[place].1;
            element.all |= all;
            for key in keys {
                if !element.keys.contains(key) {
                    element.keys.push(*key);
                }
            }
        };
        for (subject, place) in &evidence.elements {
            let Some(place) = place.map(|place| place as usize) else {
                read(*subject, true, &[]);
                continue;
            };
            let (keys, of_ends) = &self.keys[place];
            read(*subject, self.citation.slots[place].keys.all, keys);
            // Of a walk only the relationships are kept; where none speaks of one, its ends speak for themselves.
            if let Subject::Relationship(relationship) = subject
                && (!of_ends.is_empty() || !self.snapshot.is_sourced(*subject))
                && let Some(record) = self.snapshot.relationship(*relationship)
            {
                read(Subject::Node(record.start), false, of_ends);
                read(Subject::Node(record.end), false, of_ends);
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
            self.snapshot.claims_of(Subject::Relationship(*relationship)).into_iter().any(|claim| self.supports(claim))
        });
        let records = sourced.filter_map(|relationship| self.snapshot.relationship(relationship));
        records.flat_map(|record| [record.start, record.end]).collect()
    }

    /// Says whether a claim by itself supports that its subject is there.
    fn supports(&self, claim: ClaimId) -> bool {
        self.snapshot
            .claim_record(claim)
            .is_some_and(|record| record.details.rank != Rank::Deprecated && !self.is_silent(record.source))
    }

    /// Says whether what a source says never by itself supports that an element is there.
    fn is_silent(&self, source: NodeId) -> bool {
        *self.silent.borrow_mut().entry(source).or_insert_with(|| {
            let kind = Particulars::new(self.snapshot).kind(source);
            matches!(&kind, Value::String(kind) if self.snapshot.catalogue().schema().is_silent(kind))
        })
    }

    fn cite_element(&self, subject: Subject, read: &Read, supported: &dyn Fn(NodeId) -> bool, cited: &mut Cited) {
        let is_supported = || matches!(subject, Subject::Node(node) if supported(node));
        let entry =
            |state, key, claim| CitedClaim { state, subject: Some(subject), key, claim, tie: false, disputed: 0 };
        let claims = self.snapshot.claims_of(subject);
        if claims.is_empty() {
            match self.support(subject) {
                _ if is_supported() => {}
                Some((at, claim)) => cited.push(CitedClaim { subject: Some(at), ..self.existing(at, claim) }),
                None => cited.push(entry(ClaimState::Unsourced, None, None)),
            }
            return;
        }
        let mut spoken = false;
        let mut keys_claimed: Vec<PropertyKeyId> = Vec::new();
        for claim in claims {
            let Some(record) = self.snapshot.claim_record(claim) else { continue };
            match record.stated.key() {
                Some(key) => keys_claimed.push(key),
                None if record.details.rank != Rank::Deprecated => {
                    spoken |= self.supports(claim);
                    cited.push(entry(ClaimState::Exists, None, Some(claim)));
                }
                None => {}
            }
        }
        for key in self.keys_of(subject, read) {
            match keys_claimed.contains(&key) {
                true => spoken |= self.cite_property(subject, key, cited),
                // What names an element for good is what claims are on, and needs none.
                false if self.snapshot.names_element(subject, key) => {}
                false => cited.push(entry(ClaimState::Unsourced, Some(key), None)),
            }
        }
        if !spoken
            && !is_supported()
            && let Some((at, claim)) = self.support(subject)
        {
            cited.push(CitedClaim { subject: Some(at), ..self.existing(at, claim) });
        }
    }

    /// Returns the properties read that the element has, in order of id.
    fn keys_of(&self, subject: Subject, read: &Read) -> Vec<PropertyKeyId> {
        if read.all {
            let properties = match subject {
                Subject::Node(node) => self.snapshot.node_properties(node),
                Subject::Relationship(relationship) => self.snapshot.relationship_properties(relationship),
            };
            return properties.into_iter().map(|(key, _)| key).collect();
        }
        let is_set = |key: &PropertyKeyId| {
            let value = match subject {
                Subject::Node(node) => self.snapshot.node_property(node, *key),
                Subject::Relationship(relationship) => self.snapshot.relationship_property(relationship, *key),
            };
            !value.is_null()
        };
        read.keys.iter().copied().filter(is_set).collect()
    }

    /// Cites a property; says whether one of its claims supports that the element is there.
    fn cite_property(&self, subject: Subject, key: PropertyKeyId, cited: &mut Cited) -> bool {
        let entry =
            |state, claim| CitedClaim { state, subject: Some(subject), key: Some(key), claim, tie: false, disputed: 0 };
        let claims = self.snapshot.citation(subject, key);
        let Some(winner) = claims.first().copied() else {
            cited.push(entry(ClaimState::Unsourced, None));
            return false;
        };
        let resolution = self.snapshot.resolution(subject, key);
        let others: Vec<ClaimId> =
            self.snapshot.claims_on(subject, Some(key)).into_iter().filter(|claim| !claims.contains(claim)).collect();
        let deprecated = |claim: &ClaimId| {
            self.snapshot.claim_record(*claim).is_none_or(|record| record.details.rank == Rank::Deprecated)
        };
        let disputed = others.iter().filter(|claim| self.snapshot.contradicts(winner, **claim)).count();
        for claim in &claims {
            let wins = resolution.winners.contains(claim);
            let state = if wins { ClaimState::Winner } else { ClaimState::Agrees };
            let tie = wins && resolution.tie;
            cited.push(CitedClaim { tie, disputed, ..entry(state, Some(*claim)) });
        }
        for claim in others.into_iter().filter(|_| self.losers) {
            let state = if deprecated(&claim) { ClaimState::Deprecated } else { ClaimState::Loser };
            cited.push(CitedClaim { tie: resolution.tie, ..entry(state, Some(claim)) });
        }
        claims.into_iter().any(|claim| self.supports(claim))
    }

    /// Returns a claim that supports that an element is there, on itself or on a relationship at it.
    fn support(&self, subject: Subject) -> Option<(Subject, ClaimId)> {
        let of = |subject: Subject| {
            let claims = self.snapshot.claims_of(subject);
            claims.into_iter().find(|claim| self.supports(*claim)).map(|claim| (subject, claim))
        };
        of(subject).or_else(|| match subject {
            Subject::Node(node) => {
                let at = self.snapshot.relationships_of(node);
                at.into_iter().find_map(|relationship| of(Subject::Relationship(relationship)))
            }
            Subject::Relationship(_) => None,
        })
    }

    fn existing(&self, subject: Subject, claim: ClaimId) -> CitedClaim {
        let key = self.snapshot.claim_record(claim).and_then(|record| record.stated.key());
        CitedClaim {
            state: ClaimState::Exists,
            subject: Some(subject),
            key,
            claim: Some(claim),
            tie: false,
            disputed: 0,
        }
    }
}

/// Claims, as many as are wanted.
struct Cited {
    claims: Vec<CitedClaim>,
    limit: usize,
    /// Whether some had no room.
    cut: bool,
}

impl Cited {
    fn push(&mut self, claim: CitedClaim) {
        if self.claims.len() < self.limit {
            self.claims.push(claim);
        } else {
            self.cut = true;
        }
    }
}
