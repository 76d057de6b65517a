//! What `import.toml` says.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::tabular::ColumnType;

use super::ImportError;

/// The description of a folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    /// For each label its file.
    #[serde(default)]
    pub nodes: BTreeMap<String, NodeFile>,
    /// For each relationship type its file.
    #[serde(default)]
    pub relationships: BTreeMap<String, RelationshipFile>,
}

/// A file of nodes of one label.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeFile {
    /// Its name, below the folder.
    pub file: String,
    /// The property that is unique within the label.
    pub key: String,
    /// The columns and their types.
    pub columns: BTreeMap<String, String>,
}

/// A file of relationships of one type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelationshipFile {
    /// Its name, below the folder.
    pub file: String,
    /// The label of the starts.
    pub from: String,
    /// The label of the ends.
    pub to: String,
    /// The column that holds the starts' keys.
    pub from_column: String,
    /// The column that holds the ends' keys.
    pub to_column: String,
    /// The columns and their types.
    pub columns: BTreeMap<String, String>,
}

impl Description {
    /// Reads the description of a folder.
    pub(super) fn read(folder: &Path) -> Result<Self, ImportError> {
        let path = folder.join("import.toml");
        let text = std::fs::read_to_string(&path).map_err(|source| ImportError::Read { path: path.clone(), source })?;
        toml::from_str(&text).map_err(|source| ImportError::Description { path, source: Box::new(source) })
    }
}

/// Returns the type that a description names.
pub(super) fn column_type(file: &str, column: &str, name: &str) -> Result<ColumnType, ImportError> {
    ColumnType::named(name).ok_or_else(|| ImportError::UnknownType {
        file: file.to_owned(),
        column: column.to_owned(),
        name: name.to_owned(),
    })
}
