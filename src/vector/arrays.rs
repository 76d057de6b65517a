//! A stock of cleared arrays of numbers, one for each node: whoever takes one clears what it touched before it goes back, so that a search
//! that meets few nodes of a large graph does little.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many arrays are kept at most.
const MOST_KEPT: usize = 4;

/// Arrays in which every number is zero.
#[derive(Debug, Default)]
pub struct Arrays {
    kept: Mutex<Vec<Vec<u64>>>,
}

impl Arrays {
    fn locked(&self) -> MutexGuard<'_, Vec<Vec<u64>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns an array of zeros.
    pub fn take(&self, len: usize) -> Vec<u64> {
        match self.locked().pop() {
            Some(mut array) if array.capacity() >= len => {
                array.resize(len, 0);
                array
            }
            _ => vec![0; len],
        }
    }

    /// Puts an array back of which only the numbers at these places are not zero.
    pub fn give_back(&self, mut array: Vec<u64>, touched: &[u32]) {
        if touched.len() > array.len() / 8 {
            array.fill(0);
        } else {
            touched.iter().for_each(|place| array[*place as usize] = 0);
        }
        let mut kept = self.locked();
        if kept.len() < MOST_KEPT {
            kept.push(array);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_comes_back_cleared_whatever_its_length() {
        let arrays = Arrays::default();
        let mut array = arrays.take(100);
        (array[3], array[99]) = (7, 8);
        arrays.give_back(array, &[3, 99]);
        for len in [50, 100, 1000] {
            let array = arrays.take(len);
            assert_eq!((array.len(), array.iter().sum::<u64>()), (len, 0));
            arrays.give_back(array, &[]);
        }
    }
}
