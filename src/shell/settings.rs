//! Parameters as the command line and `:param` write them: `name=JSON`, `name JSON`.

use std::path::Path;

use serde_json::Value as Json;

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
        let (name, json) = pair.split_once('=').ok_or_else(|| no_parameter(pair))?;
        set(&mut parameters, name.trim(), json)?;
    }
    Ok(parameters)
}

/// Returns the parameters of a command line as one JSON object, names in order; those written out win over those of a file.
///
/// # Errors
/// As [`parameters`].
pub(super) fn as_json(written: &[String], file: Option<&Path>) -> Result<String, String> {
    let mut members = file.map(members_of).transpose()?.unwrap_or_default();
    for pair in written {
        let (name, json) = pair.split_once('=').ok_or_else(|| no_parameter(pair))?;
        let json = serde_json::from_str(json).map_err(|_| no_json(name, json))?;
        members.insert(name.trim().trim_start_matches('$').to_owned(), json);
    }
    Ok(Json::Object(members).to_string())
}

/// Returns the parameters that one JSON object holds.
///
/// # Errors
/// In words, if it is none.
pub(super) fn parameters_of_json(json: &str) -> Result<Parameters, String> {
    let mut parameters = Parameters::new();
    let members: serde_json::Map<String, Json> =
        serde_json::from_str(json).map_err(|error| format!("the parameters are no JSON object: {error}"))?;
    members.iter().try_for_each(|(name, json)| set(&mut parameters, name, &json.to_string()))?;
    Ok(parameters)
}

/// Sets the parameters that a file holds: one JSON object, whose members are parameters.
///
/// # Errors
/// In words, if the file cannot be read or is no such object.
pub(super) fn read_file(parameters: &mut Parameters, file: &Path) -> Result<(), String> {
    members_of(file)?.iter().try_for_each(|(member, json)| set(parameters, member, &json.to_string()))
}

fn members_of(file: &Path) -> Result<serde_json::Map<String, Json>, String> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
    let json: Json = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("{name}:{}:{}: this is no JSON: {error}", error.line(), error.column()))?;
    let Json::Object(members) = json else {
        return Err(format!("`{name}` holds no object: write {{\"name\": value}}"));
    };
    Ok(members)
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
    parameters.set_json(name, json).map_err(|_| no_json(name, json))
}

fn no_parameter(pair: &str) -> String {
    format!("`{pair}` is no parameter; write name=JSON")
}

fn no_json(name: &str, json: &str) -> String {
    let quoted = Json::from(json.trim()).to_string();
    format!("the value of parameter `{name}` is no JSON: {json}; a text is written {quoted}")
}
