//! `stdio`: JSON lines on standard input and output, for programs and test suites.
//!
//! One request a line, one answer a line, in order, flushed at once; see [`Request`] for what can be asked. It ends with its input, and
//! no statement can end it earlier: an error, also a fault of ours, is an answer.

use std::io::{self, BufRead, Write};
use std::ops::Range;
use std::time::Instant;

use cpu_time::ProcessTime;
use serde_json::json;

use crate::engine::{Answer, Citations, Connection, Counters, Database, Error, Parameters, ToldClaim};
use crate::output::{tagged, write_claim};

use super::arguments::Arguments;
use super::caught::caught;
use super::ending::Ending;
use super::script;
use super::stdio_request::{self, Request};
use super::{database, report};

/// Serves requests until the input ends.
pub(super) fn run(arguments: &Arguments) -> Ending {
    let database = match database::open(arguments) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    let mut session = Session { may_reset: arguments.database_file().is_none(), connection: database.connect() };
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return Ending::Done,
            Ok(_) => {}
            Err(error) => {
                report::message(&format!("error: standard input cannot be read: {error}"));
                return Ending::Failed;
            }
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let mut answer = session.answer(&line, arguments);
        answer.push('\n');
        if output.write_all(answer.as_bytes()).and_then(|()| output.flush()).is_err() {
            // Whoever asked has gone.
            return Ending::Done;
        }
    }
}

struct Session {
    connection: Connection,
    may_reset: bool,
}

impl Session {
    fn answer(&mut self, line: &[u8], arguments: &Arguments) -> String {
        let started = (Instant::now(), ProcessTime::try_now().ok());
        let request = match stdio_request::read(line) {
            Ok(request) => request,
            Err(message) => return error_line("ProtocolError", "compile", "InvalidRequest", &message),
        };
        match request {
            Request::Reset if !self.may_reset => {
                let message = "a database file is open; only a graph in memory can be reset";
                error_line("ProtocolError", "runtime", "ResetRefused", message)
            }
            Request::Reset => {
                self.connection = Database::in_memory_with(database::options(arguments)).connect();
                done()
            }
            Request::Graph(text) => self.run_all(&text).unwrap_or_else(|error| of_error(&error)),
            Request::Procedure { signature, rows } => {
                let registered = self.connection.database().register_rows(&signature, rows);
                registered.map_or_else(|error| of_error(&error), |()| done())
            }
            Request::Query { text, parameters } => match self.run_one(&text, parameters) {
                Ok(answer) => of_answer(&answer, started),
                Err(line) => line,
            },
        }
    }

    fn run_all(&mut self, text: &str) -> Result<String, Error> {
        for statement in script::statements(text) {
            match caught(|| self.connection.run(&text[statement.clone()], ())) {
                Ok(answer) => drop(answer?),
                Err(fault) => return Ok(error_line("InternalError", "runtime", "InternalError", &fault.0)),
            }
        }
        Ok(done())
    }

    fn run_one(&mut self, text: &str, parameters: Parameters) -> Result<Answer, String> {
        match caught(|| self.connection.run(text, parameters)) {
            Ok(answer) => answer.map_err(|error| of_error(&error)),
            Err(fault) => Err(error_line("InternalError", "runtime", "InternalError", &fault.0)),
        }
    }
}

fn done() -> String {
    "{\"ok\":true}".to_owned()
}

fn of_error(error: &Error) -> String {
    let diagnostic = error.to_diagnostic();
    let mut members = json!({
        "kind": error.kind(), "phase": error.phase(), "detail": error.detail(), "message": diagnostic.message,
    });
    if let Some(span) = diagnostic.span {
        members["start"] = json!(span.start);
        members["end"] = json!(span.end);
    }
    if !diagnostic.hints.is_empty() {
        members["hints"] = json!(diagnostic.hints);
    }
    json!({ "error": members }).to_string()
}

fn error_line(kind: &str, phase: &str, detail: &str, message: &str) -> String {
    json!({ "error": { "kind": kind, "phase": phase, "detail": detail, "message": message } }).to_string()
}

/// Writes an answer; the clocks are read before the first character is.
fn of_answer(answer: &Answer, started: (Instant, Option<ProcessTime>)) -> String {
    let elapsed_us = started.0.elapsed().as_micros();
    let cpu = started.1.and_then(|started| started.try_elapsed().ok());
    let cpu_us = cpu.map_or(elapsed_us, |cpu| cpu.as_micros());
    let mut line = format!("{{\"columns\":{},\"rows\":[", json!(answer.columns));
    for (place, row) in answer.rows.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        tagged::write_row(&mut line, row);
    }
    line.push(']');
    if let Some(claims) = &answer.claims {
        write_claims(&mut line, claims);
    }
    if !answer.warnings.is_empty() {
        let warnings: Vec<&str> = answer.warnings.iter().map(|warning| warning.message.as_str()).collect();
        line.push_str(&format!(",\"warnings\":{}", json!(warnings)));
    }
    if answer.counters.any() {
        line.push_str(&format!(",\"stats\":{}", stats(&answer.counters)));
    }
    line.push_str(&format!(",\"elapsed_us\":{elapsed_us},\"cpu_us\":{cpu_us}}}"));
    line
}

/// Returns what a statement changed, by the names of openCypher's test suite; what did not change is left out.
fn stats(counters: &Counters) -> serde_json::Value {
    let counted = [
        ("nodes_created", counters.nodes_created),
        ("nodes_deleted", counters.nodes_deleted),
        ("relationships_created", counters.relationships_created),
        ("relationships_deleted", counters.relationships_deleted),
        ("properties_set", counters.properties_set),
        ("labels_added", counters.labels_added),
        ("labels_removed", counters.labels_removed),
        ("indexes_added", counters.indexes_added),
        ("indexes_removed", counters.indexes_removed),
        ("constraints_added", counters.constraints_added),
        ("constraints_removed", counters.constraints_removed),
        ("claims_added", counters.claims_added),
        ("claims_retracted", counters.claims_retracted),
    ];
    counted.into_iter().filter(|(_, count)| *count > 0).map(|(name, count)| (name.to_owned(), json!(count))).collect()
}

/// Writes the claims of each row, tagged as values are.
fn write_claims(line: &mut String, claims: &Citations) {
    line.push_str(",\"claims\":[");
    // Where each claim stands that was written: many are those of other rows, too.
    let mut written: Vec<Range<usize>> = Vec::new();
    for (place, row) in claims.iter_once().enumerate() {
        line.push_str(if place > 0 { ",[" } else { "[" });
        for (place, claim) in row.into_iter().enumerate() {
            if place > 0 {
                line.push(',');
            }
            match claim {
                ToldClaim::Again(before) => line.extend_from_within(written[before].clone()),
                ToldClaim::First(claim) => {
                    let start = line.len();
                    write_claim(line, &claim, tagged::write);
                    written.push(start..line.len());
                }
            }
        }
        line.push(']');
    }
    line.push(']');
}
