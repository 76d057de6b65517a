//! The requests of `stdio`: one JSON object a line.

use serde_json::{Map, Value as Json};

use crate::engine::Parameters;
use crate::output::tagged;
use crate::value::Value;

/// What a line asks for.
#[derive(Debug)]
pub(super) enum Request {
    /// Go on with an empty graph.
    Reset,
    /// Run statements and forget their rows.
    Graph(String),
    /// Register a procedure.
    Procedure {
        /// Its signature.
        signature: String,
        /// Its rows.
        rows: Vec<Vec<Value>>,
    },
    /// Run a statement.
    Query {
        /// The text.
        text: String,
        /// The parameters.
        parameters: Parameters,
    },
}

/// Reads a line.
///
/// # Errors
/// In words, if it is no request.
pub(super) fn read(line: &[u8]) -> Result<Request, String> {
    let line =
        std::str::from_utf8(line).map_err(|error| format!("the line is not UTF-8 at byte {}", error.valid_up_to()))?;
    let json: Json = serde_json::from_str(line).map_err(|error| format!("the line is no JSON: {error}"))?;
    let Json::Object(members) = json else { return Err("a request is an object".to_owned()) };
    match members.get("reset") {
        Some(Json::Bool(true)) => return Ok(Request::Reset),
        None | Some(Json::Bool(false)) => {}
        Some(_) => return Err("`reset` must be true or false".to_owned()),
    }
    if let Some(graph) = members.get("graph") {
        return Ok(Request::Graph(text(graph, "graph")?));
    }
    if let Some(procedure) = members.get("procedure") {
        return procedure_request(procedure);
    }
    if let Some(query) = members.get("query") {
        return Ok(Request::Query { text: text(query, "query")?, parameters: parameters(members.get("params"))? });
    }
    if members.contains_key("reset") {
        return Err("`reset` is false, and nothing else is asked".to_owned());
    }
    Err("a request has a member `query`, `graph`, `procedure` or `reset`".to_owned())
}

fn text(json: &Json, member: &str) -> Result<String, String> {
    json.as_str().map(str::to_owned).ok_or_else(|| format!("`{member}` must be a string"))
}

fn parameters(json: Option<&Json>) -> Result<Parameters, String> {
    let mut parameters = Parameters::new();
    let members: &Map<String, Json> = match json {
        None | Some(Json::Null) => return Ok(parameters),
        Some(Json::Object(members)) => members,
        Some(_) => return Err("`params` must be an object".to_owned()),
    };
    for (name, json) in members {
        let value = tagged::read(json).map_err(|error| format!("parameter `{name}`: {error}"))?;
        parameters.set_value(name, value);
    }
    Ok(parameters)
}

fn procedure_request(json: &Json) -> Result<Request, String> {
    let signature = text(json.get("signature").unwrap_or(&Json::Null), "signature")?;
    let rows = match json.get("rows") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(rows)) => rows.iter().map(row).collect::<Result<_, _>>()?,
        Some(_) => return Err("`rows` must be a list".to_owned()),
    };
    Ok(Request::Procedure { signature, rows })
}

fn row(json: &Json) -> Result<Vec<Value>, String> {
    let Json::Array(cells) = json else { return Err("a row must be a list".to_owned()) };
    cells.iter().map(|cell| tagged::read(cell).map_err(|error| error.to_string())).collect()
}
