//! The passages that claims point to, out of the user's own copies of the documents.
//!
//! A source's document is the file of the folder whose name begins with the source's property `file`, or with its id; a locator that begins
//! `L187` names its line. What is not at hand is not shown; nothing is ever read but files of the folder that was named.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::engine::{ClaimRecord, Connection};
use crate::exchange::package::line_of;

/// How many letters of a passage are shown.
const SHOWN: usize = 120;

/// The documents of a folder, each read when it is first asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Passages {
    folder: Option<PathBuf>,
    /// How the files of sources begin, where the graph says so.
    beginnings: BTreeMap<String, String>,
    lines: BTreeMap<String, Vec<String>>,
}

impl Passages {
    /// Returns the passages of a folder, if one is named.
    pub(super) fn of(folder: Option<&Path>, connection: &mut Connection) -> Passages {
        let mut beginnings = BTreeMap::new();
        if folder.is_some() {
            let asked = "CALL claims.sources() YIELD source, id WHERE source.file IS NOT NULL RETURN toString(id), toString(source.file)";
            let listed =
                connection.run(asked, ()).ok().and_then(|answer| answer.deserialize::<(String, String)>().ok());
            beginnings = listed.unwrap_or_default().into_iter().collect();
        }
        Passages { folder: folder.map(Path::to_owned), beginnings, lines: BTreeMap::new() }
    }

    /// Fills in the passages of claims.
    pub(super) fn fill(&mut self, claims: &mut [ClaimRecord]) {
        if self.folder.is_none() {
            return;
        }
        for claim in claims.iter_mut() {
            if let Some(passage) = self.passage(claim) {
                claim.passage = passage.into();
            }
        }
    }

    fn passage(&mut self, claim: &ClaimRecord) -> Option<String> {
        let number = usize::try_from(line_of(&claim.locator)?).ok()?.checked_sub(1)?;
        let source = claim.source.as_str();
        if !self.lines.contains_key(source) {
            let lines = self.read(source).unwrap_or_default();
            self.lines.insert(source.to_owned(), lines);
        }
        let line = self.lines.get(source)?.get(number)?;
        Some(around(line, &claim.as_printed)).filter(|passage| !passage.is_empty())
    }

    fn read(&self, source: &str) -> Option<Vec<String>> {
        let folder = self.folder.as_ref()?;
        let beginning = self.beginnings.get(source).map_or(source, String::as_str);
        let entries = std::fs::read_dir(folder).ok()?;
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let named = |path: &&PathBuf| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(beginning))
                && path.is_file()
        };
        let text = std::fs::read_to_string(files.iter().find(named)?).ok()?;
        Some(text.lines().map(|line| without_tags(line).trim().to_owned()).collect())
    }
}

/// Returns a line without the tags of HTML, and with the characters that its commonest references stand for.
fn without_tags(line: &str) -> Cow<'_, str> {
    if !line.contains(['<', '&']) {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let begins = |name: &str| name.starts_with(|first: char| first.is_ascii_alphabetic() || "/!".contains(first));
        // A sign that opens no tag is text: `a < b`.
        match rest[start..].find('>').filter(|_| begins(&rest[start + 1..])) {
            Some(end) => {
                let is_cell = ["<td", "<th", "<br"].iter().any(|name| rest[start..].starts_with(name));
                if is_cell && !text.is_empty() {
                    text.push(' ');
                }
                rest = &rest[start + end + 1..];
            }
            None => {
                text.push('<');
                rest = &rest[start + 1..];
            }
        }
    }
    text.push_str(rest);
    let references = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = references.into_iter().fold(text, |text, (reference, sign)| text.replace(reference, sign));
    Cow::Owned(text)
}

/// Returns the part of a line around what is printed; its beginning where that is not found.
fn around(line: &str, printed: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    if letters.len() <= SHOWN {
        return line.to_owned();
    }
    let place = if printed.is_empty() { None } else { line.find(printed) };
    let (found, length) = match place {
        Some(place) => (line[..place].chars().count(), printed.chars().count()),
        None => (0, 0),
    };
    let spare = SHOWN.saturating_sub(length);
    let start = found.saturating_sub(spare / 2).min(letters.len() - SHOWN.min(letters.len()));
    let end = (start + SHOWN.max(length)).min(letters.len());
    let shown: String = letters[start..end].iter().collect();
    let (before, behind) = (if start > 0 { "…" } else { "" }, if end < letters.len() { "…" } else { "" });
    format!("{before}{}{behind}", shown.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_what_stands_around_what_is_printed() {
        assert_eq!(around("a short line", "short"), "a short line");
        let long = format!("{}地{}", "前".repeat(300), "后".repeat(300));
        let shown = around(&long, "地");
        assert!(shown.contains('地') && shown.starts_with('…') && shown.ends_with('…'));
        assert_eq!(shown.chars().count(), SHOWN + 2);
        assert!(around(&long, "nowhere").starts_with('前'));
    }

    #[test]
    fn tags_are_no_part_of_a_passage() {
        let line = "<div class=\"m\"><p><strong>first&nbsp;tower</strong>, 3 &lt; 4 &amp; 1 < 2</p>";
        assert_eq!(without_tags(line), "first tower, 3 < 4 & 1 < 2");
        assert_eq!(without_tags("<tr><td>one</td><td>two</td></tr><!-- note -->"), "one two");
        assert_eq!(without_tags("cut off <img src="), "cut off <img src=");
    }

    #[test]
    fn a_claim_shows_its_line_of_the_document() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::fs::write(folder.path().join("s1_report.txt"), "one\r\ntwo\n").expect("it can be written");
        let mut connection = crate::engine::Database::in_memory().connect();
        let mut passages = Passages::of(Some(folder.path()), &mut connection);
        let claim = |source: &str, locator: &str| ClaimRecord {
            source: source.into(),
            locator: locator.into(),
            ..ClaimRecord::new(crate::engine::ClaimState::Winner)
        };
        let mut claims = [claim("s1", "L2 table"), claim("s1", "L9"), claim("s2", "L1"), claim("s1", "page 3")];
        passages.fill(&mut claims);
        assert_eq!(claims.map(|claim| claim.passage), ["two", "", "", ""]);
    }
}
