//! `:find TEXT`: nodes by name, best first.

use super::commands::{Done, statement, wrong};
use super::session::Session;

/// The properties that are looked at, where the graph has them.
const NAMES: [&str; 8] = ["name", "aliases", "nicknames", "misprints", "title", "label", "name_en", "aliases_en"];

/// How many nodes are shown.
const MOST_FOUND: usize = 20;

/// Finds nodes and shows them as rows.
pub(super) fn find(session: &mut Session, text: &str) -> Done {
    if text.is_empty() {
        return Err(wrong("`:find` needs a name, or its beginning, pinyin or initials".to_owned()));
    }
    let answer = session.connection.run("SHOW PROPERTY KEYS YIELD name", ());
    let keys: Vec<String> = answer.ok().and_then(|answer| answer.deserialize().ok()).unwrap_or_default();
    let known: Vec<String> =
        NAMES.into_iter().filter(|name| keys.iter().any(|key| key == name)).map(|name| format!("'{name}'")).collect();
    if known.is_empty() {
        let names = NAMES.map(|name| format!("`{name}`")).join(", ");
        return Err(wrong(format!("nothing in the graph has a name: none of {names}")));
    }
    let text = text.trim_matches(['\'', '"']).replace('\\', "\\\\").replace('\'', "\\'");
    let query = format!(
        "CALL search.names('{text}', {{properties: [{}], limit: {MOST_FOUND}}}) YIELD node, name, how \
         RETURN name, how, labels(node) AS labels, elementId(node) AS element",
        known.join(", ")
    );
    statement(session, &query)
}
