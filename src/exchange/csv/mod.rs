//! A graph as two files of rows, for spreadsheets and other programs: `nodes.csv` and `relationships.csv`, out and in again.
//!
//! ```text
//!   nodes.csv           :ID,:LABEL,name:string,size:float,aliases:list,years:list-of-integer
//!                       n0,City|Place,北京市,1.5,北京|京城,1949|2008
//!   relationships.csv   :START,:END,:TYPE,rank:integer
//!                       n0,n1,NEAR,3
//! ```
//! A column's head is the property and the kind of its values: `list` of texts, `list-of-…` of one other kind, `text` where one column holds
//! several kinds. Items of a list and several labels stand between bars; within them `\|` is a plain bar and `\\` a plain backslash. A
//! field that is not there is empty, an empty text is `""`. `:ID` names a node within these files. Read again it is the same graph, but for
//! claims, for columns of several kinds, which come back as texts, and for a list of one empty text, which comes back empty.

mod read;
mod write;

pub use read::{CsvImport, NODES_FILE, is_part};
pub use write::write_csv;
