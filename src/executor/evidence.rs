//! What a row rests on: the elements in its hidden columns, taken while its batch leaves the plan.

use crate::function::ElementSet;
use crate::knowledge::{ClaimId, Subject};
use crate::planner::logical::Citation;
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Batch, Column, NO_ID, Slot};

/// The elements that a row rests on.
#[derive(Clone, Debug, Default)]
pub struct RowEvidence {
    /// Each element with the column that it was found in, by place among the cited ones; none where the row holds it whole.
    pub(super) elements: Vec<(Subject, Option<u32>)>,
    /// The claims that a procedure says it rests on.
    pub(super) claims: Vec<ClaimId>,
    /// Whether an OPTIONAL clause found nothing.
    pub(super) nothing_found: bool,
    /// How many more elements there are than are held, as its columns say, each for itself.
    pub(super) more: usize,
    /// How many there are in all columns, where that was counted.
    pub(super) total: Option<usize>,
    /// Whether there are more that nobody counted.
    pub(super) uncounted: bool,
}

/// The columns of a batch that say what its rows rest on.
pub struct BatchEvidence<'b> {
    citation: &'b Citation,
    cited: Vec<Option<&'b Column>>,
    /// Those that may hold elements which the row returns whole.
    returned: Vec<&'b Column>,
    /// How many rows of a group were looked at.
    looked_at: Option<&'b Column>,
    /// On how many elements each row rests, where that was counted.
    total: Option<&'b Column>,
}

impl<'b> BatchEvidence<'b> {
    /// Returns the columns that are cited, and those that are returned.
    pub fn of(citation: &'b Citation, returned: &[Slot], batch: &'b Batch) -> BatchEvidence<'b> {
        let cited = citation.slots.iter().map(|cited| batch.get(cited.slot).map(|column| &**column)).collect();
        let holds_elements = |column: &&Column| {
            let is_run = matches!(column, Column::NodeRun(_) | Column::RelationshipRun(_));
            is_run
                || matches!(column, Column::Node(_) | Column::Relationship(_) | Column::Any(_) | Column::Constant(..))
        };
        let returned = returned.iter().map(|slot| &**batch.column(*slot)).filter(holds_elements).collect();
        let looked_at = citation.rows.as_ref().and_then(|rows| batch.get(rows.count)).map(|column| &**column);
        let total = citation.total.and_then(|slot| batch.get(slot)).map(|column| &**column);
        BatchEvidence { citation, cited, returned, looked_at, total }
    }

    /// Takes the elements of a row: those in its hidden columns, and those that it returns whole.
    pub fn row(&self, row: usize) -> RowEvidence {
        let elements = Vec::with_capacity(self.cited.len() + self.returned.len());
        let mut evidence = RowEvidence { elements, ..RowEvidence::default() };
        for (place, (cited, column)) in self.citation.slots.iter().zip(&self.cited).enumerate() {
            let Some(column) = column else { continue };
            if cited.claims {
                let mut numbers = ElementSet::default();
                numbers.add(&column.value(row));
                evidence.claims.extend(numbers.numbers().map(ClaimId));
                evidence.more += usize::try_from(numbers.left_out()).unwrap_or(usize::MAX);
                continue;
            }
            let found = evidence.add(column, row, Some(place as u32));
            evidence.nothing_found |= cited.optional && !found;
        }
        if let (Some(rows), Some(column)) = (&self.citation.rows, self.looked_at) {
            // A group of a key has rows; where none was found again, what it rests on is not known.
            let least = i64::from(rows.has_key);
            let is_whole = |count: i64| (least..rows.bound).contains(&count);
            evidence.uncounted = !matches!(column.value(row), Value::Integer(count) if is_whole(count));
        }
        if let Some(Value::Integer(total)) = self.total.map(|column| column.value(row)) {
            evidence.total = usize::try_from(total).ok();
        }
        for column in &self.returned {
            evidence.add(column, row, None);
        }
        evidence
    }
}

impl RowEvidence {
    /// Returns the memory that it takes, in bytes.
    pub fn size_bytes(&self) -> usize {
        let elements = self.elements.len() * size_of::<(Subject, Option<u32>)>();
        size_of::<RowEvidence>() + elements + self.claims.len() * size_of::<ClaimId>()
    }

    /// Adds the elements in a row of a column; says whether there is one.
    fn add(&mut self, column: &Column, row: usize, place: Option<u32>) -> bool {
        let subject = match column {
            Column::Node(ids) if ids[row] != NO_ID => Subject::Node(NodeId(ids[row])),
            Column::Relationship(ids) if ids[row] != NO_ID => Subject::Relationship(RelationshipId(ids[row])),
            Column::NodeRun(run) => Subject::Node(NodeId(run.start + row as u32)),
            Column::RelationshipRun(run) => Subject::Relationship(RelationshipId(run.start + row as u32)),
            Column::Any(values) => return self.add_value(&values[row], place),
            Column::Constant(value, _) => return self.add_value(value, place),
            _ => return false,
        };
        self.elements.push((subject, place));
        true
    }

    fn add_value(&mut self, value: &Value, place: Option<u32>) -> bool {
        let before = self.elements.len();
        match value {
            Value::Node(node) => self.elements.push((Subject::Node(*node), place)),
            Value::Relationship(relationship) => self.elements.push((Subject::Relationship(*relationship), place)),
            // What was gathered over a group needs no set again.
            Value::List(items) if are_ascending(items) => {
                self.elements.extend(items.iter().filter_map(element_of).map(|subject| (subject, place)));
                if let Some(Value::Map(_)) = items.last() {
                    let mut rest = ElementSet::default();
                    items.last().into_iter().for_each(|more| rest.add(more));
                    self.more += usize::try_from(rest.left_out()).unwrap_or(usize::MAX);
                }
            }
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

fn element_of(value: &Value) -> Option<Subject> {
    match value {
        Value::Node(node) => Some(Subject::Node(*node)),
        Value::Relationship(relationship) => Some(Subject::Relationship(*relationship)),
        _ => None,
    }
}

/// Says whether a list is as a set gives its elements: nodes, then relationships, each kind ascending, and how many more there are.
fn are_ascending(items: &[Value]) -> bool {
    let elements = match items.split_last() {
        Some((Value::Map(more), elements)) if ElementSet::is_more(more) => elements,
        _ => items,
    };
    let place = |value: &Value| match value {
        Value::Node(node) => Some((0, node.0)),
        Value::Relationship(relationship) => Some((1, relationship.0)),
        _ => None,
    };
    let mut last = None;
    elements.iter().all(|value| {
        let own = place(value);
        own.is_some() && std::mem::replace(&mut last, own) < own
    })
}
