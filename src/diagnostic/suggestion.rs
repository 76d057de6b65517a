//! The nearest known name to one that is not known, for the hint "did you mean".
//!
//! Names are compared without case, by the number of characters to insert, delete, replace or swap with their neighbour
//! (optimal string alignment). How far is still near depends on the length, so that `n` does not suggest `m`, while one
//! wrong character of a Chinese name of two is near: each of its characters carries as much as several letters.

/// Returns the known name that is nearest to `name`, if one is near enough to be worth naming.
///
/// Of equally near names the first in order of text is taken, whatever the order they come in.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = lowered(name);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &'n str)> = None;
    for candidate in known {
        let other = lowered(candidate);
        if other.is_empty() || other.len() > LONGEST || candidate == name {
            continue;
        }
        let limit = allowed(&wanted).min(allowed(&other));
        if wanted.len().abs_diff(other.len()) > limit {
            continue;
        }
        let far = distance_of(&wanted, &other);
        // Without one common character nothing is near, however short.
        let near = far <= limit && (far == 0 || wanted.iter().any(|character| other.contains(character)));
        if near && best.is_none_or(|current| (far, candidate) < current) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the number of characters to insert, delete, replace or swap with their neighbour to make one text the other.
pub fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    distance_of(&left, &right)
}

/// The longest name in characters that is compared; beyond it the work is not worth the hint.
const LONGEST: usize = 120;

fn lowered(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// Returns how many wrong characters a name of this shape may have.
fn allowed(name: &[char]) -> usize {
    if name.iter().any(|&character| is_ideograph(character)) {
        return match name.len() {
            0 | 1 => 0,
            2..=4 => 1,
            _ => name.len() / 3,
        };
    }
    match name.len() {
        0..=2 => 0,
        3..=5 => 1,
        _ => name.len() / 3,
    }
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns the optimal string alignment distance, with three rows of the table at a time.
fn distance_of(left: &[char], right: &[char]) -> usize {
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
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut current);
    }
    previous[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_insertions_deletions_replacements_and_swaps() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Prak", "Park"), 1);
        assert_eq!(distance("西溪谷", "西溪园"), 1);
    }

    #[test]
    fn names_the_nearest_without_case() {
        assert_eq!(nearest("park", ["Fund", "Park"]), Some("Park"));
        assert_eq!(nearest("LOCATD_IN", ["LOCATED_IN", "PART_OF"]), Some("LOCATED_IN"));
        assert_eq!(nearest("sise_cny", ["size_usd", "size_cny"]), Some("size_cny"));
    }

    #[test]
    fn names_chinese_names_by_one_wrong_character() {
        assert_eq!(nearest("圆区", ["园区", "城市"]), Some("园区"));
        assert_eq!(nearest("区园", ["园区"]), Some("园区"));
        assert_eq!(nearest("圆", ["园"]), None);
        assert_eq!(nearest("城市", ["园区"]), None);
    }

    #[test]
    fn is_silent_where_nothing_is_near() {
        assert_eq!(nearest("n", ["m"]), None);
        assert_eq!(nearest("N", ["n"]), Some("n"));
        assert_eq!(nearest("abcd", ["wxyz"]), None);
        assert_eq!(nearest("", ["x"]), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), ["x"]), None);
    }

    #[test]
    fn takes_the_first_in_order_of_text_among_equals() {
        assert_eq!(nearest("name1", ["name3", "name2"]), Some("name2"));
        assert_eq!(nearest("name1", ["name2", "name3"]), Some("name2"));
    }
}
