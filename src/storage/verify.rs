//! Deep verification: every chunk, the catalogue and the log are read and compared with their checksums.
//!
//! It goes on after a fault, so that a report names all of them.

use std::fmt;

use crate::storage::key::ChunkKey;
use crate::storage::view::View;

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyProgress {
    /// Chunks read so far.
    pub chunks_done: u64,
    /// Chunks in all.
    pub chunk_count: u64,
}

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is, in words.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

/// Reads everything that a view shows; returns what is wrong.
pub(super) fn verify_view(view: &View, progress: &mut dyn FnMut(VerifyProgress)) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut note = |what: String| problems.push(Problem { what });
    let chunk_count = view.directory().chunks.len() as u64;
    for (index, key) in view.directory().chunks.keys().iter().enumerate() {
        if let Err(error) = view.look(key, |_| ()) {
            note(error.to_string());
        }
        progress(VerifyProgress { chunks_done: index as u64 + 1, chunk_count });
    }
    if let Err(error) = view.catalogue() {
        note(error.to_string());
    }
    if let Err(error) = view.log() {
        note(error.to_string());
    }
    let mut strangers = 0;
    let listed = view.source().stored_keys(&mut |bytes| {
        let known = ChunkKey::from_bytes(bytes).is_some_and(|key| view.directory().chunks.contains_key(&key));
        strangers += u64::from(!known);
    });
    match listed {
        Err(error) => note(error.to_string()),
        Ok(()) if strangers > 0 => note(format!("{strangers} chunks are stored that no checkpoint wrote")),
        Ok(()) => {}
    }
    problems
}
