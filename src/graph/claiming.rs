//! Adding, retracting and reading claims.

use smol_str::SmolStr;

use crate::knowledge::{Claim, ClaimId, Rank, Resolution, Statement, Subject, compatible};
use crate::value::{NodeId, Value, equivalent};

use super::change::Change;
use super::claim_lists::{ClaimEntry, ClaimReader};
use super::claims::{ClaimRecord, Stated};
use super::error::GraphError;
use super::id::{LabelId, PropertyKeyId};
use super::snapshot::Snapshot;
use super::transaction::{Transaction, check_storable};
use super::voice::Voice;

/// A property on which claims disagree.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The element.
    pub subject: Subject,
    /// The property.
    pub key: PropertyKeyId,
    /// All claims on it, by id.
    pub claims: Vec<ClaimId>,
    /// Which of them wins, and why.
    pub resolution: Resolution,
}

impl Transaction {
    /// Adds a claim and settles what it bears on.
    ///
    /// # Errors
    /// If subject or source is not in the graph, or the value cannot be kept.
    pub fn add_claim(&mut self, claim: Claim) -> Result<ClaimId, GraphError> {
        let record = self.claim_as_kept(claim)?;
        let id = self.view().state.claims.next();
        self.put_claim(id, record)?;
        Ok(id)
    }

    /// Adds claims and settles what they bear on once all are there, which costs less than settling after each.
    ///
    /// # Errors
    /// As [`Transaction::add_claim`], of the first that is refused; the transaction is then to be given up.
    pub fn add_claims(&mut self, claims: impl IntoIterator<Item = Claim>) -> Result<(), GraphError> {
        let is_first = self.view().state.claims.is_empty();
        let mut stated: Vec<(Subject, PropertyKeyId, ClaimId)> = Vec::new();
        for claim in claims {
            let record = self.claim_as_kept(claim)?;
            self.check_claim(&record)?;
            let id = self.view().state.claims.next();
            stated.extend(record.stated.key().map(|key| (record.subject, key, id)));
            if self.keeps_changes() {
                self.record(Change::AddClaim { claim: id, record: Box::new(record.clone()) });
            }
            self.state().claims.append(id, record);
            self.counters_mut().claims_added += 1;
        }
        stated.sort_unstable();
        if is_first {
            self.state().settle_first(&stated);
            return Ok(());
        }
        let mut matters: Vec<(Subject, PropertyKeyId)> =
            stated.iter().map(|(subject, key, _)| (*subject, *key)).collect();
        matters.dedup();
        self.state().settle_matters(&matters);
        Ok(())
    }

    /// Returns a claim with ids for names.
    fn claim_as_kept(&mut self, claim: Claim) -> Result<ClaimRecord, GraphError> {
        let stated = match claim.statement {
            Statement::Existence { labels } => {
                let ids: Result<_, _> = labels.iter().map(|label| self.label(label)).collect();
                Stated::Existence(ids?)
            }
            Statement::Property { key, value } => Stated::Property(self.property_key(&key)?, value),
        };
        Ok(ClaimRecord { subject: claim.subject, stated, source: claim.source, details: claim.details })
    }

    fn check_claim(&self, record: &ClaimRecord) -> Result<(), GraphError> {
        match record.subject {
            Subject::Node(node) => self.check_node(node)?,
            Subject::Relationship(relationship) => self.check_relationship(relationship)?,
        }
        self.check_node(record.source)?;
        match &record.stated {
            Stated::Property(_, value) => check_storable(value),
            Stated::Existence(_) => Ok(()),
        }
    }

    /// Adds a claim in place of what its source has stated on the same matter so far.
    ///
    /// # Errors
    /// As [`Transaction::add_claim`].
    pub fn restate(&mut self, claim: Claim) -> Result<ClaimId, GraphError> {
        let key = match &claim.statement {
            Statement::Existence { .. } => None,
            Statement::Property { key, .. } => Some(self.property_key(key)?),
        };
        let earlier: Vec<ClaimId> = self
            .view()
            .claims_on(claim.subject, key)
            .into_iter()
            .filter(|id| self.view().claim_record(*id).is_some_and(|other| other.source == claim.source))
            .collect();
        for id in earlier {
            self.retract_claim(id)?;
        }
        self.add_claim(claim)
    }

