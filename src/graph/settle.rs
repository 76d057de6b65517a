//! Settling: what the claims on a matter add up to, written into the ordinary columns.

use crate::knowledge::{
    ClaimId, ClaimRule, Evidence, Rank, Reason, Resolution, Subject, days_meant, last_day, resolve,
};
use crate::value::order::order;
use crate::value::{NodeId, Value, equivalent};

use super::claims::Stated;
use super::id::PropertyKeyId;
use super::state::State;

impl State {
    /// Returns the key of the property that holds a source's date of publication.
    pub fn publication_key(&self) -> Option<PropertyKeyId> {
        let source = self.catalogue.schema().source.as_ref()?;
        self.catalogue.property_key_id(&source.date)
    }

    /// Returns the last day of a source's publication, as days since 1970-01-01.
    pub fn published(&self, source: NodeId) -> Option<i64> {
        last_day(&self.node_columns.value(self.publication_key()?, source.0))
    }

    /// Says whether a property has several values at once.
    pub fn is_many(&self, key: PropertyKeyId) -> bool {
        self.catalogue.schema().is_many(self.catalogue.property_key_name(key))
    }

    /// Resolves the claims on a subject's property.
    pub fn resolution(&self, subject: Subject, key: PropertyKeyId, rule: ClaimRule) -> Resolution {
        self.resolution_of(self.claims.on(subject, Some(key)).collect(), key, rule)
    }

    /// Resolves claims that are all there are on a subject's property, by id.
    fn resolution_of(&self, claims: Vec<ClaimId>, key: PropertyKeyId, rule: ClaimRule) -> Resolution {
        if let [only] = claims.as_slice() {
            // Most matters have one claim; nothing is to be weighed.
            let winners = if self.is_deprecated(*only) { Vec::new() } else { claims };
            return Resolution { winners, tie: false, reason: Reason::OnlyValue };
        }
        let mut values: Vec<&Value> = claims.iter().filter_map(|claim| self.claimed_value(*claim)).collect();
        values.sort_by(|lhs, rhs| order(lhs, rhs));
        values.dedup_by(|lhs, rhs| equivalent(lhs, rhs));
        let evidence: Vec<Evidence> = claims
            .iter()
            .filter_map(|id| {
                let claim = self.claims.get(*id)?;
                let own = self.claimed_value(*id)?;
                Some(Evidence {
                    claim: *id,
                    rank: claim.details.rank,
                    as_of: last_day(&claim.details.as_of),
                    published: self.published(claim.source),
                    value: values.partition_point(|value| order(value, own).is_lt()),
                    days: days_meant(own),
                })
            })
            .collect();
        resolve(&evidence, rule, self.is_many(key))
    }

    /// Returns the value that a claim states of a property.
    pub fn claimed_value(&self, claim: ClaimId) -> Option<&Value> {
        match &self.claims.get(claim)?.stated {
            Stated::Property(_, value) => Some(value),
            Stated::Existence(_) => None,
        }
    }

    /// Returns the value that winners add up to: theirs, or the list of theirs, always of a property that has many values.
    fn settled_value(&self, winners: &[ClaimId], many: bool, rule: ClaimRule) -> Value {
        if winners.is_empty() {
            return Value::Null;
        }
        let mut values = winners.iter().filter_map(|claim| self.claimed_value(*claim)).cloned();
        if !many && rule != ClaimRule::All {
            return values.next().unwrap_or_default();
        }
        // A claim may state several values of a many-valued property at once.
        let mut all: Vec<Value> = Vec::new();
        for value in values {
            match value {
                Value::List(items) if many => all.extend(items.iter().cloned()),
                value => all.push(value),
            }
        }
        all.sort_by(order);
        all.dedup_by(|lhs, rhs| equivalent(lhs, rhs));
        Value::list(all)
    }

    /// Writes what the claims on a subject's property add up to, and settles anew what a changed date of publication bears on.
    pub fn settle(&mut self, subject: Subject, key: PropertyKeyId) {
        let before = self.subject_value(subject, key);
        self.settle_alone(subject, key);
        if let Subject::Node(node) = subject
            && self.publication_key() == Some(key)
            && !equivalent(&before, &self.subject_value(subject, key))
        {
            self.settle_source(node);
        }
    }

    /// Settles all that a source speaks of, because its date has changed.
    pub fn settle_source(&mut self, source: NodeId) {
        for claim in self.claims.of_source(source) {
            let matter = self.claims.get(claim).and_then(|claim| Some((claim.subject, claim.stated.key()?)));
            if let Some((subject, key)) = matter {
                self.settle_alone(subject, key);
            }
        }
    }

