//! Import of a folder of CSV files that `import.toml` describes: which label or type each file holds, its key, its ends, its columns.
//!
//! ```toml
//! [nodes.Person]
//! file = "Person.csv"
//! key = "id"                                         # unique within the label, and indexed
//! columns = { id = "integer", name = "string" }      # string, integer, float, boolean, date, partial date, list of …
//!
//! [relationships.FOLLOWS]
//! file = "FOLLOWS.csv"
//! from = "Person"                                    # the labels at the ends
//! to = "Person"
//! from_column = "src"                                # which columns hold their keys; these do not become properties
//! to_column = "dst"
//! columns = { src = "integer", dst = "integer", since = "integer" }
//! ```
//!
//! Files are streamed, a few blocks of rows at a time, which all threads read; nothing is kept of a row but its values. All is loaded or nothing, unless bad rows are put aside.

pub(super) mod column;
mod description;
mod load;

pub(super) use load::duplicate_key;
pub use load::{FolderImport, ImportError};
