//! Strings of one chunk, end to end in one text.
//!
//! ```text
//!   text       A n n i I s l u …
//!   offsets    0 4 8 …              where each begins; ends with the size of all
//! ```
//! Reading a chunk from a file makes one text of it, however many strings it has.

use smol_str::SmolStr;

use crate::value::character_count;

/// Strings in order of place.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    text: String,
    /// Where each string begins in the text, and last where the text ends: at boundaries of characters, ascending.
    offsets: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Texts { text: String::new(), offsets: vec![0] }
    }
}

impl Texts {
    /// Returns these strings; none if they are too long for one text.
    pub fn of<'a>(strings: impl ExactSizeIterator<Item = &'a str> + Clone) -> Option<Texts> {
        let mut offsets = Vec::with_capacity(strings.len() + 1);
        offsets.push(0);
        let mut size_bytes = 0usize;
        for string in strings.clone() {
            size_bytes += string.len();
            offsets.push(u32::try_from(size_bytes).ok()?);
        }
        let mut text = String::with_capacity(size_bytes);
        text.extend(strings);
        Some(Texts { text, offsets })
    }

    /// Returns the strings that a text is cut into; none if their lengths do not add up to it or cut a character.
    pub fn cut(text: String, lengths: &[u32]) -> Option<Texts> {
        let mut end = 0usize;
        let ends = lengths.iter().map(|length| {
            end += *length as usize;
            end as u32
        });
        let mut offsets = Vec::with_capacity(lengths.len() + 1);
        offsets.push(0);
        offsets.extend(ends);
        let fits = end == text.len() && end <= u32::MAX as usize;
        let whole = fits && (text.is_ascii() || offsets.iter().all(|offset| text.is_char_boundary(*offset as usize)));
        whole.then_some(Texts { text, offsets })
    }

    /// Returns how many strings there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns a string; the empty one beyond the last.
    #[inline]
    pub fn get(&self, place: usize) -> &str {
        let (Some(start), Some(end)) = (self.offsets.get(place), self.offsets.get(place + 1)) else { return "" };
        self.text.get(*start as usize..*end as usize).unwrap_or_default()
    }

    /// Returns a string as values keep it.
    #[inline]
    pub fn string(&self, place: usize) -> SmolStr {
        SmolStr::new(self.get(place))
    }

    /// Returns the strings of a range of places.
    pub fn range(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = &str> {
        let first = self.offsets.get(range.start).copied().unwrap_or_default() as usize;
        let mut rest = self.text.get(first..).unwrap_or_default();
        let ends = self.offsets.get(range.start..=range.end).unwrap_or_default().windows(2);
        ends.map(move |ends| {
            let (string, behind) = rest.split_at_checked((ends[1] - ends[0]) as usize).unwrap_or_default();
            rest = behind;
            string
        })
    }

    /// Appends how many characters each string of a range of places has.
    pub fn character_counts(&self, range: std::ops::Range<usize>, out: &mut Vec<i64>) {
        let ends = self.offsets.get(range.start..=range.end).unwrap_or_default();
        let text =
            ends.first().zip(ends.last()).and_then(|(first, last)| self.text.get(*first as usize..*last as usize));
        match text {
            Some(text) if text.is_ascii() => out.extend(ends.windows(2).map(|ends| i64::from(ends[1] - ends[0]))),
            _ => out.extend(self.range(range).map(|string| character_count(string) as i64)),
        }
    }

    /// Appends a string if the text does not grow too long, and says whether it did.
    pub fn push(&mut self, string: &str) -> bool {
        let Ok(end) = u32::try_from(self.text.len() + string.len()) else { return false };
        self.text.push_str(string);
        self.offsets.push(end);
        true
    }

    /// Returns all strings end to end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the length in bytes of each string.
    pub fn lengths(&self) -> Vec<u32> {
        self.offsets.windows(2).map(|ends| ends[1] - ends[0]).collect()
    }

    /// Returns how many bytes it takes in memory.
    pub fn held_size_bytes(&self) -> usize {
        self.text.len() + size_of_val(self.offsets.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_as_of_each_string() {
        for strings in [vec!["a", "", "bcd"], vec!["园区", "a", "", "é"], vec!["x", "谱", "yz"]] {
            let texts = Texts::of(strings.iter().copied()).expect("they are short");
            for start in 0..strings.len() {
                let mut counts = Vec::new();
                texts.character_counts(start..strings.len(), &mut counts);
                let expected: Vec<i64> = strings[start..].iter().map(|text| text.chars().count() as i64).collect();
                assert_eq!(counts, expected, "{strings:?} from {start}");
            }
        }
    }

    #[test]
    fn strings_come_back_and_wrong_cuts_are_refused() {
        let strings = ["北京", "", "a", "é"];
        let mut texts = Texts::of(strings[..3].iter().copied()).expect("they are short");
        assert!(texts.push("é"));
        assert!(texts.range(0..texts.len()).eq(strings));
        assert_eq!((texts.get(4), texts.lengths()), ("", vec![6, 0, 1, 2]));
        let again = Texts::cut(texts.text().to_owned(), &texts.lengths()).expect("these are its lengths");
        assert!(again.range(0..4).eq(strings));
        for wrong in [&[6, 0, 1][..], &[6, 0, 1, 3], &[5, 1, 1, 2], &[6, 0, 2, 1], &[u32::MAX, 10]] {
            assert!(Texts::cut(texts.text().to_owned(), wrong).is_none(), "{wrong:?}");
        }
        assert_eq!(Texts::default().len(), 0);
    }
}