    /// Takes a claim out and settles what it bore on.
    ///
    /// # Errors
    /// If there is no such claim.
    pub fn retract_claim(&mut self, id: ClaimId) -> Result<(), GraphError> {
        let state = self.state();
        let record = state.claims.take(id).ok_or(GraphError::NoSuchClaim(id.0))?;
        if let Some(key) = record.stated.key() {
            state.settle(record.subject, key);
        }
        self.counters_mut().claims_retracted += 1;
        self.record(Change::RetractClaim(id));
        Ok(())
    }

    /// Adds a claim under an id.
    pub(super) fn put_claim(&mut self, id: ClaimId, record: ClaimRecord) -> Result<(), GraphError> {
        self.check_claim(&record)?;
        let (subject, key) = (record.subject, record.stated.key());
        let state = self.state();
        state.claims.put(id, record.clone());
        if let Some(key) = key {
            state.settle(subject, key);
        }
        self.counters_mut().claims_added += 1;
        self.record(Change::AddClaim { claim: id, record: Box::new(record) });
        Ok(())
    }

    /// Refuses a plain write to a property that has claims, and another name for a node that claims are on.
    pub(super) fn check_unclaimed(
        &self,
        subject: Subject,
        key: PropertyKeyId,
        value: &Value,
    ) -> Result<(), GraphError> {
        let view = self.view();
        let claims = &view.state.claims;
        if claims.is_empty() {
            return Ok(());
        }
        let property = || view.catalogue().property_key_name(key).clone();
        if claims.on(subject, Some(key)).next().is_some() {
            return Err(GraphError::Claimed { property: property() });
        }
        let Subject::Node(node) = subject else { return Ok(()) };
        if !view.is_sourced(subject) || !view.names_element(subject, key) {
            return Ok(());
        }
        // What has no name yet is given its own; the same name once more changes nothing.
        let before = view.node_property(node, key);
        if before.is_null() || equivalent(&before, value) {
            return Ok(());
        }
        Err(GraphError::ClaimedName { property: property() })
    }

    /// Refuses to take away plainly a label that claims state.
    pub(super) fn check_label_unclaimed(&self, node: NodeId, label: LabelId) -> Result<(), GraphError> {
        let view = self.view();
        if !matches!(self.voice(), Voice::Plain) || view.state.claims.is_empty() {
            return Ok(());
        }
        let claims = view.claims_on(Subject::Node(node), None);
        let states = |claim: ClaimId| {
            let record = view.claim_record(claim);
            record.is_some_and(|record| matches!(&record.stated, Stated::Existence(labels) if labels.contains(&label)))
        };
        match claims.into_iter().any(states) {
            true => Err(GraphError::ClaimedLabel { label: view.catalogue().label_name(label).clone() }),
            false => Ok(()),
        }
    }
}

impl Snapshot {
    /// Returns how many claims count here.
    pub fn claim_count(&self) -> usize {
        self.state.claims.len()
    }

    /// Returns a claim as the graph keeps it.
    pub fn claim_record(&self, claim: ClaimId) -> Option<&ClaimRecord> {
        self.state.claims.get(claim)
    }

    /// Returns a claim with names for ids.
    pub fn claim(&self, claim: ClaimId) -> Option<Claim> {
        let record = self.claim_record(claim)?;
        let statement = match &record.stated {
            Stated::Existence(labels) => {
                let names = labels.iter().map(|label| self.catalogue().label_name(*label).clone());
                Statement::Existence { labels: names.collect::<Vec<SmolStr>>() }
            }
            Stated::Property(key, value) => {
                Statement::Property { key: self.catalogue().property_key_name(*key).clone(), value: value.clone() }
            }
        };
        let (subject, source, details) = (record.subject, record.source, record.details.clone());
        Some(Claim { subject, statement, source, details })
    }

    /// Returns the claims on an element: those of existence first, then by property key, then by id.
    pub fn claims_of(&self, subject: Subject) -> Vec<ClaimId> {
        self.state.claims.of(subject).collect()
    }

    /// Returns what is told of each claim on an element without reading it, in the order of [`Snapshot::claims_of`].
    #[inline]
    pub fn claim_entries(&self, subject: Subject) -> &[ClaimEntry] {
        self.state.claims.entries(subject)
    }

