//! `:find TEXT`: nodes by name, best first.

use super::commands::{Done, statement, wrong};
use super::session::Session;

/// How many nodes are shown.
const MOST_FOUND: usize = 20;

/// Finds nodes and shows them as rows.
pub(super) fn find(session: &mut Session, text: &str) -> Done {
    if text.is_empty() {
        return Err(wrong("`:find` needs a name, or its beginning, pinyin or initials".to_owned()));
    }
    let text = text.trim_matches(['\'', '"']).replace('\\', "\\\\").replace('\'', "\\'");
    let query = format!(
        "CALL search.names('{text}', {{limit: {MOST_FOUND}}}) YIELD node, name, how \
         RETURN name, how, labels(node) AS labels, elementId(node) AS element"
    );
    statement(session, &query)
}
