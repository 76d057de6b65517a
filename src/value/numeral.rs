//! Reads numbers as people print them: `1,234.5`, `1.78万`, `3千万`, `1亿5000万`, `二十三`, `10 billion`.
//!
//! The result is an exact fraction, so that money stays exact.

/// An exact number: a numerator over a power of ten (or a unit's denominator).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    /// What is divided.
    pub(super) numerator: i128,
    /// What it is divided by; positive.
    pub(super) denominator: i128,
}

impl Exact {
    /// A whole number.
    pub(super) const fn whole(number: i128) -> Exact {
        Exact { numerator: number, denominator: 1 }
    }

    /// The product, if it fits.
    pub(super) fn times(self, factor: Exact) -> Option<Exact> {
        let numerator = self.numerator.checked_mul(factor.numerator)?;
        let denominator = self.denominator.checked_mul(factor.denominator)?;
        Some(Exact { numerator, denominator })
    }

    /// The sum, if it fits.
    fn plus(self, other: Exact) -> Option<Exact> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let denominator = self.denominator.checked_mul(other.denominator)?;
        Some(Exact { numerator: left.checked_add(right)?, denominator })
    }

    /// The integer that this is, if it is one of 64 bits.
    pub(super) fn integer(self) -> Option<i64> {
        let whole = self.numerator % self.denominator == 0;
        if whole { i64::try_from(self.numerator / self.denominator).ok() } else { None }
    }

    /// The nearest float.
    pub(super) fn float(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// A number and what was read of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    /// The number without its scale: 30 of `30万`.
    pub(super) plain: Exact,
    /// The scale behind it: 10 000 of `30万`; none if it has none.
    pub(super) scale: Option<i128>,
    /// The number with its scale.
    pub(super) value: Exact,
    /// Whether it was said to be more: `10余`, `100多`.
    pub(super) and_more: bool,
}

/// Scales behind a number, the longer words first.
const SCALES: [(&str, i128); 12] = [
    ("billion", 1_000_000_000),
    ("million", 1_000_000),
    ("thousand", 1_000),
    ("亿", 100_000_000),
    ("億", 100_000_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("千", 1_000),
    ("仟", 1_000),
    ("百", 100),
    ("佰", 100),
    ("十", 10),
];

/// Words that say that it is a little more.
const AND_MORE: [&str; 4] = ["余", "餘", "多", "+"];

/// Reads a number at the start of a text without white space; gives what is left.
pub(super) fn read_numeral(text: &str) -> Option<(Numeral, &str)> {
    let (mut numeral, mut rest) = read_scaled(text)?;
    // `1亿5000万`: what follows is added, as long as its scale is smaller.
    let mut scale = numeral.scale;
    while let (Some(limit), Some((next, next_rest))) = (scale, read_scaled(rest)) {
        if next.scale.is_none_or(|smaller| smaller >= limit) {
            break;
        }
        numeral.value = numeral.value.plus(next.value)?;
        numeral.and_more |= next.and_more;
        (scale, rest) = (next.scale, next_rest);
    }
    Some((numeral, rest))
}

/// One number with the scale behind it.
fn read_scaled(text: &str) -> Option<(Numeral, &str)> {
    let (plain, rest) = read_plain(text)?;
    let (early, rest) = take_word(rest, &AND_MORE);
    let (scale, rest) = read_scale(rest);
    let (late, rest) = take_word(rest, &AND_MORE);
    let value = plain.times(Exact::whole(scale.unwrap_or(1)))?;
    Some((Numeral { plain, scale, value, and_more: early || late }, rest))
}

/// Digits, or Chinese numerals below ten thousand.
fn read_plain(text: &str) -> Option<(Exact, &str)> {
    if text.starts_with(|first: char| first.is_ascii_digit()) { read_digits(text) } else { read_characters(text) }
}

/// Digits with commas between thousands and a decimal point.
fn read_digits(text: &str) -> Option<(Exact, &str)> {
    let bytes = text.as_bytes();
    let mut numerator: i128 = 0;
    let mut denominator: i128 = 1;
    let mut point = false;
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let digit_follows = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => {
                numerator = numerator.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                if point {
                    denominator = denominator.checked_mul(10)?;
                }
            }
            b',' if !point && digit_follows => {}
            b'.' if !point && digit_follows => point = true,
            _ => break,
        }
        end += 1;
    }
    Some((Exact { numerator, denominator }, text.get(end..)?))
}