    /// Returns what tells of the claims on many elements as [`Snapshot::claim_entries`] does of one.
    pub fn claim_reader(&self) -> ClaimReader<'_> {
        self.state.claims.reader()
    }

    /// Returns the claims on an element's property, or on its existence where no key is given, by id.
    pub fn claims_on(&self, subject: Subject, key: Option<PropertyKeyId>) -> Vec<ClaimId> {
        self.state.claims.on(subject, key).collect()
    }

    /// Returns the claims of a source, by id.
    pub fn claims_by_source(&self, source: NodeId) -> Vec<ClaimId> {
        self.state.claims.of_source(source)
    }

    /// Returns how many claims a source has.
    pub fn count_claims_by_source(&self, source: NodeId) -> u64 {
        self.state.claims.count_of_source(source)
    }

    /// Returns the sources that have claims, ascending.
    pub fn claiming_sources(&self) -> Vec<NodeId> {
        self.state.claims.sources()
    }

    /// Says whether any claim speaks of an element.
    pub fn is_sourced(&self, subject: Subject) -> bool {
        self.state.claims.of(subject).next().is_some()
    }

    /// Returns which claims on a property win, and why.
    pub fn resolution(&self, subject: Subject, key: PropertyKeyId) -> Resolution {
        self.state.resolution(subject, key, self.state.rule)
    }

    /// Returns the claims that state the value that a property has, each winner before those that agree with it; none where it is unsourced.
    pub fn citation(&self, subject: Subject, key: PropertyKeyId) -> Vec<ClaimId> {
        let mut cited = self.resolution(subject, key).winners;
        let winning: Vec<&Value> = cited.iter().filter_map(|claim| self.state.claimed_value(*claim)).collect();
        let agrees = |claim: &ClaimId| {
            let record = self.claim_record(*claim).filter(|record| record.details.rank != Rank::Deprecated);
            let value = record.and_then(|_| self.state.claimed_value(*claim));
            value.is_some_and(|value| winning.iter().any(|winner| equivalent(winner, value)))
        };
        let others: Vec<ClaimId> =
            self.state.claims.on(subject, Some(key)).filter(|claim| !cited.contains(claim) && agrees(claim)).collect();
        cited.extend(others);
        cited
    }

    /// Says whether two claims on a property cannot both be true, as far as can be told from them. A deprecated claim contradicts none.
    ///
    /// Values that differ only in how precise they are do not; nor do those of a property that has many values, or of one whose values are
    /// variants of wording.
    pub fn contradicts(&self, one: ClaimId, other: ClaimId) -> bool {
        let stated = |claim: ClaimId| {
            let record = self.claim_record(claim).filter(|record| record.details.rank != Rank::Deprecated)?;
            Some((record.stated.key()?, (self.state.claimed_value(claim)?, record.details.comparator)))
        };
        let (Some((key, one)), Some((_, other))) = (stated(one), stated(other)) else { return false };
        let declared = self.catalogue().schema().properties.get(self.catalogue().property_key_name(key).as_str());
        !declared.is_some_and(|declared| declared.many || declared.variant) && !compatible(one, other)
    }

    /// Returns the properties on which claims that are not deprecated disagree, in order of element.
    pub fn conflicts(&self) -> Vec<Conflict> {
        self.conflicts_among(self.state.claims.lists().contested())
    }

    /// Returns the properties of one element on which claims that are not deprecated disagree.
    pub fn conflicts_of(&self, subject: Subject) -> Vec<Conflict> {
        let matters = self.claim_entries(subject).chunk_by(|one, other| one.key == other.key);
        let claims = |matter: &[ClaimEntry]| matter.iter().map(|entry| entry.claim).collect();
        self.conflicts_among(matters.filter_map(|matter| Some((subject, matter[0].key?, claims(matter)))))
    }

    fn conflicts_among(
        &self,
        matters: impl IntoIterator<Item = (Subject, PropertyKeyId, Vec<ClaimId>)>,
    ) -> Vec<Conflict> {
        let mut conflicts: Vec<Conflict> = Vec::new();
        for (subject, key, claims) in matters {
            let pairs = claims
                .iter()
                .enumerate()
                .flat_map(|(place, one)| claims[place + 1..].iter().map(move |other| (*one, *other)));
            if !pairs.into_iter().any(|(one, other)| self.contradicts(one, other)) {
                continue;
            }
            let resolution = self.resolution(subject, key);
            conflicts.push(Conflict { subject, key, claims, resolution });
        }
        conflicts
    }
}
