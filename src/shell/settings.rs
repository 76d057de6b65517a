//! Parameters as the command line and `:param` write them: `name=JSON`, `name JSON`.

use std::path::Path;

use crate::engine::Parameters;

/// Adds the parameters of a command line; those written out win over those of a file.
///
/// # Errors
/// In words, at the first that is wrong.
pub(super) fn parameters(written: &[String], file: Option<&Path>) -> Result<Parameters, String> {
    let mut parameters = Parameters::new();
    if let Some(file) = file {
        read_file(&mut parameters, file)?;
    }
    for pair in written {
        let (name, json) = pair.split_once('=').ok_or_else(|| format!("`{pair}` is no parameter; write name=JSON"))?;
        set(&mut parameters, name.trim(), json)?;
    }
    Ok(parameters)
}

/// Sets the parameters that a file holds: one JSON object, whose members are parameters.
///
/// # Errors
/// In words, if the file cannot be read or is no such object.
pub(super) fn read_file(parameters: &mut Parameters, file: &Path) -> Result<(), String> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
    let json: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("{name}:{}:{}: this is no JSON: {error}", error.line(), error.column()))?;
    let serde_json::Value::Object(members) = json else {
        return Err(format!("`{name}` holds no object: write {{\"name\": value}}"));
    };
    members.iter().try_for_each(|(member, json)| set(parameters, member, &json.to_string()))
}

/// Sets a parameter from JSON.
///
/// # Errors
/// In words, if the name or the JSON is wrong.
pub(super) fn set(parameters: &mut Parameters, name: &str, json: &str) -> Result<(), String> {
    let name = name.trim_start_matches('$');
    if name.is_empty() {
        return Err("a parameter needs a name".to_owned());
    }
    parameters.set_json(name, json).map_err(|_| {
        let quoted = serde_json::Value::from(json.trim()).to_string();
        format!("the value of parameter `{name}` is no JSON: {json}; a text is written {quoted}")
    })
}
