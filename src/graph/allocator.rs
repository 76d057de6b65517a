//! The allocator: which slot a new node or relationship gets.
//!
//! Elements of one group (a label set, a relationship type) share chunks, so that their columns are dense. A group's holes are filled first,
//! then its open chunk, then a new chunk. Holes become known only when a transaction commits: a slot freed by a transaction is not used
//! again by the same one.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Where the next elements of each group go.
#[derive(Clone, Debug, Default)]
pub(super) struct Allocator {
    pub(super) groups: Arc<Groups>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    pub(super) open: FxHashMap<u32, u32>,
    pub(super) holes: FxHashMap<u32, BTreeSet<u32>>,
}

impl Allocator {
    /// Returns the open chunk of a group.
    pub fn open(&self, group: u32) -> Option<usize> {
        self.groups.open.get(&group).map(|chunk| *chunk as usize)
    }

    /// Makes a chunk the open one of a group.
    pub fn set_open(&mut self, group: u32, chunk: usize) {
        if self.open(group) != Some(chunk) {
            Arc::make_mut(&mut self.groups).open.insert(group, chunk as u32);
        }
    }

    /// Returns the first chunk of a group that is known to have holes.
    pub fn first_with_holes(&self, group: u32) -> Option<usize> {
        self.groups.holes.get(&group)?.first().map(|chunk| *chunk as usize)
    }

    /// Notes that a chunk has no holes any more.
    pub fn forget_holes(&mut self, group: u32, chunk: usize) {
        let groups = Arc::make_mut(&mut self.groups);
        if let Some(holes) = groups.holes.get_mut(&group) {
            holes.remove(&(chunk as u32));
            if holes.is_empty() {
                groups.holes.remove(&group);
            }
        }
    }

    /// Notes that a chunk has holes that the group may fill.
    pub fn note_holes(&mut self, group: u32, chunk: usize) {
        let known = self.groups.holes.get(&group).is_some_and(|holes| holes.contains(&(chunk as u32)));
        if !known {
            Arc::make_mut(&mut self.groups).holes.entry(group).or_default().insert(chunk as u32);
        }
    }
}
