//! Tests of the room: what is read, what is refused and how, and that printing comes back.

mod formatting;
mod limits;
mod mutation;
mod reading;
mod refusing;
mod suite;

use std::sync::LazyLock;

use super::ast::Statement;
use super::{parse_statement, print};

/// What two trees of one meaning may differ in: places, and columns' texts.
static PLACES: LazyLock<regex::Regex> =
    LazyLock::new(|| regex::Regex::new(r#"Span \{ start: \d+, end: \d+ \}|text: "(\\.|[^"\\])*", span"#).unwrap());

/// Returns a tree without places.
fn shape(tree: &Statement) -> String {
    // A name's text is part of the meaning, a column's is not.
    let shown = format!("{tree:?}").replace("Name { text: ", "Name { ");
    PLACES.replace_all(&shown, "").into_owned()
}

/// Prints a tree in both ways and reads it again; returns what went wrong.
fn round_trip(query: &str, tree: &Statement) -> Option<String> {
    for printed in [print::statement(tree), print::statement_afresh(tree)] {
        match parse_statement(&printed) {
            Ok(again) if shape(&again) == shape(tree) => {}
            Ok(_) => return Some(format!("{query}\nprints as another tree:\n{printed}")),
            Err(error) => return Some(format!("{query}\nprints as\n{printed}\nwhich is refused: {error}")),
        }
    }
    None
}
