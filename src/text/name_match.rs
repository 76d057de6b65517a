//! How well a name answers what somebody typed: exactly, by its beginning, inside, by pinyin, by initials, or nearly.
//!
//! ```text
//! 杭州西溪谷   exact      杭州西溪谷, 杭州 西溪谷
//!              prefix     杭州
//!              substring  西溪
//!              pinyin     xixigu, xīxīgǔ, xixig, 溪西 read alike: 西西谷
//!              initials   xxg, hzxxg, hzxixi, 杭zhou西xg
//!              fuzzy      杭州西溪园
//! ```
//!
//! Every reading of a character counts, so `chongqing` and `zhongqing` both find 重庆.

use super::distance::distance_within;
use super::fold::fold;
use super::pinyin::{readings, without_tone};

/// The ways in which a name can match, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameMatch {
    /// The folded texts are equal.
    Exact,
    /// The name begins with it.
    Prefix,
    /// The name contains it.
    Substring,
    /// Whole syllables of the name sound like it; the last may be unfinished.
    Pinyin,
    /// First letters of syllables, alone or among whole syllables and characters.
    Initials,
    /// A few characters differ.
    Fuzzy,
}

/// How well a name matches; the smaller the better, so that sorting brings the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameScore {
    /// The way in which it matches.
    pub how: NameMatch,
    /// How many characters differ; not 0 only for [`NameMatch::Fuzzy`].
    pub distance: usize,
    /// Where the match begins, in characters of the folded name.
    pub start: usize,
    /// How many characters longer or shorter the name is than what was typed.
    pub length_difference: usize,
}

/// A name prepared for matching.
#[derive(Clone, Debug)]
pub struct NameKey {
    folded: Vec<char>,
    readings: Vec<Vec<&'static str>>,
}

impl NameKey {
    /// Returns the name, folded and with the readings of its characters.
    pub fn new(name: &str) -> Self {
        let folded: Vec<char> = fold(name).chars().collect();
        let readings = folded.iter().map(|&character| readings(character)).collect();
        NameKey { folded, readings }
    }
}

/// What somebody typed, prepared for matching against many names.
#[derive(Clone, Debug)]
pub struct NameQuery {
    folded: Vec<char>,
    /// The folded text without tone marks, with the readings of its own Chinese characters.
    typed: Vec<(char, Vec<&'static str>)>,
    fuzzy: Allowance,
}

/// The longest query in characters that pinyin and nearness are tried for; longer ones match as text only.
const LONGEST_TYPED: usize = 64;

impl NameQuery {
    /// Returns the query for this text.
    pub fn new(text: &str) -> Self {
        let folded: Vec<char> = fold(text).chars().collect();
        // Pinyin may be typed with tone marks and apostrophes (`xī'ān`), which folding keeps in names.
        let plain = fold(&without_tone(text)).replace(['"', '-'], "");
        let short = plain.chars().count() <= LONGEST_TYPED;
        let typed = if short { plain.chars().map(|each| (each, readings(each))).collect() } else { Vec::new() };
        let fuzzy = if short { Allowance::of(&folded) } else { Allowance { inside: 0, whole: 0 } };
        NameQuery { folded, typed, fuzzy }
    }

    /// Returns how well this name matches, if it does; nothing matches the empty query.
    pub fn score(&self, name: &str) -> Option<NameScore> {
        self.score_key(&NameKey::new(name))
    }

    /// Returns how well this prepared name matches, if it does.
    pub fn score_key(&self, name: &NameKey) -> Option<NameScore> {
        if self.folded.is_empty() || name.folded.is_empty() {
            return None;
        }
        let length_difference = name.folded.len().abs_diff(self.folded.len());
        let score = |how, distance, start| Some(NameScore { how, distance, start, length_difference });
        if let Some(start) = find(&name.folded, &self.folded) {
            return match (start, length_difference) {
                (0, 0) => score(NameMatch::Exact, 0, 0),
                (0, _) => score(NameMatch::Prefix, 0, 0),
                _ => score(NameMatch::Substring, 0, start),
            };
        }
        if let Some((how, start)) = self.sounds_like(name) {
            return score(how, 0, start);
        }
        let (distance, start) = self.nearly(&name.folded)?;
        score(NameMatch::Fuzzy, distance, start)
    }

