//! Which names are visible where, and what a subquery reads from outside.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::vector::Slot;

/// The variables in scope, in order of name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope(BTreeMap<SmolStr, Slot>);

impl Scope {
    /// Returns the slot of a variable.
    pub(super) fn get(&self, name: &str) -> Option<Slot> {
        self.0.get(name).copied()
    }

    /// Makes a name visible; an outer variable of the same name is hidden.
    pub(super) fn insert(&mut self, name: SmolStr, slot: Slot) {
        self.0.insert(name, slot);
    }

    /// Returns the variables in order of name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&SmolStr, Slot)> {
        self.0.iter().map(|(name, slot)| (name, *slot))
    }

    /// Returns the names in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(SmolStr::as_str)
    }

    /// Says whether there is no variable.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the slots, each once, in order of number.
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.0.values().copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Returns this scope with the variables of another over it.
    pub(super) fn under(&self, over: &Scope) -> Scope {
        let mut both = self.clone();
        both.0.extend(over.0.iter().map(|(name, slot)| (name.clone(), *slot)));
        both
    }
}

/// The border of a subquery: what lies outside, and which of it is read inside.
#[derive(Clone, Debug, Default)]
pub(super) struct Border {
    /// The slots that lie outside.
    outside: BTreeSet<Slot>,
    /// Those of them that are read inside.
    pub(super) imports: BTreeSet<Slot>,
    /// Whether a projection inside has aggregated without keys, so that only its own columns are left of the rows before.
    pub(super) aggregated: bool,
    /// Whether something from outside is read behind such a projection.
    pub(super) read_behind: bool,
}

impl Border {
    /// Returns the border inside of which these slots are from outside.
    pub(super) fn around(outside: &Scope) -> Self {
        Border { outside: outside.0.values().copied().collect(), ..Border::default() }
    }

    /// Notes that a slot is read inside.
    pub(super) fn read(&mut self, slot: Slot) {
        if self.outside.contains(&slot) {
            self.imports.insert(slot);
            self.read_behind |= self.aggregated;
        }
    }
}
