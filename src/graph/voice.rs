//! In whose name a transaction writes: plainly, or as claims of a source.
//!
//! | writing | plainly | as claims of a source |
//! |---|---|---|
//! | a node or relationship is made | it is there, unsourced | and a claim of its existence, with its labels |
//! | a property is set | refused where it has claims | a claim in place of what the source stated of it so far |
//! | a property is taken away | refused where it has claims | the source's claims on it are retracted |
//! | a label is added | the label is there | the source's claim of existence states it |
//! | a label is removed | refused where a claim states it | the source's claim of existence states it no longer |
//! | an element is deleted | it goes with its claims | the source's claims on it go; it goes too where no claim is left |
//!
//! The property that names an element for good ([`Schema::key_of`](crate::knowledge::Schema::key_of)) is no claim: it is what claims are on. Where there are
//! any, nobody changes it.

use smol_str::SmolStr;

use crate::knowledge::{Claim, ClaimId, Statement, Subject};
use crate::value::{NodeId, Value};

use super::claims::Stated;
use super::error::GraphError;
use super::id::{LabelId, PropertyKeyId};
use super::snapshot::Snapshot;
use super::transaction::Transaction;

/// In whose name a transaction writes.
#[derive(Clone, Debug, Default)]
pub enum Voice {
    /// In nobody's: what is made is unsourced.
    #[default]
    Plain,
    /// In nobody's, where the graph demands sources: refused.
    Refused,
    /// As claims of a source.
    Source {
        /// The source's node.
        source: NodeId,
        /// The date that the claims hold for: a date, a partial date, or null.
        as_of: Value,
    },
}

impl Transaction {
    /// Chooses in whose name is written from now on.
    pub fn speak(&mut self, voice: Voice) {
        self.voice = voice;
    }

    /// Returns in whose name is written.
    pub fn voice(&self) -> &Voice {
        &self.voice
    }

    /// Refuses a write in nobody's name where the graph demands sources.
    pub(super) fn check_voice(&self) -> Result<(), GraphError> {
        if matches!(self.voice, Voice::Refused) { Err(GraphError::SourceRequired) } else { Ok(()) }
    }

    /// States that an element exists, a node with these labels, if a source speaks that has not stated so much yet.
    ///
    /// # Errors
    /// If the element is not in the graph.
    pub fn attest(&mut self, subject: Subject, labels: &[LabelId]) -> Result<(), GraphError> {
        let Voice::Source { source, .. } = self.voice else { return Ok(()) };
        let stated = self.stated_labels(subject, source);
        let names = self.label_names(labels);
        match stated {
            None => self.claim_existence(subject, names),
            Some(known) if names.iter().any(|name| !known.contains(name)) => {
                let missing: Vec<SmolStr> = names.into_iter().filter(|name| !known.contains(name)).collect();
                self.claim_existence(subject, known.into_iter().chain(missing).collect())
            }
            Some(_) => Ok(()),
        }
    }

    /// Sets a property as a claim, if a source speaks; says whether it did.
    pub(super) fn claim_property(
        &mut self,
        subject: Subject,
        key: PropertyKeyId,
        value: &Value,
    ) -> Result<bool, GraphError> {
        let Voice::Source { source, as_of } = self.voice.clone() else { return Ok(false) };
        if self.view().names_element(subject, key) {
            return Ok(false);
        }
        if value.is_null() {
            for claim in self.own_claims(subject, source, |stated| stated.key() == Some(key)) {
                self.retract_claim(claim)?;
            }
            return Ok(true);
        }
        let key = self.view().catalogue().property_key_name(key).clone();
        let mut claim = Claim::new(subject, Statement::Property { key, value: value.clone() }, source);
        claim.details.as_of = as_of;
        self.restate(claim)?;
        Ok(true)
    }

    /// States a label, or no longer, if a source speaks.
    pub(super) fn claim_label(&mut self, node: NodeId, label: LabelId, there: bool) -> Result<(), GraphError> {
        let Voice::Source { source, .. } = self.voice else { return Ok(()) };
        let subject = Subject::Node(node);
        if there {
            return self.attest(subject, &[label]);
        }
        let name = self.view().catalogue().label_name(label).clone();
        match self.stated_labels(subject, source) {
            Some(stated) if stated.contains(&name) => {
                self.claim_existence(subject, stated.into_iter().filter(|other| *other != name).collect())
            }
            _ => Ok(()),
        }
    }

    /// Says whether another source than the one that speaks states that a node has a label.
    pub(super) fn others_state_label(&self, node: NodeId, label: LabelId) -> bool {
        let Voice::Source { source, .. } = self.voice else { return false };
        let claims = self.view().claims_on(Subject::Node(node), None);
        claims.into_iter().filter_map(|claim| self.view().claim_record(claim)).any(|record| {
            record.source != source && matches!(&record.stated, Stated::Existence(labels) if labels.contains(&label))
        })
    }

    /// Retracts the claims on an element of the source that speaks. Says whether the element stays: nobody speaks, and it is to be deleted
    /// plainly, or no claim is left that says that it is there.
    pub(super) fn unclaim(&mut self, subject: Subject) -> Result<bool, GraphError> {
        let Voice::Source { source, .. } = self.voice else { return Ok(false) };
        let own = self.own_claims(subject, source, |_| true);
        let stated_any = !own.is_empty();
        for claim in own {
            self.retract_claim(claim)?;
        }
        let held = match subject {
            Subject::Node(node) => !self.view().relationships_of(node).is_empty(),
            Subject::Relationship(_) => false,
        };
        Ok(!stated_any || held || self.view().is_sourced(subject))
    }

    fn own_claims(&self, subject: Subject, source: NodeId, wanted: impl Fn(&Stated) -> bool) -> Vec<ClaimId> {
        let is_own = |claim: &ClaimId| {
            self.view().claim_record(*claim).is_some_and(|record| record.source == source && wanted(&record.stated))
        };
        self.view().claims_of(subject).into_iter().filter(is_own).collect()
    }

    /// Returns the labels that a source states of an element whose existence it states.
    fn stated_labels(&self, subject: Subject, source: NodeId) -> Option<Vec<SmolStr>> {
        let claims = self.own_claims(subject, source, |stated| stated.key().is_none());
        let record = self.view().claim_record(*claims.first()?)?;
        match &record.stated {
            Stated::Existence(labels) => Some(self.label_names(labels)),
            Stated::Property(..) => None,
        }
    }

    fn claim_existence(&mut self, subject: Subject, labels: Vec<SmolStr>) -> Result<(), GraphError> {
        let Voice::Source { source, as_of } = self.voice.clone() else { return Ok(()) };
        let mut claim = Claim::new(subject, Statement::Existence { labels }, source);
        claim.details.as_of = as_of;
        self.restate(claim).map(drop)
    }

    fn label_names(&self, labels: &[LabelId]) -> Vec<SmolStr> {
        labels.iter().map(|label| self.view().catalogue().label_name(*label).clone()).collect()
    }
}

impl Snapshot {
    /// Says whether a property is the one that names an element for good.
    pub fn names_element(&self, subject: Subject, key: PropertyKeyId) -> bool {
        let catalogue = self.catalogue();
        let (Subject::Node(node), name) = (subject, catalogue.property_key_name(key)) else { return false };
        let labels = self.labels(node).iter().map(|label| catalogue.label_name(*label));
        labels.into_iter().any(|label| catalogue.schema().key_of(label) == Some(name.as_str()))
    }
}
