//! The marks in a drawn text: groups of alternatives, of which the last is meant and the others are smaller.

const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';
const OR: char = '\u{3}';

/// Returns the last of the alternatives, marked as replaceable by the others.
pub(super) fn either(alternatives: &[&str]) -> String {
    format!("{OPEN}{}{CLOSE}", alternatives.join(&OR.to_string()))
}

/// Returns a text that can be left out.
pub(super) fn removable(text: &str) -> String {
    either(&["", text])
}

/// Returns the text that is meant, without marks.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut starts: Vec<usize> = Vec::new();
    for character in text.chars() {
        match character {
            OPEN => starts.push(out.len()),
            OR => out.truncate(*starts.last().expect("an alternative stands in a group")),
            CLOSE => {
                starts.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Returns the texts in which one group is replaced by one of its smaller alternatives, big changes first.
pub fn smaller(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, character) in text.char_indices() {
        if character != OPEN {
            continue;
        }
        let (alternatives, end) = group(text, start);
        let (last, others) = alternatives.split_last().expect("a group has an alternative");
        // A group within an alternative that is not meant changes nothing.
        if is_meant(text, start) {
            let shorter = others.iter().filter(|other| other.len() < last.len());
            found.extend(shorter.map(|other| format!("{}{other}{}", &text[..start], &text[end..])));
        }
    }
    found
}

/// Returns the alternatives of the group that begins at `start`, and where it ends.
fn group(text: &str, start: usize) -> (Vec<&str>, usize) {
    let (mut depth, mut from, mut parts) = (0, start + 1, Vec::new());
    for (place, character) in text[start..].char_indices() {
        let place = start + place;
        match character {
            OPEN => depth += 1,
            OR if depth == 1 => {
                parts.push(&text[from..place]);
                from = place + 1;
            }
            CLOSE => {
                depth -= 1;
                if depth == 0 {
                    parts.push(&text[from..place]);
                    return (parts, place + 1);
                }
            }
            _ => {}
        }
    }
    unreachable!("every group is closed")
}

/// Says whether a place lies in last alternatives only.
fn is_meant(text: &str, place: usize) -> bool {
    let mut open = Vec::new();
    for (at, character) in text[..place].char_indices() {
        match character {
            OPEN => open.push(at),
            CLOSE => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().all(|start| {
        let (alternatives, end) = group(text, start);
        let last = alternatives.last().map_or(0, |last| last.len());
        place >= end - 1 - last
    })
}