    /// Returns the best way in which the name sounds like the query, and where that begins.
    fn sounds_like(&self, name: &NameKey) -> Option<(NameMatch, usize)> {
        if self.typed.is_empty() || name.readings.iter().all(Vec::is_empty) {
            return None;
        }
        (0..name.folded.len()).filter_map(|start| self.sounds_from(name, start).map(|how| (how, start))).min()
    }

    /// Walks the name from `start`, keeping for each number of characters typed so far the best way to get there.
    fn sounds_from(&self, name: &NameKey, start: usize) -> Option<NameMatch> {
        let typed = &self.typed;
        let mut reached: Vec<Option<NameMatch>> = vec![None; typed.len() + 1];
        reached[0] = Some(NameMatch::Pinyin);
        let mut finished: Option<NameMatch> = None;
        for (&character, readings) in name.folded.iter().zip(&name.readings).skip(start) {
            let mut next: Vec<Option<NameMatch>> = vec![None; typed.len() + 1];
            for (at, how) in reached.iter().enumerate().take(typed.len()) {
                let Some(how) = *how else { continue };
                for step in steps(character, readings, &typed[at..]) {
                    let place = &mut next[at + step.length];
                    let how = how.max(step.how);
                    *place = Some(place.map_or(how, |before| before.min(how)));
                }
            }
            finished = finished.into_iter().chain(next[typed.len()]).min();
            if next.iter().all(Option::is_none) {
                break;
            }
            reached = next;
        }
        finished
    }

