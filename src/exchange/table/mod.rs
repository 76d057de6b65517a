//! A file of rows as the nodes of one label: CSV with a header, or JSON lines.
//!
//! ```text
//!   id,name,since          (:City {id: 512, name: 'Suzhou', since: date('1949-05-01')})
//!   512,Suzhou,1949-05-01
//! ```
//!
//! CSV does not say types: a first pass over the file finds for each column the narrowest of integer, float, boolean and date that reads
//! all its fields, else it is text. Digits after a leading zero are text: they are a code, not a number. JSON says its types itself. An
//! empty field and `null` set nothing. Files are streamed; all is loaded or nothing, unless bad rows are put aside.

mod infer;
mod load;

pub use load::{TableFormat, TableImport};
