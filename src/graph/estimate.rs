//! Estimates of a property's values, from a sample of its column; they guide the planner and never answer a query.

use std::sync::PoisonError;

use rustc_hash::FxHashSet;

use crate::value::Value;

use super::packed::PackedValues;
use super::property_column::PropertyColumn;
use super::zone::Zone;

/// How many chunks are looked into.
const SAMPLED_CHUNKS: usize = 16;

/// In how many the least and greatest value is looked for.
const ZONED_CHUNKS: usize = 256;

/// What is guessed of a property over all its elements.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// How many values there were when it was made.
    pub values: u64,
    /// How many of them differ.
    pub distinct: f64,
    /// The least and greatest value.
    pub zone: Zone,
}

impl PropertyColumn {
    /// Returns the estimate, made anew when the number of values has changed by more than a quarter.
    pub fn estimate(&self) -> Estimate {
        let total = self.counts().total();
        let fits = |made: &&Estimate| made.values.abs_diff(total) <= made.values / 4;
        if let Some(made) = self.estimate.read().unwrap_or_else(PoisonError::into_inner).as_ref().filter(fits) {
            return made.clone();
        }
        let made = self.sample();
        *self.estimate.write().unwrap_or_else(PoisonError::into_inner) = Some(made.clone());
        made
    }

    fn sample(&self) -> Estimate {
        let values = self.counts().total();
        let mut zone = Zone::Empty;
        let places: Vec<usize> = self.chunks.places().collect();
        for place in places.iter().step_by(places.len().div_ceil(ZONED_CHUNKS).max(1)) {
            zone.join(self.zone(*place));
        }
        if let Some(dictionary) = self.dictionary()
            && self.counts().strings == values
        {
            return Estimate { values, distinct: (dictionary.len() as f64).clamp(1.0, values.max(1) as f64), zone };
        }
        let step = places.len().div_ceil(SAMPLED_CHUNKS).max(1);
        let (mut seen, mut sampled) = (FxHashSet::default(), 0u64);
        for place in places.iter().step_by(step) {
            sampled += self.sample_chunk(*place, &mut seen);
        }
        Estimate { values, distinct: scale(seen.len() as f64, sampled as f64, values as f64), zone }
    }

    fn sample_chunk(&self, place: usize, seen: &mut FxHashSet<u64>) -> u64 {
        use std::hash::BuildHasher;
        let Some(chunk) = self.chunks.get(place) else {
            return 0;
        };
        let hasher = rustc_hash::FxBuildHasher;
        let mut sampled = 0;
        if let Some(packed) = chunk.plain()
            && let PackedValues::Integer(integers) = &packed.values
        {
            for place in (0..integers.len()).filter(|place| packed.contains(*place)) {
                seen.insert(hasher.hash_one(integers.get(place)));
                sampled += 1;
            }
            return sampled;
        }
        for value in chunk.values(self.dictionary().map(|dictionary| &**dictionary)) {
            let hash = match &value {
                Value::Null => continue,
                Value::Integer(value) => hasher.hash_one(value),
                Value::Float(value) => hasher.hash_one(value.to_bits()),
                Value::String(text) => hasher.hash_one(text.as_str()),
                other => hasher.hash_one(format!("{other:?}")),
            };
            seen.insert(hash);
            sampled += 1;
        }
        sampled
    }
}

/// Returns how many values differ over all, from how many differ in a sample.
///
/// If nearly every value of the sample was new, so will the others be; if most came again, few are left to come.
fn scale(distinct: f64, sampled: f64, total: f64) -> f64 {
    if sampled <= 0.0 || total <= 0.0 {
        return 0.0;
    }
    let share = distinct / sampled;
    let unseen = (total - sampled).max(0.0);
    (distinct + unseen * share * share * share).clamp(1.0, total)
}
