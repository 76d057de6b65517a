//! Trees back to text: what is printed parses to the same tree.
//!
//! The text stands in one line, keywords in capitals, with no more brackets than the tree needs. A column without alias keeps its text as
//! it was written, because that text is the column's name.

mod name;
mod expression;
mod pattern;
mod clause;
mod statement;

use super::ast;

pub use name::{quote_name, quote_string};

/// Returns a statement's text.
pub fn statement(statement: &ast::Statement) -> String {
    let mut printer = Printer { text: String::new(), keep_columns: true };
    printer.statement(statement);
    printer.text
}

/// Returns the text of a lens, with a blank behind it; nothing where there is none.
pub fn lens(lens: &ast::LensPrefix) -> String {
    let mut printer = Printer { text: String::new(), keep_columns: true };
    printer.lens(lens);
    printer.text
}

/// Returns the text of what elements a graph may have.
pub fn graph_type(elements: &[ast::ElementType]) -> String {
    let mut printer = Printer { text: String::new(), keep_columns: true };
    printer.graph_type(elements);
    printer.text
}

/// Returns a statement's text from the tree alone, also where a column's name changes by it.
#[cfg(test)]
pub(super) fn statement_afresh(statement: &ast::Statement) -> String {
    let mut printer = Printer { text: String::new(), keep_columns: false };
    printer.statement(statement);
    printer.text
}

/// The text so far.
struct Printer {
    text: String,
    /// Whether a column without alias is printed as it was written.
    keep_columns: bool,
}

impl Printer {
    /// Adds a text as it is.
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds items with a text between them.
    fn list<Item>(&mut self, items: &[Item], between: &str, mut print: impl FnMut(&mut Self, &Item)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.put(between);
            }
            print(self, item);
        }
    }
}
