//! What was typed in earlier sessions, kept under `$XDG_STATE_HOME`.

use std::path::PathBuf;

use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};

use super::LineEditor;

/// Reads what was typed before; returns the file, if there can be one.
pub(super) fn open(editor: &mut LineEditor) -> Option<PathBuf> {
    let folders = choose_base_strategy().ok()?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir()).join("yuanpu");
    std::fs::create_dir_all(&folder).ok()?;
    let file = folder.join("history");
    // There is none at the first start.
    let _ = editor.load_history(&file);
    Some(file)
}

/// Writes down what was typed. A history that cannot be written is no reason to disturb.
pub(super) fn save(editor: &mut LineEditor, file: Option<&PathBuf>) {
    if let Some(file) = file {
        let _ = editor.append_history(file);
    }
}
