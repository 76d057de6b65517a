//! What is in 128 pieces of the lists of claims: whose claims, where they meet, where some are known to be wrong.

use rustc_hash::FxHashSet;

use crate::value::NodeId;

use super::claim_lists::Piece;

/// Of how many pieces a summary tells, a bit for each.
pub(super) const PIECES: usize = 128;

/// What is in some pieces that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    /// In order of source.
    pub of_sources: Vec<OfSource>,
    /// The pieces in which several claims speak of one property of an element.
    pub contested: u128,
    /// Those in which a claim is known to be wrong.
    pub deprecated: u128,
}

/// What one source says there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OfSource {
    /// Its node.
    pub source: NodeId,
    /// How many claims it has.
    pub count: u32,
    /// In which pieces.
    pub pieces: u128,
}

impl Summary {
    /// Says whether nobody says anything.
    pub fn is_empty(&self) -> bool {
        self.of_sources.is_empty()
    }

    /// Takes in a piece of which nothing is known yet.
    pub fn add_piece(&mut self, place: usize, piece: &Piece) {
        piece.entries.iter().for_each(|entry| self.count(place, entry.source));
        self.look_at(place, Some(piece));
    }

    /// Takes in a claim that a piece holds.
    pub fn add(&mut self, place: usize, source: NodeId, piece: &Piece) {
        self.count(place, source);
        self.look_at(place, Some(piece));
    }

    fn count(&mut self, place: usize, source: NodeId) {
        let own = match self.place_of(source) {
            Ok(own) => own,
            Err(own) => {
                self.of_sources.insert(own, OfSource { source, count: 0, pieces: 0 });
                own
            }
        };
        let own = &mut self.of_sources[own];
        own.count += 1;
        own.pieces |= 1 << place;
    }

    /// Takes out a claim that a piece no longer holds; says whether it was the last of its source.
    pub fn remove(&mut self, place: usize, source: NodeId, piece: &Piece) -> bool {
        self.look_at(place, Some(piece));
        let Ok(own) = self.place_of(source) else { return false };
        let record = &mut self.of_sources[own];
        record.count = record.count.saturating_sub(1);
        if !piece.entries.iter().any(|entry| entry.source == source) {
            record.pieces &= !(1 << place);
        }
        let is_last = record.pieces == 0;
        if is_last {
            self.of_sources.remove(own);
        }
        is_last
    }

    /// Notes whether claims meet in a piece, and whether some are known to be wrong.
    pub fn look_at(&mut self, place: usize, piece: Option<&Piece>) {
        let note = |bits: &mut u128, holds: bool| *bits = *bits & !(1 << place) | u128::from(holds) << place;
        note(&mut self.contested, piece.is_some_and(Piece::is_contested));
        note(&mut self.deprecated, piece.is_some_and(|piece| piece.entries.iter().any(|entry| entry.deprecated)));
    }

    /// Returns the pieces in which sources speak that are wanted.
    pub fn pieces_of(&self, wanted: impl Fn(NodeId) -> bool) -> u128 {
        let own = self.of_sources.iter().filter(|own| wanted(own.source));
        own.fold(0, |pieces, own| pieces | own.pieces)
    }

    /// Returns it without what some sources say; whether claims meet is still to be looked at.
    pub fn without(&self, silenced: &FxHashSet<NodeId>) -> Summary {
        let of_sources = self.of_sources.iter().filter(|own| !silenced.contains(&own.source)).copied();
        Summary { of_sources: of_sources.collect(), ..*self }
    }

    /// Returns the sources, ascending.
    pub fn sources(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.of_sources.iter().map(|own| own.source)
    }

    /// Returns how many claims a source has.
    pub fn count_of(&self, source: NodeId) -> u32 {
        self.place_of(source).map_or(0, |own| self.of_sources[own].count)
    }

    fn place_of(&self, source: NodeId) -> Result<usize, usize> {
        self.of_sources.binary_search_by_key(&source, |own| own.source)
    }
}
