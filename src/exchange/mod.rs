//! The whole graph in and out of other people's formats, and of the package that people edit.

mod folder;

pub use folder::{FolderImport, ImportError, ImportProgress, ImportReport};
