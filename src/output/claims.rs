//! Claims as text: a JSON object for programs, a line of a footnote for people.
//!
//! ```text
//! [1] s002 L187: fund/xiongan size_cny = 10000000000 CNY (printed "100亿元", as of 2019-05)
//! [2] unsourced: park/x name
//! ```

use std::fmt::Write;

use super::json_text::{write_array, write_member, write_plain, write_string};
use super::notation::cell;
use crate::knowledge::{ClaimRecord, ClaimState};
use crate::text::visible;
use crate::value::ResultValue;

/// Appends a row's claims as an array of objects, their values as plain JSON.
pub fn write_claims(json: &mut String, claims: &[ClaimRecord]) {
    write_array(json, claims, |json, claim| write_claim(json, claim, write_plain));
}

/// Appends a claim as an object; texts that are not given are left out. `write_value` writes its value and date.
pub fn write_claim(json: &mut String, claim: &ClaimRecord, write_value: impl Fn(&mut String, &ResultValue)) {
    json.push_str("{\"state\":");
    write_string(json, claim.state.name());
    if let ClaimState::More(Some(count)) = claim.state {
        let _ = write!(json, ",\"count\":{count}");
    }
    if let Some(number) = claim.claim {
        let _ = write!(json, ",\"claim\":{number}");
    }
    let texts = [("element", &claim.element), ("property", &claim.property)];
    texts.into_iter().filter(|(_, text)| !text.is_empty()).for_each(|(name, text)| write_member(json, name, text));
    if !claim.value.is_null() {
        json.push_str(",\"value\":");
        write_value(json, &claim.value);
    }
    let texts = [
        ("unit", &claim.unit),
        ("comparator", &claim.comparator),
        ("source", &claim.source),
        ("title", &claim.title),
        ("locator", &claim.locator),
        ("as_printed", &claim.as_printed),
        ("passage", &claim.passage),
        ("attributed_to", &claim.attributed_to),
        ("rank", &claim.rank),
        ("note", &claim.note),
    ];
    texts.into_iter().filter(|(_, text)| !text.is_empty()).for_each(|(name, text)| write_member(json, name, text));
    if !claim.as_of.is_null() {
        json.push_str(",\"as_of\":");
        write_value(json, &claim.as_of);
    }
    if claim.tie {
        json.push_str(",\"tie\":true");
    }
    if claim.disputed > 0 {
        let _ = write!(json, ",\"disputed\":{}", claim.disputed);
    }
    json.push('}');
}

/// Returns a claim in one line, as a footnote says it; control characters are shown, not sent.
pub fn claim_line(claim: &ClaimRecord) -> String {
    let mut line = String::new();
    let place = if claim.locator.is_empty() { String::new() } else { format!(" {}", claim.locator) };
    let about = what_is_said(claim);
    match claim.state {
        ClaimState::Unsourced => line = format!("unsourced: {about}"),
        ClaimState::NothingFound => line.push_str("an optional part found nothing: there is nothing to cite for it"),
        ClaimState::Absence => line.push_str("rests on something not being there, which no claim states"),
        ClaimState::Nothing => line.push_str("rests on no element of the graph: there is nothing to cite"),
        ClaimState::More(Some(1)) => line.push_str("and the claims on 1 more element, which are not shown"),
        ClaimState::More(Some(count)) => line = format!("and the claims on {count} more elements, which are not shown"),
        ClaimState::More(None) => line.push_str("and more claims, which are not shown"),
        ClaimState::Loser => line = format!("not counted: {}{place}: {about}", claim.source),
        ClaimState::Deprecated => line = format!("deprecated: {}{place}: {about}", claim.source),
        _ => line = format!("{}{place}: {about}", claim.source),
    }
    let particulars = particulars(claim);
    if !particulars.is_empty() {
        let _ = write!(line, " ({})", particulars.join(", "));
    }
    visible(&line).into_owned()
}

/// Returns the passage that a claim points to, in one line under its footnote; nothing where the document is not at hand.
pub fn passage_line(claim: &ClaimRecord) -> Option<String> {
    // A row of a table in the document is a line with tabs.
    let passage = claim.passage.replace('\t', "  ");
    (!passage.is_empty()).then(|| visible(&passage).into_owned())
}

/// Says what a claim states of what.
fn what_is_said(claim: &ClaimRecord) -> String {
    let value = match &claim.value {
        ResultValue::String(text) => text.to_string(),
        value => cell(value),
    };
    match (claim.property.is_empty(), claim.value.is_null()) {
        (true, true) => claim.element.to_string(),
        (true, false) => format!("{} is {value}", claim.element),
        (false, true) => format!("{} {}", claim.element, claim.property),
        (false, false) => {
            let unit = if claim.unit.is_empty() { String::new() } else { format!(" {}", claim.unit) };
            let relation = if claim.comparator.is_empty() { String::new() } else { format!("{} ", claim.comparator) };
            format!("{} {} = {relation}{value}{unit}", claim.element, claim.property)
        }
    }
}

/// Says how a claim is stated.
fn particulars(claim: &ClaimRecord) -> Vec<String> {
    let mut parts = Vec::new();
    if !claim.as_printed.is_empty() {
        parts.push(format!("printed \"{}\"", claim.as_printed));
    }
    if !claim.as_of.is_null() {
        let date = cell(&claim.as_of);
        parts.push(format!("as of {}", date.trim_matches('\'')));
    }
    if !claim.rank.is_empty() && claim.rank != "normal" {
        parts.push(claim.rank.to_string());
    }
    if !claim.attributed_to.is_empty() && claim.attributed_to != claim.source {
        parts.push(format!("attributed to {}", claim.attributed_to));
    }
    if claim.tie {
        parts.push("a tie: only a fixed order chose among the values".to_owned());
    }
    match claim.disputed {
        0 => {}
        1 => parts.push("1 claim contradicts it".to_owned()),
        count => parts.push(format!("{count} claims contradict it")),
    }
    if !claim.note.is_empty() {
        parts.push(format!("note: {}", claim.note));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim() -> ClaimRecord {
        ClaimRecord {
            claim: Some(7),
            element: "tower/a".into(),
            property: "height".into(),
            value: ResultValue::Integer(300),
            source: "s1".into(),
            locator: "L7".into(),
            as_printed: "300\u{1b}".into(),
            unit: "m".into(),
            disputed: 1,
            ..ClaimRecord::new(ClaimState::Winner)
        }
    }

    #[test]
    fn a_claim_is_an_object_and_a_line() {
        let mut json = String::new();
        write_claims(&mut json, &[claim(), ClaimRecord::new(ClaimState::More(Some(3)))]);
        let expected = "[{\"state\":\"winner\",\"claim\":7,\"element\":\"tower/a\",\"property\":\"height\",\"value\":300,\
            \"unit\":\"m\",\"source\":\"s1\",\"locator\":\"L7\",\"as_printed\":\"300\\u001b\",\"disputed\":1},\
            {\"state\":\"more\",\"count\":3}]";
        assert_eq!(json, expected);
        let line = claim_line(&claim());
        assert_eq!(line, "s1 L7: tower/a height = 300 m (printed \"300\\u{1b}\", 1 claim contradicts it)");
        let unsourced = ClaimRecord { element: "tower/b".into(), ..ClaimRecord::new(ClaimState::Unsourced) };
        assert_eq!(claim_line(&unsourced), "unsourced: tower/b");
    }
}