    /// Returns the distance to the nearest part of the name, and where that part begins, if it is near enough.
    fn nearly(&self, name: &[char]) -> Option<(usize, usize)> {
        let whole = distance_within(&self.folded, name, self.fuzzy.whole).map(|far| (far, 0));
        let inside = nearest_part(&self.folded, name).filter(|(far, _)| *far <= self.fuzzy.inside);
        whole.into_iter().chain(inside).min()
    }
}

/// One way in which a character of a name can answer for the next characters typed.
struct Step {
    length: usize,
    how: NameMatch,
}

fn steps(character: char, readings: &[&str], typed: &[(char, Vec<&'static str>)]) -> Vec<Step> {
    let mut steps = Vec::new();
    let Some((first, first_readings)) = typed.first() else { return steps };
    let alike = first_readings.iter().any(|reading| readings.contains(reading));
    if *first == character || alike {
        steps.push(Step { length: 1, how: NameMatch::Pinyin });
    }
    for reading in readings {
        let common = reading.chars().zip(typed).take_while(|(letter, (each, _))| same_letter(*letter, *each)).count();
        let unfinished = common == typed.len() && common > 1;
        if common > 0 && (common == reading.len() || unfinished) {
            steps.push(Step { length: common, how: NameMatch::Pinyin });
        }
        if common > 0 {
            steps.push(Step { length: 1, how: NameMatch::Initials });
        }
        if common > 1 && ["zh", "ch", "sh"].iter().any(|initial| reading.starts_with(initial)) {
            steps.push(Step { length: 2, how: NameMatch::Initials });
        }
    }
    steps
}

/// Says whether a letter of a reading is what was typed; `ü`, here `v`, is often typed as `u`.
fn same_letter(letter: char, typed: char) -> bool {
    letter == typed || (letter == 'v' && typed == 'u')
}

/// How many characters may differ.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    /// From a part of a name.
    inside: usize,
    /// From the whole name.
    whole: usize,
}

impl Allowance {
    /// A Chinese character carries as much as several letters, so fewer of them are enough to be sure.
    fn of(folded: &[char]) -> Self {
        let chinese = folded.iter().any(|&character| !readings(character).is_empty());
        let (inside, whole) = match (chinese, folded.len()) {
            (true, 0..=1) | (false, 0..=3) => (0, 0),
            (true, 2) => (0, 1),
            (false, 4) => (0, 1),
            (true, 3..=5) | (false, 5..=7) => (1, 1),
            (true, length) => (length / 3, length / 3),
            (false, length) => (length / 4, length / 4),
        };
        Allowance { inside, whole }
    }
}

fn find(name: &[char], part: &[char]) -> Option<usize> {
    name.windows(part.len()).position(|window| window == part)
}

/// Returns the distance of `part` to the nearest part of `name`, and where that begins (Sellers 1980).
fn nearest_part(part: &[char], name: &[char]) -> Option<(usize, usize)> {
    // Each cell holds the distance and the place in the name where its alignment begins.
    let mut previous: Vec<(usize, usize)> = (0..=name.len()).map(|start| (0, start)).collect();
    for (row, &here) in part.iter().enumerate() {
        let mut current = vec![(row + 1, 0)];
        for (column, &there) in name.iter().enumerate() {
            let (far, start) = previous[column];
            let replaced = (far + usize::from(here != there), start);
            let (far, start) = previous[column + 1];
            let missing = (far + 1, start);
            let (far, start) = current[column];
            let added = (far + 1, start);
            current.push(replaced.min(missing).min(added));
        }
        previous = current;
    }
    previous.into_iter().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(query: &str, name: &str) -> Option<NameMatch> {
        NameQuery::new(query).score(name).map(|score| score.how)
    }

    #[test]
    fn matches_in_every_way() {
        let name = "杭州西溪谷";
        for (query, expected) in [
            ("杭州 西溪谷", NameMatch::Exact),
            ("杭州", NameMatch::Prefix),
            ("西溪", NameMatch::Substring),
            ("xixigu", NameMatch::Pinyin),
            ("Xīxīgǔ", NameMatch::Pinyin),
            ("xi xi gu", NameMatch::Pinyin),
            ("xixig", NameMatch::Initials),
            ("xixi", NameMatch::Pinyin),
            ("西西谷", NameMatch::Pinyin),
            ("xxg", NameMatch::Initials),
            ("hzxxg", NameMatch::Initials),
            ("HZXXG", NameMatch::Initials),
            ("杭zhou西xg", NameMatch::Initials),
            ("杭州西溪园", NameMatch::Fuzzy),
        ] {
            assert_eq!(how(query, name), Some(expected), "{query}");
        }
        for query in ["", "gux", "abc", "北京", "上海西站"] {
            assert_eq!(how(query, name), None, "{query}");
        }
    }

    #[test]
    fn tries_every_reading_and_both_scripts() {
        assert_eq!(how("chongqing", "重庆"), Some(NameMatch::Pinyin));
        assert_eq!(how("zhongqing", "重慶"), Some(NameMatch::Pinyin));
        assert_eq!(how("區塊鏈", "区块链产业园"), Some(NameMatch::Prefix));
        assert_eq!(how("lvzhou", "绿洲"), Some(NameMatch::Pinyin));
        assert_eq!(how("luzhou", "绿洲"), Some(NameMatch::Pinyin));
        assert_eq!(how("xi'an", "西安"), Some(NameMatch::Pinyin));
        assert_eq!(how("shzhq", "上海张江"), None);
        assert_eq!(how("shzhj", "上海张江"), Some(NameMatch::Initials));
    }

    #[test]
    fn sorts_the_best_first() {
        let query = NameQuery::new("西溪谷");
        let mut names = ["西溪园", "杭州西溪谷", "西溪谷区块链产业园", "西溪谷", "西溪谷园"];
        names.sort_by_key(|name| query.score(name));
        assert_eq!(names, ["西溪谷", "西溪谷园", "西溪谷区块链产业园", "杭州西溪谷", "西溪园"]);
    }

    #[test]
    fn finds_english_names_with_a_typing_error() {
        assert_eq!(how("blokchain", "Xixi Valley Blockchain Campus"), Some(NameMatch::Fuzzy));
        assert_eq!(how("block chain", "Xixi Valley Blockchain Campus"), Some(NameMatch::Substring));
        assert_eq!(how("liek", "Like"), Some(NameMatch::Fuzzy));
        assert_eq!(how("zzz", "Like"), None);
    }

    #[test]
    fn bears_long_and_odd_queries() {
        let long = "x".repeat(100_000);
        assert_eq!(how(&long, "西溪谷"), None);
        assert_eq!(how("·", "西溪谷"), None);
        assert_eq!(how("西", "·"), None);
    }
}