    /// Settles everything, because the schema has changed.
    pub fn settle_all(&mut self) {
        let mut matters: Vec<(Subject, PropertyKeyId)> =
            self.claims.iter().filter_map(|(subject, key, _)| Some((subject, key?))).collect();
        matters.dedup();
        matters.into_iter().for_each(|(subject, key)| self.settle_alone(subject, key));
    }

    /// Settles many matters, given in order; dates of publication first, since they decide others.
    pub fn settle_matters(&mut self, matters: &[(Subject, PropertyKeyId)]) {
        let date = self.publication_key();
        let (dates, others): (Vec<_>, Vec<_>) = matters.iter().copied().partition(|(_, key)| date == Some(*key));
        let mut redated: Vec<NodeId> = Vec::new();
        for (subject, key) in dates {
            let before = self.subject_value(subject, key);
            self.settle_alone(subject, key);
            if let Subject::Node(source) = subject
                && !equivalent(&before, &self.subject_value(subject, key))
            {
                redated.push(source);
            }
        }
        others.into_iter().for_each(|(subject, key)| self.settle_alone(subject, key));
        // What the sources with other dates said before is not among the matters given.
        for source in redated {
            for claim in self.claims.of_source(source) {
                let matter = self.claims.get(claim).and_then(|claim| Some((claim.subject, claim.stated.key()?)));
                if let Some(matter) = matter.filter(|matter| matters.binary_search(matter).is_err()) {
                    self.settle_alone(matter.0, matter.1);
                }
            }
        }
    }

    /// Settles matters of which all claims are given, in order, because there was no claim before; dates of publication first.
    pub fn settle_first(&mut self, claims: &[(Subject, PropertyKeyId, ClaimId)]) {
        let date = self.publication_key();
        let keys = claims.iter().map(|(_, key, _)| key.0 as usize + 1).max().unwrap_or(0);
        let many: Vec<bool> = (0..keys as u32).map(|key| self.is_many(PropertyKeyId(key))).collect();
        for are_dates in [true, false] {
            let matters = claims.chunk_by(|lhs, rhs| (lhs.0, lhs.1) == (rhs.0, rhs.1));
            for matter in matters.filter(|matter| (date == Some(matter[0].1)) == are_dates) {
                let (subject, key, first) = matter[0];
                let many = many[key.0 as usize];
                let value = if matter.len() == 1 {
                    let winners = if self.is_deprecated(first) { &[][..] } else { &[first] };
                    self.settled_value(winners, many, self.rule)
                } else {
                    let own = matter.iter().map(|(.., claim)| *claim).collect();
                    self.settled_value(&self.resolution_of(own, key, self.rule).winners, many, self.rule)
                };
                self.write_subject(subject, key, value);
            }
        }
    }

    fn is_deprecated(&self, claim: ClaimId) -> bool {
        self.claims.get(claim).is_none_or(|claim| claim.details.rank == Rank::Deprecated)
    }

    fn settle_alone(&mut self, subject: Subject, key: PropertyKeyId) {
        let resolution = self.resolution(subject, key, self.rule);
        let value = self.settled_value(&resolution.winners, self.is_many(key), self.rule);
        self.write_subject(subject, key, value);
    }

    /// Returns the value that a subject's property has.
    pub fn subject_value(&self, subject: Subject, key: PropertyKeyId) -> Value {
        match subject {
            Subject::Node(node) => self.node_columns.value(key, node.0),
            Subject::Relationship(relationship) => self.relationship_columns.value(key, relationship.0),
        }
    }

    fn write_subject(&mut self, subject: Subject, key: PropertyKeyId, value: Value) {
        match subject {
            Subject::Node(node) => self.set_node_value(node, key, value),
            Subject::Relationship(relationship) => self.set_relationship_value(relationship, key, value),
        };
    }

    /// Takes out all claims on a subject, and all that it makes if it is a source.
    pub fn drop_claims(&mut self, subject: Subject) {
        if self.claims.is_empty() {
            return;
        }
        let own: Vec<ClaimId> = self.claims.of(subject).collect();
        for claim in own {
            self.claims.take(claim);
        }
        let Subject::Node(source) = subject else {
            return;
        };
        for claim in self.claims.of_source(source) {
            let matter = self.claims.take(claim).and_then(|claim| Some((claim.subject, claim.stated.key()?)));
            if let Some((subject, key)) = matter {
                self.settle_alone(subject, key);
            }
        }
    }
}
