//! What is held in memory of a database file: which chunks could be read again, and giving them back.

use std::sync::Arc;

use super::super::chunk_list::ChunkList;
use super::super::snapshot::Snapshot;
use super::super::state::State;
use super::bytes::DecodeError;
use super::lists::{Decode, ListVisitor, Stored, source, visit_lists};
use super::loader::{Loader, Under};

impl Snapshot {
    /// Notes that all of it stands in its store, by a checkpoint that has just been written of it.
    pub fn settle(&self) {
        if let Some(loader) = &self.state.loader {
            self.visited(&mut Settling { loader });
        }
    }

    /// Returns the same graph with so many bytes at most of what could be read again; what was read first is given back first. The memory
    /// is free once nobody holds this one.
    ///
    /// Whoever writes must have begun from the graph that is returned, or begin anew.
    #[must_use]
    pub fn give_back(&self, limit_bytes: usize) -> Snapshot {
        let mut charges = Charges::default();
        self.visited(&mut charges);
        charges.0.sort_unstable();
        let mut held: usize = charges.0.iter().map(|(_, bytes)| bytes).sum();
        let mut before = 0;
        for (turn, bytes) in charges.0 {
            if held <= limit_bytes {
                break;
            }
            (held, before) = (held - bytes, turn + 1);
        }
        let state = self.visited(&mut GivingBack { before });
        Snapshot { state: Arc::new(state) }
    }

    fn visited(&self, visitor: &mut impl ListVisitor) -> State {
        let mut state = State::clone(&self.state);
        // These visitors read nothing, so that nothing can fail.
        let _ = visit_lists(&mut state, visitor);
        state
    }
}

/// Notes that chunks stand in the store.
struct Settling<'a> {
    loader: &'a Arc<Loader>,
}

impl ListVisitor for Settling<'_> {
    fn visit<T: Stored>(
        &mut self,
        list: &mut ChunkList<T>,
        under: Under,
        decode: impl Decode<T>,
    ) -> Result<(), DecodeError> {
        list.settle(&source(self.loader, under, decode));
        Ok(())
    }
}

/// Collects what chunks count for that could be read again.
#[derive(Default)]
struct Charges(Vec<(u64, usize)>);

impl ListVisitor for Charges {
    fn visit<T: Stored>(&mut self, list: &mut ChunkList<T>, _: Under, _: impl Decode<T>) -> Result<(), DecodeError> {
        list.charges(&mut self.0);
        Ok(())
    }
}

/// Gives back what was read before a turn.
struct GivingBack {
    before: u64,
}

impl ListVisitor for GivingBack {
    fn visit<T: Stored>(&mut self, list: &mut ChunkList<T>, _: Under, _: impl Decode<T>) -> Result<(), DecodeError> {
        list.give_back(self.before);
        Ok(())
    }
}