/// Chinese numerals up to 9 999: `五`, `十二`, `三百零五`; a single `百` or bigger is no number of its own.
fn read_characters(text: &str) -> Option<(Exact, &str)> {
    let mut total: i128 = 0;
    let mut digit: Option<i128> = None;
    let mut lowest = 10_000;
    let mut rest = text;
    let mut any = false;
    while let Some(first) = rest.chars().next() {
        if let Some(value) = digit_of(first) {
            if digit.is_some_and(|earlier| earlier != 0) {
                return None;
            }
            digit = Some(value);
        } else if let Some(unit) = unit_of(first) {
            let count = match digit.take() {
                Some(count) if count != 0 => count,
                _ if unit == 10 => 1,
                _ => break,
            };
            if unit >= lowest {
                return None;
            }
            lowest = unit;
            total += count * unit;
        } else {
            break;
        }
        any = true;
        rest = rest.get(first.len_utf8()..)?;
    }
    if any { Some((Exact::whole(total + digit.unwrap_or(0)), rest)) } else { None }
}

/// The digit that a character is.
fn digit_of(character: char) -> Option<i128> {
    let place = "零一二三四五六七八九".chars().position(|digit| digit == character);
    match character {
        '〇' => Some(0),
        '两' | '兩' => Some(2),
        _ => place.and_then(|place| i128::try_from(place).ok()),
    }
}

/// The unit within a numeral below ten thousand that a character is.
fn unit_of(character: char) -> Option<i128> {
    match character {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        _ => None,
    }
}

/// All scales that follow each other, multiplied: `千万`.
fn read_scale(text: &str) -> (Option<i128>, &str) {
    let mut scale: Option<i128> = None;
    let mut rest = text;
    while let Some((word, factor)) = SCALES.iter().find(|(word, _)| rest.starts_with(word)) {
        let Some(product) = scale.unwrap_or(1).checked_mul(*factor) else { break };
        scale = Some(product);
        rest = rest.get(word.len()..).unwrap_or_default();
    }
    (scale, rest)
}

/// Takes one of these words, if the text begins with it.
fn take_word<'a>(text: &'a str, words: &[&str]) -> (bool, &'a str) {
    match words.iter().find_map(|word| text.strip_prefix(word)) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_digits_and_characters() {
        let cases = [
            ("1,234.5", 12_345, 10),
            ("1.78万", 17_800, 1),
            ("3千万", 30_000_000, 1),
            ("1亿5000万", 150_000_000, 1),
            ("2000亿", 200_000_000_000, 1),
            ("10billion", 10_000_000_000, 1),
            ("五", 5, 1),
            ("十二", 12, 1),
            ("二十三", 23, 1),
            ("三百零五", 305, 1),
            ("两千万", 20_000_000, 1),
            ("一亿", 100_000_000, 1),
        ];
        for (text, numerator, denominator) in cases {
            let (numeral, rest) = read_numeral(text).unwrap_or_else(|| panic!("{text}"));
            let expected = Exact { numerator, denominator };
            assert_eq!((numeral.value.float(), rest), (expected.float(), ""), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in ["", "万", "上百", "abc", "一二三"] {
            assert!(read_numeral(text).is_none(), "{text}");
        }
        let (numeral, rest) = read_numeral("100多家").expect("a number");
        assert!(numeral.and_more && rest == "家");
        assert!(read_numeral(&"9".repeat(60)).is_none());
        assert!(
            read_numeral(&"1亿".repeat(100_000))
                .is_some_and(|(numeral, _)| numeral.value.integer() == Some(100_000_000))
        );
    }
}
