//! Bigrams: the neighbouring pairs of characters of a folded text, which a text index holds.
//!
//! `西溪谷` gives `西溪`, `溪谷` and, so that one character alone can be looked up too, `谷` with nothing after it. A text that
//! contains another contains all of its bigrams; the reverse must be checked on the text itself.

use std::ops::RangeInclusive;

/// Two neighbouring characters, ordered by the first, then by the second.
///
/// 64 bits: the first character's code shifted left by 21, the second's code below; 0 where the text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bigram(pub u64);

const BITS: u32 = 21;
const MASK: u64 = (1 << BITS) - 1;

impl Bigram {
    /// Returns the bigram of two characters; `None` stands for the end of the text.
    pub fn new(first: char, second: Option<char>) -> Self {
        Bigram(u64::from(u32::from(first)) << BITS | second.map_or(0, |character| u64::from(u32::from(character))))
    }

    /// Returns all bigrams that begin with this character: what a search for one character looks up.
    pub fn beginning_with(first: char) -> RangeInclusive<Bigram> {
        let low = Bigram::new(first, None);
        low..=Bigram(low.0 | MASK)
    }
}

/// Returns the bigrams that an index holds for a folded text, sorted, each once.
pub fn bigrams(folded: &str) -> Vec<Bigram> {
    let mut found = pairs(folded);
    if let Some(last) = folded.chars().next_back() {
        found.push(Bigram::new(last, None));
    }
    sorted(found)
}

/// Returns the bigrams that a text must have to contain the folded text, sorted, each once.
///
/// Empty for a text of one character (see [`Bigram::beginning_with`]) and for the empty text, which everything contains.
pub fn bigrams_wanted(folded: &str) -> Vec<Bigram> {
    sorted(pairs(folded))
}

fn pairs(folded: &str) -> Vec<Bigram> {
    folded.chars().zip(folded.chars().skip(1)).map(|(first, second)| Bigram::new(first, Some(second))).collect()
}

fn sorted(mut found: Vec<Bigram>) -> Vec<Bigram> {
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_bigrams_of_what_it_contains() {
        let text = bigrams("杭州西溪谷区块链产业园");
        assert!(bigrams_wanted("西溪谷").iter().all(|bigram| text.contains(bigram)));
        assert!(!bigrams_wanted("溪西").iter().all(|bigram| text.contains(bigram)));
        assert_eq!(text.len(), 11);
    }

    #[test]
    fn one_character_is_found_as_a_range() {
        let text = bigrams("西溪谷");
        for character in ['西', '溪', '谷'] {
            assert!(text.iter().any(|bigram| Bigram::beginning_with(character).contains(bigram)), "{character}");
        }
        assert!(!text.iter().any(|bigram| Bigram::beginning_with('园').contains(bigram)));
        assert!(bigrams_wanted("谷").is_empty());
    }

    #[test]
    fn bigrams_are_sorted_and_single() {
        assert_eq!(bigrams("aaaa").len(), 2);
        assert!(bigrams("").is_empty());
        let all = bigrams("\u{10ffff}ab");
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
