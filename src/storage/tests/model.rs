//! A plain model of a store, and a workload that is the same every time.

use std::collections::BTreeMap;

use crate::storage::{ChunkKey, OpenOptions, StorageError, Store, View};

/// What a store should hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Model {
    pub chunks: BTreeMap<ChunkKey, Vec<u8>>,
    pub catalogue: Option<Vec<u8>>,
    pub log: Vec<(u64, Vec<u8>)>,
    pub sequence: u64,
}

impl Model {
    /// Reads all that a view shows.
    pub fn of(view: &View) -> Result<Model, StorageError> {
        let mut chunks = BTreeMap::new();
        for kind in 1..=250 {
            for key in view.scan(kind) {
                let bytes = view.read(key)?.expect("a key of the directory has a chunk or an error");
                assert_eq!(view.length(key), Some(bytes.len() as u32));
                chunks.insert(*key, bytes.to_vec());
            }
        }
        let log = view.log()?.into_iter().map(|record| (record.sequence, record.bytes.to_vec())).collect();
        let catalogue = view.catalogue()?.map(|bytes| bytes.to_vec());
        Ok(Model { chunks, catalogue, log, sequence: view.sequence() })
    }

    /// Does a step as a store would.
    pub fn apply(&mut self, step: &Step) {
        match step {
            Step::Commit(record) => {
                self.sequence += 1;
                self.log.push((self.sequence, record.clone()));
            }
            Step::Checkpoint { puts, deletes, catalogue } => {
                self.chunks.extend(puts.iter().cloned());
                deletes.iter().for_each(|key| drop(self.chunks.remove(key)));
                self.catalogue = Some(catalogue.clone());
                self.log.clear();
            }
        }
    }
}

/// One thing that a workload does.
#[derive(Debug, Clone)]
pub enum Step {
    Commit(Vec<u8>),
    Checkpoint { puts: Vec<(ChunkKey, Vec<u8>)>, deletes: Vec<ChunkKey>, catalogue: Vec<u8> },
}

impl Step {
    /// Does the step on a store.
    pub fn run(&self, store: &dyn Store) -> Result<(), StorageError> {
        match self {
            Step::Commit(record) => store.append_log(record).map(drop),
            Step::Checkpoint { puts, deletes, catalogue } => store.checkpoint(&mut |writer| {
                for (key, bytes) in puts {
                    writer.put(*key, bytes)?;
                }
                deletes.iter().try_for_each(|key| writer.delete(*key))?;
                Ok(catalogue.clone())
            }),
        }
    }
}

/// Returns options that make files whose front takes a few commits only, so that a workload fills it again and again.
pub fn narrow() -> OpenOptions {
    OpenOptions { front_size: 16384, ..OpenOptions::default() }
}

/// Numbers that look random and are not (splitmix64).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    pub fn bytes(&mut self, size: u64) -> Vec<u8> {
        (0..size).map(|_| self.roll() as u8).collect()
    }
}

/// Returns `count` steps, a checkpoint after every `interval` commits.
pub fn workload(seed: u64, count: u64, interval: u64) -> Vec<Step> {
    let mut dice = Dice(seed);
    (1..=count)
        .map(|number| {
            if number % interval > 0 {
                // Some are too large for the front of a narrow file.
                let size = if dice.below(12) == 0 { dice.below(4_000) } else { dice.below(900) };
                return Step::Commit(dice.bytes(size));
            }
            let key = |dice: &mut Dice| ChunkKey::new(1 + dice.below(3) as u8, &[dice.below(4) as u32]);
            let puts = (0..4)
                .map(|_| {
                    let size = if dice.below(4) == 0 { dice.below(30_000) } else { dice.below(500) };
                    (key(&mut dice), dice.bytes(size))
                })
                .collect();
            let deletes = (0..2).map(|_| key(&mut dice)).collect();
            Step::Checkpoint { puts, deletes, catalogue: dice.bytes(200) }
        })
        .collect()
}
