//! How far nodes are from where walks must end: a walk that cannot get there any more is given up.
//!
//! ```text
//!   (a) ─▶ ─▶ ∙ ◀─ ◀─ (b)     walks of up to four steps: from two steps on only those nodes are gone to
//!                             from which a search from (b) says that the rest of the way is long enough
//! ```
//!
//! The search goes half the way, by nodes, not by walks, and less where it meets many: what it has not looked at is never given up.

use rustc_hash::FxHashMap;

use super::ExecutionError;
use super::walk::Walker;

/// How many relationships a search back may look at, by how many steps walks may have.
fn most_looked_at(max: u32) -> usize {
    match max {
        0..=2 => 1 << 11,
        3 => 1 << 14,
        _ => 1 << 16,
    }
}

/// The nodes near the end of walks, each with its distance.
pub(super) struct WayBack {
    end: u32,
    distances: FxHashMap<u32, u32>,
    /// Up to which distance all nodes are known.
    known: u32,
}

impl WayBack {
    /// Looks for the nodes from which an end is reached by few steps of up to `max`.
    pub(super) fn search(end: u32, max: u32, back: &mut Walker<'_>) -> Result<WayBack, ExecutionError> {
        let mut found = WayBack { end, distances: FxHashMap::default(), known: 0 };
        found.distances.insert(end, 0);
        let (mut frontier, mut room) = (vec![end], most_looked_at(max));
        while found.known < max / 2 && !frontier.is_empty() {
            let distance = found.known + 1;
            let mut next = Vec::new();
            for node in frontier {
                back.for_each_list(node, 0, |nodes| {
                    room = room.saturating_sub(nodes.len());
                    next.extend(nodes.iter().filter(|node| {
                        let is_new = !found.distances.contains_key(node);
                        if is_new {
                            found.distances.insert(**node, distance);
                        }
                        is_new
                    }));
                })?;
                if room == 0 {
                    return Ok(found);
                }
            }
            found.known = distance;
            frontier = next;
        }
        Ok(found)
    }

    /// Says whether so many steps may lead from a node to the end.
    #[inline]
    pub(super) fn may_reach(&self, node: u32, steps: u32) -> bool {
        steps > self.known || self.distances.get(&node).is_some_and(|distance| *distance <= steps)
    }
}

/// The way back to the end of the row at hand; rows that follow each other often have one end.
pub(super) struct WaysBack<'a> {
    back: Option<Walker<'a>>,
    max: u32,
    last: Option<WayBack>,
}

impl<'a> WaysBack<'a> {
    /// Returns ways back against a walker; none are looked for where walks may have any length.
    pub(super) fn new(walker: &Walker<'a>, max: Option<u32>) -> Self {
        WaysBack { back: max.filter(|max| *max > 0).map(|_| walker.backwards()), max: max.unwrap_or(0), last: None }
    }

    /// Returns the way back to an end.
    pub(super) fn to(&mut self, end: u32) -> Result<Option<&WayBack>, ExecutionError> {
        let Some(back) = &mut self.back else { return Ok(None) };
        if self.last.as_ref().is_none_or(|last| last.end != end) {
            self.last = Some(WayBack::search(end, self.max, back)?);
        }
        Ok(self.last.as_ref())
    }
}
