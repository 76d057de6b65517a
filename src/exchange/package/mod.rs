//! A graph package: a folder of `graph.toml` and CSV files in which every row is a claim, and the built-in one.
//!
//! `data/README.md` describes the format. Errors are collected: whoever mends a package sees all of them at once.

mod files;
mod telling;
mod rows;
mod embedded;
mod place;
mod manifest;
mod indexes;
mod facts;
mod sources;
mod figure;
mod statements;
mod value;
mod load;
mod documents;
mod printed;
mod coverage;
mod check;
mod value_text;
mod csv_text;
mod declare;
mod export;

pub use check::{CheckOptions, check_package};
pub use documents::line_of;
pub use export::write_package;
pub use files::{CHECKS, MANIFEST, PackageFiles};
pub use load::{import_package, load_builtin, load_package};
