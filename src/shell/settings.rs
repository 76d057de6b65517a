//! Parameters as the command line and `:param` write them: `name=JSON`, `name JSON`.

use crate::engine::Parameters;

/// Adds the parameters of a command line.
///
/// # Errors
/// In words, at the first that is wrong.
pub(super) fn parameters(written: &[String]) -> Result<Parameters, String> {
    let mut parameters = Parameters::new();
    for pair in written {
        let (name, json) = pair.split_once('=').ok_or_else(|| format!("`{pair}` is no parameter; write name=JSON"))?;
        set(&mut parameters, name.trim(), json)?;
    }
    Ok(parameters)
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
