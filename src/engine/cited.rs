//! Cited claims written out, and the support that an answer keeps so that it can be asked later why a row is there.

use smol_str::SmolStr;

use crate::executor::cite::{CitedClaim, Citer, RowEvidence};
use crate::graph::{Particulars, Snapshot};
use crate::knowledge::{ClaimRecord, ClaimState, Comparator, Statement, Subject};
use crate::planner::logical::Citation;
use crate::value::{ResultValue, Value};

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
        Some(claim_records(&citer, evidence, &self.snapshot))
    }
}

/// Returns the claims that a row rests on, written out; beyond a bound, how many more there are.
pub(super) fn claim_records(citer: &Citer<'_>, evidence: &RowEvidence, snapshot: &Snapshot) -> Vec<ClaimRecord> {
    let (cited, count) = citer.claims(evidence, CLAIMS_SHOWN);
    let left_off = count - cited.len();
    let mut records: Vec<ClaimRecord> = cited.iter().map(|claim| record(claim, snapshot)).collect();
    if left_off > 0 {
        records.push(ClaimRecord::new(ClaimState::More(left_off)));
    }
    records
}

fn record(cited: &CitedClaim, snapshot: &Snapshot) -> ClaimRecord {
    let mut record = ClaimRecord::new(cited.state);
    (record.tie, record.disputed) = (cited.tie, cited.disputed);
    let catalogue = snapshot.catalogue();
    record.element = cited.subject.map(|subject| snapshot.name_of(subject)).unwrap_or_default();
    record.property = cited.key.map(|key| catalogue.property_key_name(key).clone()).unwrap_or_default();
    let claim = cited.claim.and_then(|id| Some((id, snapshot.claim(id)?)));
    let Some((id, claim)) = claim else {
        if let (Some(subject), Some(key)) = (cited.subject, cited.key) {
            record.value = plain(&property(subject, key, snapshot), snapshot);
        }
        return record;
    };
    let particulars = Particulars::new(snapshot);
    record.claim = Some(id.0);
    record.value = match claim.statement {
        Statement::Property { value, .. } => plain(&value, snapshot),
        Statement::Existence { labels } if labels.is_empty() => ResultValue::Null,
        Statement::Existence { labels } => ResultValue::List(labels.into_iter().map(ResultValue::String).collect()),
    };
    record.source = text(&particulars.id(claim.source)).unwrap_or_else(|| node_id(claim.source));
    record.title = text(&particulars.title(claim.source)).unwrap_or_default();
    let details = claim.details;
    record.locator = details.locator;
    record.as_printed = details.as_printed;
    record.as_of = plain(&details.as_of, snapshot);
    record.rank = SmolStr::new_static(details.rank.name());
    record.attributed_to = details.attributed_to;
    record.unit = details.unit;
    if details.comparator != Comparator::Exact {
        record.comparator = SmolStr::new_static(details.comparator.name());
    }
    record.note = details.note;
    record
}

fn property(subject: Subject, key: crate::graph::PropertyKeyId, snapshot: &Snapshot) -> Value {
    match subject {
        Subject::Node(node) => snapshot.node_property(node, key),
        Subject::Relationship(relationship) => snapshot.relationship_property(relationship, key),
    }
}

fn plain(value: &Value, snapshot: &Snapshot) -> ResultValue {
    ResultValue::expand(value, &mut WrittenOut::new(snapshot)).unwrap_or_default()
}

fn text(value: &Value) -> Option<SmolStr> {
    match value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
