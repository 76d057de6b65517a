//! Indexes: the slots of a label's nodes or a type's relationships in order of one property's value.
//!
//! Entries stand in the order of all values (numbers compare across integer and float), then by slot. Equality, ranges and prefixes read
//! one stretch of it; what `=` and `<` say of a value decides at the edges, so that NaN is found by nothing.

use std::cmp::Ordering;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::comparison::{less, less_or_equal};
use crate::value::order::order;
use crate::value::{Value, equals};

use super::catalogue::{IndexDefinition, IndexKind, IndexTarget};
use super::error::GraphError;
use super::id::PropertyKeyId;
use super::index_entries::{Entry, IndexEntries};

/// All indexes.
#[derive(Clone, Debug, Default)]
pub(super) struct Indexes {
    all: Arc<Vec<Arc<Index>>>,
    /// Values that were put into a unique index and not yet looked at.
    suspects: Arc<Vec<(SmolStr, Value)>>,
}

/// One index.
#[derive(Clone, Debug)]
pub(super) struct Index {
    definition: IndexDefinition,
    /// Its entries.
    pub(super) entries: IndexEntries,
}

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub enum Bound<'a> {
    /// Up to and with this value.
    Included(&'a Value),
    /// Up to this value and without it.
    Excluded(&'a Value),
    /// No end.
    Open,
}

impl<'a> Bound<'a> {
    fn value(self) -> Option<&'a Value> {
        match self {
            Bound::Included(value) | Bound::Excluded(value) => Some(value),
            Bound::Open => None,
        }
    }
}

impl Index {
    /// Returns an index of these values and slots.
    pub fn build(definition: IndexDefinition, entries: Vec<(Value, u32)>) -> Index {
        let mut entries: Vec<Entry> = entries.into_iter().map(|(value, slot)| Entry { value, slot }).collect();
        entries.sort_unstable();
        Index::of(definition, IndexEntries::from_sorted(entries))
    }

    /// Returns an index of entries that are in order already.
    pub fn of(definition: IndexDefinition, entries: IndexEntries) -> Index {
        Index { definition, entries }
    }

    /// Returns what it is over.
    pub fn definition(&self) -> &IndexDefinition {
        &self.definition
    }

    fn equal<'a>(&'a self, value: &'a Value) -> impl Iterator<Item = u32> + 'a {
        let entries = self.entries.iter_from(|entry| order(&entry.value, value) == Ordering::Less);
        entries
            .take_while(|entry| order(&entry.value, value) == Ordering::Equal)
            .filter(|entry| equals(&entry.value, value) == Some(true))
            .map(|entry| entry.slot)
    }

    /// Returns the slots whose value equals this one, ascending.
    pub fn seek(&self, value: &Value) -> Vec<u32> {
        self.equal(value).collect()
    }

    /// Returns the slots whose value lies between two bounds, in order of value. One bound at least must have a value.
    pub fn range(&self, low: Bound<'_>, high: Bound<'_>) -> Vec<u32> {
        let Some(any) = low.value().or(high.value()) else {
            return self.all();
        };
        // Lists may hold what `<` cannot compare and the order can: there only `<` itself decides, list by list.
        let cut = !matches!(any, Value::List(_));
        let before = |entry: &Entry| match low.value() {
            Some(low) if cut => order(&entry.value, low) == Ordering::Less,
            _ => !comparable(&entry.value, any) && order(&entry.value, any) == Ordering::Less,
        };
        let above_low = |value: &Value| match low {
            Bound::Included(low) => less_or_equal(low, value) == Some(true),
            Bound::Excluded(low) => less(low, value) == Some(true),
            Bound::Open => true,
        };
        let below_high = |value: &Value| match high {
            Bound::Included(high) => less_or_equal(value, high) == Some(true),
            Bound::Excluded(high) => less(value, high) == Some(true),
            Bound::Open => true,
        };
        let past_high = |value: &Value| cut && high.value().is_some_and(|high| order(value, high) == Ordering::Greater);
        self.entries
            .iter_from(before)
            .take_while(|entry| comparable(&entry.value, any) && !past_high(&entry.value))
            .filter(|entry| above_low(&entry.value) && below_high(&entry.value))
            .map(|entry| entry.slot)
            .collect()
    }

    /// Returns the slots whose value is a string that begins so, in order of value.
    pub fn prefix(&self, prefix: &str) -> Vec<u32> {
        let start = Value::string(prefix);
        let entries = self.entries.iter_from(|entry| order(&entry.value, &start) == Ordering::Less);
        let begins = |value: &Value| matches!(value, Value::String(text) if text.starts_with(prefix));
        entries.take_while(|entry| begins(&entry.value)).map(|entry| entry.slot).collect()
    }

