//! Who is next to whom: for each node of a view its neighbours in any direction, each once and without itself, as lists that lie side by
//! side. Algorithms that come by the same node again and again read them here.

use crate::graph::Scratch;

use super::view::View;
use super::{ProcedureContext, ProcedureError};

/// The neighbours of all nodes of a view.
#[derive(Debug)]
pub(super) struct Acquaintances {
    /// Where the list of each node begins; one more for the end.
    offsets: Vec<usize>,
    /// The places of the neighbours, ascending within a list.
    others: Vec<u32>,
}

impl Acquaintances {
    /// Reads the lists of a view.
    pub(super) fn new(view: &View<'_>, context: &ProcedureContext<'_>) -> Result<Self, ProcedureError> {
        let (mut scratch, mut found) = (Scratch::default(), Vec::new());
        let mut offsets = Vec::with_capacity(view.len() + 1);
        let mut others = Vec::new();
        offsets.push(0);
        for place in 0..view.len() as u32 {
            view.distinct_neighbours(place, &mut scratch, &mut found);
            context.tick(found.len())?;
            others.extend_from_slice(&found);
            offsets.push(others.len());
        }
        Ok(Acquaintances { offsets, others })
    }

    /// Returns the neighbours of the node at a place, ascending.
    pub(super) fn of(&self, place: u32) -> &[u32] {
        &self.others[self.offsets[place as usize]..self.offsets[place as usize + 1]]
    }

    /// Returns the lists with those neighbours alone that come later by number of neighbours, and by place among equals.
    pub(super) fn later(&self) -> Acquaintances {
        let rank = |place: u32| (self.of(place).len(), place);
        let mut offsets = Vec::with_capacity(self.offsets.len());
        let mut others = Vec::with_capacity(self.others.len() / 2);
        offsets.push(0);
        for place in 0..self.offsets.len() as u32 - 1 {
            others.extend(self.of(place).iter().copied().filter(|other| rank(*other) > rank(place)));
            offsets.push(others.len());
        }
        Acquaintances { offsets, others }
    }
}
