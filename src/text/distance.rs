//! Edit distance: how many characters to insert, delete, replace or swap with their neighbour to make one text the other.
//!
//! Optimal string alignment, with three rows of its table at a time.

/// Returns the distance of two texts in characters.
pub fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    within(&left, &right, usize::MAX).unwrap_or(usize::MAX)
}

/// Returns the distance of two texts if it is at most `limit`; gives up as soon as it cannot be.
pub fn distance_within(left: &[char], right: &[char], limit: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    within(left, right, limit)
}

fn within(left: &[char], right: &[char], limit: usize) -> Option<usize> {
    let mut before: Vec<usize> = vec![0; right.len() + 1];
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    let mut current: Vec<usize> = vec![0; right.len() + 1];
    for (row, &here) in left.iter().enumerate() {
        current[0] = row + 1;
        for (column, &there) in right.iter().enumerate() {
            let replaced = previous[column] + usize::from(here != there);
            let mut least = replaced.min(previous[column + 1] + 1).min(current[column] + 1);
            let swapped = row > 0 && column > 0 && here == right[column - 1] && left[row - 1] == there;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            current[column + 1] = least;
        }
        // A later cell grows out of this row or, by a swap, out of the one before it.
        let least = current.iter().chain(&previous).min().copied().unwrap_or(0);
        if least > limit {
            return None;
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut current);
    }
    Some(previous[right.len()]).filter(|&found| found <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_insertions_deletions_replacements_and_swaps() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("Ctiy", "City", 1),
            ("西溪谷", "西溪园", 1),
            ("e\u{301}", "\u{e9}", 2),
        ] {
            assert_eq!(distance(left, right), expected, "{left} and {right}");
        }
    }

    #[test]
    fn gives_up_beyond_the_limit_and_not_before() {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance_within(&characters("kitten"), &characters("sitting"), 3), Some(3));
        assert_eq!(distance_within(&characters("kitten"), &characters("sitting"), 2), None);
        assert_eq!(distance_within(&characters("ba"), &characters("ab"), 1), Some(1));
        assert_eq!(distance_within(&characters("a"), &characters("abcd"), 2), None);
    }
}
