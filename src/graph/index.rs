//! Indexes: the slots of a label's nodes or a type's relationships in order of one property's value.
//!
//! Entries stand in the order of all values (numbers compare across integer and float), then by slot. Equality, ranges and prefixes read
//! one stretch of it; what `=` and `<` say of a value decides at the edges, so that NaN is found by nothing.
//!
//! | index | the value of an entry |
//! | --- | --- |
//! | over one property | the property's value |
//! | over several | the list of their values, null for one that is missing; an element that lacks the first has no entry |
//! | of text | each bigram of the folded text, as a number; a list of texts has those of all its items |

use std::sync::Arc;

use smol_str::SmolStr;

use crate::text::{Bigram, bigrams, fold_each};
use crate::value::order::order;
use crate::value::{Value, equals};

use super::definition::{IndexDefinition, IndexKind, IndexTarget};
use super::error::GraphError;
use super::id::PropertyKeyId;
use super::index_entries::{Entry, IndexEntries};
use super::index_probe::bigram_value;

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

    /// Returns the first value that two slots have.
    pub fn duplicate(&self) -> Option<Value> {
        let mut before: Option<Value> = None;
        for entry in self.entries.iter_from(|_| false) {
            if before.is_some_and(|before| equals(&before, &entry.value) == Some(true)) {
                return Some(entry.value);
            }
            before = Some(entry.value);
        }
        None
    }
}

impl Indexes {
    /// Says whether there is no index.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns the index that orders these elements by these properties, if there is one.
    pub fn find(&self, target: IndexTarget, keys: &[PropertyKeyId]) -> Option<&Index> {
        self.find_that(target, keys, IndexKind::is_ordered)
    }

    /// Returns the index of these elements' texts, if there is one.
    pub fn find_text(&self, target: IndexTarget, key: PropertyKeyId) -> Option<&Index> {
        self.find_that(target, &[key], |kind| kind == IndexKind::Text)
    }

    fn find_that(
        &self,
        target: IndexTarget,
        keys: &[PropertyKeyId],
        is_wanted: fn(IndexKind) -> bool,
    ) -> Option<&Index> {
        let fits = |index: &&Arc<Index>| {
            let definition = &index.definition;
            definition.target == target && definition.keys == keys && is_wanted(definition.kind)
        };
        self.all.iter().find(fits).map(Arc::as_ref)
    }

    /// Returns the index that does the same.
    pub fn of_kind(&self, definition: &IndexDefinition) -> Option<&Index> {
        self.all.iter().find(|index| index.definition.is_same(definition)).map(Arc::as_ref)
    }

    /// Returns all indexes.
    pub fn iter(&self) -> impl Iterator<Item = &Index> {
        self.all.iter().map(Arc::as_ref)
    }

    /// Returns all indexes to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Index> {
        Arc::make_mut(&mut self.all).iter_mut().map(Arc::make_mut)
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
        self.all.iter().any(|index| index.definition.keys.contains(&key))
    }

    /// Says whether a value was put into a unique index and not yet looked at.
    pub fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// Brings the change of an element's value into the indexes over its targets; `value_of` gives its other values.
    pub fn change(
        &mut self,
        targets: impl Fn(IndexTarget) -> bool,
        slot: u32,
        (key, before, after): (PropertyKeyId, &Value, &Value),
        value_of: impl Fn(PropertyKeyId) -> Value,
    ) {
        let fits = |definition: &IndexDefinition| definition.keys.contains(&key) && targets(definition.target);
        self.replace(fits, slot, |definition| {
            let with = |own: &Value| definition.value(|other| if other == key { own.clone() } else { value_of(other) });
            (with(before), with(after))
        });
    }

    /// Takes an element out of the indexes over targets that it has lost, and puts it into those over targets that it has won.
    pub fn retarget(
        &mut self,
        lost: impl Fn(IndexTarget) -> bool,
        won: impl Fn(IndexTarget) -> bool,
        slot: u32,
        value_of: impl Fn(PropertyKeyId) -> Value,
    ) {
        self.replace(
            |definition| lost(definition.target),
            slot,
            |definition| (definition.value(&value_of), Value::Null),
        );
        self.replace(
            |definition| won(definition.target),
            slot,
            |definition| (Value::Null, definition.value(&value_of)),
        );
    }

    /// Replaces what indexes hold of an element by what they are to hold.
    fn replace(
        &mut self,
        fits: impl Fn(&IndexDefinition) -> bool,
        slot: u32,
        values: impl Fn(&IndexDefinition) -> (Value, Value),
    ) {
        let fits = |index: &Index| index.definition.kind.has_entries() && fits(&index.definition);
        if !self.all.iter().any(|index| fits(index)) {
            return;
        }
        for index in Arc::make_mut(&mut self.all).iter_mut().filter(|index| fits(index)) {
            let (before, after) = values(&index.definition);
            let kind = index.definition.kind;
            let (mut before, mut after) = (entry_values(kind, before), entry_values(kind, after));
            if kind == IndexKind::Text {
                // Most of a text stays when a word of it changes.
                let stays = |value: &Value, others: &[Value]| others.iter().any(|other| order(value, other).is_eq());
                let kept = after.clone();
                after.retain(|value| !stays(value, &before));
                before.retain(|value| !stays(value, &kept));
            }
            let index = Arc::make_mut(index);
            before.into_iter().for_each(|value| index.entries.remove(&Entry { value, slot }));
            for value in after {
                if kind.is_unique() {
                    Arc::make_mut(&mut self.suspects).push((index.definition.name.clone(), value.clone()));
                }
                index.entries.insert(Entry { value, slot });
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

/// Returns the values under which an index keeps an element that has this value.
pub(super) fn entry_values(kind: IndexKind, value: Value) -> Vec<Value> {
    match (kind, value) {
        (_, Value::Null) => Vec::new(),
        (IndexKind::Text, Value::String(text)) => bigrams(&fold_each(&text)).into_iter().map(bigram_value).collect(),
        (IndexKind::Text, Value::List(items)) => {
            let texts = items.iter().filter_map(|item| if let Value::String(text) = item { Some(text) } else { None });
            let mut all: Vec<Bigram> = texts.flat_map(|text| bigrams(&fold_each(text))).collect();
            all.sort_unstable();
            all.dedup();
            all.into_iter().map(bigram_value).collect()
        }
        (IndexKind::Text, _) => Vec::new(),
        (_, value) => vec![value],
    }
}

/// Returns the error of a value that is there twice.
pub(super) fn not_unique(
    catalogue: &super::catalogue::Catalogue,
    definition: &IndexDefinition,
    value: Value,
    mut slots: Vec<u32>,
) -> GraphError {
    slots.sort_unstable();
    GraphError::NotUnique {
        constraint: definition.name.clone(),
        name: catalogue.target_name(definition.target).clone(),
        property: catalogue.key_names(&definition.keys).into(),
        value,
        slots,
    }
}
