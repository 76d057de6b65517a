//! `:help`: the commands, a screen about asking, and what a function or procedure does.

use crate::engine::Parameters;

use super::commands::{After, COMMANDS, Done, wrong};
use super::report;
use super::session::Session;

/// What a person needs to begin.
const FIRST_STEPS: &str = "\
A query matches a pattern and returns what it found:
  MATCH (a:Label {key: 'value'})-[:TYPE]->(b) WHERE b.key > 1 RETURN a.key, count(*) AS n ORDER BY n DESC LIMIT 10
  CREATE (:Label {key: 1})-[:TYPE]->(:Other)    MATCH (n) SET n.key = 2    MATCH (n) DETACH DELETE n
  CITE MATCH …  says which sources a row rests on;  AS OF 2019-12-31,  ACCORDING TO 'source'  choose what counts
Anything that is no command is a statement; it runs at Enter once it is complete, with or without `;`. Tab completes words, names of
the graph, and names in the data within quotes, by pinyin too. Ctrl-C stops a statement, Ctrl-D leaves.
";

/// Lists the commands, or explains what is named.
pub(super) fn help(session: &mut Session, name: &str) -> Done {
    if !name.is_empty() {
        return explain(session, name);
    }
    report::message(FIRST_STEPS);
    let heads: Vec<String> = COMMANDS.iter().map(|command| format!("{} {}", command.name, command.arguments)).collect();
    let width = heads.iter().map(String::len).max().unwrap_or(0);
    for (command, head) in COMMANDS.iter().zip(&heads) {
        report::message(&format!("{head:width$}  {}", command.help));
    }
    Ok(After::GoOn)
}

fn explain(session: &mut Session, name: &str) -> Done {
    let bare = name.trim_end_matches("()").trim_start_matches(':');
    if let Some(command) = COMMANDS.iter().find(|command| command.name[1..].eq_ignore_ascii_case(bare)) {
        report::message(&format!("{} {}: {}", command.name, command.arguments, command.help));
        return Ok(After::GoOn);
    }
    let parameters = Parameters::from([("name", bare)]);
    for what in ["FUNCTIONS", "PROCEDURES"] {
        let text = format!("SHOW {what} YIELD name, signature, summary, example WHERE toLower(name) = toLower($name)");
        let answer = session.connection.run(&text, &parameters);
        let found: Option<Vec<(String, String, String, String)>> =
            answer.ok().and_then(|answer| answer.deserialize().ok());
        if let Some((_, signature, summary, example)) = found.into_iter().flatten().next() {
            report::message(&format!("{signature}\n  {summary}\n  for example: {example}"));
            return Ok(After::GoOn);
        }
    }
    Err(wrong(format!(
        "there is no command, function or procedure `{name}`; `SHOW FUNCTIONS` lists those that there are"
    )))
}
