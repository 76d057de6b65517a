//! A graph package: a folder of `graph.toml` and CSV files in which every row is a claim, and the built-in one.
//!
//! `data/README.md` describes the format. Errors are collected: whoever mends a package sees all of them at once.

mod files;
mod rows;
mod embedded;
mod place;
mod manifest;
mod facts;
mod sources;
mod statements;
mod value;
mod load;

pub use files::PackageFiles;
pub use load::{load_builtin, load_package};
