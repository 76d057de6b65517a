//! The nearest known name to one that is not known, for the hint "did you mean".
//!
//! Names are compared without case, by the number of characters to insert, delete, replace or swap with their neighbour
//! (optimal string alignment). How far is still near depends on the length, so that `n` does not suggest `m`, while one
//! wrong character of a Chinese name of two is near: each of its characters carries as much as several letters.

use crate::text::distance_within;

/// Returns the known name that is nearest to `name`, if one is near enough to be worth naming.
///
/// Of equally near names the first in order of text is taken, whatever the order they come in.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let mut wanted = Vec::new();
    lower_into(name, &mut wanted);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let (most, wanted_sorts) = (allowed(&wanted), sorts(&wanted));
    let mut best: Option<(usize, &'n str)> = None;
    // A statement may name many that are unknown, and a graph has hundreds: most are told apart by length and characters alone.
    let mut other = Vec::new();
    for candidate in known {
        lower_into(candidate, &mut other);
        if other.is_empty() || other.len() > LONGEST || candidate == name {
            continue;
        }
        let so_far = best.map_or(usize::MAX, |(far, _)| far);
        let limit = most.min(allowed(&other)).min(so_far);
        let other_sorts = sorts(&other);
        let apart = (wanted_sorts & !other_sorts).count_ones().max((other_sorts & !wanted_sorts).count_ones());
        if apart as usize > limit {
            continue;
        }
        let Some(far) = distance_within(&wanted, &other, limit) else { continue };
        // Without one common character nothing is near, however short.
        let near = far == 0 || wanted.iter().any(|character| other.contains(character));
        if near && best.is_none_or(|current| (far, candidate) < current) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The longest name in characters that is compared; beyond it the work is not worth the hint.
const LONGEST: usize = 120;

fn lower_into(name: &str, lowered: &mut Vec<char>) {
    lowered.clear();
    if name.is_ascii() {
        lowered.extend(name.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        lowered.extend(name.chars().flat_map(char::to_lowercase));
    }
}

/// Returns which of 64 sorts of characters a name has: each sort that only one of two names has is a wrong character at least.
fn sorts(name: &[char]) -> u64 {
    name.iter().fold(0, |sorts, &character| sorts | 1 << (u32::from(character) % 64))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest_without_case() {
        assert_eq!(nearest("city", ["Book", "City"]), Some("City"));
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
    fn leaves_nothing_out_early_that_is_near() {
        let names: Vec<String> = (0..4_u32.pow(5))
            .map(|number| (0..5).map(|place| ['a', 'B', '园', 'é'][(number / 4_u32.pow(place) % 4) as usize]).collect())
            .collect();
        for wanted in names.iter().step_by(37) {
            let others = names.iter().filter(|other| *other != wanted).step_by(11);
            let far = |other: &str| crate::text::distance(&wanted.to_lowercase(), &other.to_lowercase());
            let nearest_of_all =
                others.clone().map(|other| (far(other), other.as_str())).min().expect("there are others");
            let expected = (nearest_of_all.0 <= 1).then_some(nearest_of_all.1);
            assert_eq!(nearest(wanted, others.map(String::as_str)), expected, "{wanted}");
        }
    }

    #[test]
    fn takes_the_first_in_order_of_text_among_equals() {
        assert_eq!(nearest("name1", ["name3", "name2"]), Some("name2"));
        assert_eq!(nearest("name1", ["name2", "name3"]), Some("name2"));
    }
}