    /// Returns all slots in order of value.
    pub fn all(&self) -> Vec<u32> {
        self.entries.iter_from(|_| false).map(|entry| entry.slot).collect()
    }

    /// Returns the first value that two slots have.
    pub fn duplicate(&self) -> Option<Value> {
        let mut before: Option<&Value> = None;
        for entry in self.entries.iter_from(|_| false) {
            if before.is_some_and(|before| equals(before, &entry.value) == Some(true)) {
                return Some(entry.value.clone());
            }
            before = Some(&entry.value);
        }
        None
    }
}

/// Says whether `<` between two values says true or false, as far as their kinds go.
fn comparable(lhs: &Value, rhs: &Value) -> bool {
    let number = |value: &Value| matches!(value, Value::Integer(_) | Value::Float(_));
    let date = |value: &Value| matches!(value, Value::Date(_) | Value::PartialDate(_));
    lhs.kind() == rhs.kind() || (number(lhs) && number(rhs)) || (date(lhs) && date(rhs))
}

impl Indexes {
    /// Says whether there is no index.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns the index that orders these elements by this property, if there is one.
    pub fn find(&self, target: IndexTarget, key: PropertyKeyId) -> Option<&Index> {
        let fits = |index: &&Arc<Index>| {
            let definition = &index.definition;
            definition.target == target && definition.key == key && definition.kind != IndexKind::Text
        };
        self.all.iter().find(fits).map(Arc::as_ref)
    }

    /// Returns the index over these elements and this property that is of this kind.
    pub fn of_kind(&self, definition: &IndexDefinition) -> Option<&Index> {
        let wanted = (definition.target, definition.key, definition.kind);
        let fits =
            |index: &&Arc<Index>| (index.definition.target, index.definition.key, index.definition.kind) == wanted;
        self.all.iter().find(fits).map(Arc::as_ref)
    }

    /// Returns all indexes.
    pub fn iter(&self) -> impl Iterator<Item = &Index> {
        self.all.iter().map(Arc::as_ref)
    }

    /// Adds an index.
    pub fn add(&mut self, index: Index) {
        Arc::make_mut(&mut self.all).push(Arc::new(index));
    }

    /// Drops an index.
    pub fn drop(&mut self, name: &str) {
        Arc::make_mut(&mut self.all).retain(|index| index.definition.name != name);
    }

    /// Says whether any index is over this property.
    pub fn any_over(&self, key: PropertyKeyId) -> bool {
        self.all.iter().any(|index| index.definition.key == key)
    }

    /// Says whether a value was put into a unique index and not yet looked at.
    pub fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// Brings the change of an element's value into the indexes over its targets.
    pub fn change(
        &mut self,
        targets: impl Fn(IndexTarget) -> bool,
        key: PropertyKeyId,
        slot: u32,
        before: &Value,
        after: &Value,
    ) {
        let fits = |index: &Index| index.definition.key == key && targets(index.definition.target);
        if !self.all.iter().any(|index| fits(index)) {
            return;
        }
        for index in Arc::make_mut(&mut self.all).iter_mut().filter(|index| fits(index)) {
            let unique = index.definition.kind == IndexKind::Unique;
            let index = Arc::make_mut(index);
            if !before.is_null() {
                index.entries.remove(&Entry { value: before.clone(), slot });
            }
            if !after.is_null() {
                index.entries.insert(Entry { value: after.clone(), slot });
                if unique {
                    Arc::make_mut(&mut self.suspects).push((index.definition.name.clone(), after.clone()));
                }
            }
        }
    }

    /// Looks at the values put into unique indexes since the last time.
    ///
    /// # Errors
    /// Returns the definition, the value and its slots if a value is there twice.
    pub fn check_unique(&mut self) -> Result<(), (IndexDefinition, Value, Vec<u32>)> {
        if self.suspects.is_empty() {
            return Ok(());
        }
        for (name, value) in self.suspects.iter() {
            let Some(index) = self.all.iter().find(|index| index.definition.name == *name) else {
                continue;
            };
            if index.equal(value).nth(1).is_some() {
                return Err((index.definition.clone(), value.clone(), index.seek(value)));
            }
        }
        self.suspects = Arc::default();
        Ok(())
    }
}

/// Returns the error of a value that is there twice.
pub(super) fn not_unique(
    catalogue: &super::catalogue::Catalogue,
    definition: &IndexDefinition,
    value: Value,
    mut slots: Vec<u32>,
) -> GraphError {
    let name = match definition.target {
        IndexTarget::Node(label) => catalogue.label_name(label),
        IndexTarget::Relationship(kind) => catalogue.relationship_type_name(kind),
    };
    slots.sort_unstable();
    GraphError::NotUnique {
        constraint: definition.name.clone(),
        name: name.clone(),
        property: catalogue.property_key_name(definition.key).clone(),
        value,
        slots,
    }
}
