//! The commands of a session, which begin with `:`; one table, which `:help` prints and completion reads.

use std::path::{Path, PathBuf};

use crate::diagnostic::nearest;
use crate::output::{Format, Layout, Overflow};

use super::ending::Ending;
use super::report;
use super::session::{CommandError, Session, Source, Stop};
use super::{find_command, help_command, settings};

/// The command that asks why a row is there.
const WHY: &str = ":why";

/// How deep scripts may run each other.
const SCRIPTS_DEEP: usize = 32;

/// A command.
pub(super) struct Command {
    /// Its name, with the colon.
    pub(super) name: &'static str,
    /// What may follow it.
    pub(super) arguments: &'static str,
    /// A line of help.
    pub(super) help: &'static str,
    run: fn(&mut Session, &str) -> Done,
}

/// Whether the session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// It does.
    GoOn,
    /// It does not.
    Leave,
}

/// What a command gives.
pub(super) type Done = Result<After, CommandError>;

/// The commands, in the order in which help names them.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: ":help",
        arguments: "[NAME]",
        help: "lists the commands; explains a function or procedure",
        run: help_command::help,
    },
    Command {
        name: ":schema",
        arguments: "",
        help: "shows labels, types and properties with their counts",
        run: schema,
    },
    Command {
        name: ":format",
        arguments: "[table|vertical|wide|wrapped|csv|tsv|json|jsonl|markdown]",
        help: "shows or chooses how rows are written",
        run: format,
    },
    Command {
        name: ":timing",
        arguments: "[on|off]",
        help: "says how long each statement took, or stops saying it",
        run: timing,
    },
    Command {
        name: ":param",
        arguments: "[NAME [JSON]]",
        help: "lists the parameters, takes one out, or sets one",
        run: param,
    },
    Command {
        name: WHY,
        arguments: "[ROW]",
        help: "says what a row of the last answer rests on, counted from 1",
        run: |session, row| super::why::tell(session, row).map(|()| After::GoOn).map_err(wrong),
    },
    Command {
        name: ":conflicts",
        arguments: "",
        help: "lists where claims disagree, who says what, and what decides",
        run: |session, _| statement(session, CONFLICTS),
    },
    Command {
        name: ":sources",
        arguments: "",
        help: "lists the sources that state anything",
        run: |session, _| statement(session, SOURCES),
    },
    Command {
        name: ":params",
        arguments: "FILE",
        help: "sets parameters from a file: {\"name\": value}",
        run: parameter_file,
    },
    Command {
        name: ":find",
        arguments: "TEXT",
        help: "finds nodes by name, also by pinyin, its initials, and nearly",
        run: find_command::find,
    },
    Command { name: ":run", arguments: "FILE", help: "runs the statements of a file", run: run_file },
    #[cfg(feature = "rdf")]
    Command {
        name: ":sparql",
        arguments: "QUERY",
        help: "runs a SPARQL query over the same graph",
        run: super::sparql::command,
    },
    Command { name: ":explain", arguments: "QUERY", help: "shows the plan of a query", run: explain },
    Command {
        name: ":begin",
        arguments: "",
        help: "begins a transaction",
        run: |session, rest| alone(session, "BEGIN", rest),
    },
    Command {
        name: ":commit",
        arguments: "",
        help: "makes its writes take effect",
        run: |session, rest| alone(session, "COMMIT", rest),
    },
    Command {
        name: ":rollback",
        arguments: "",
        help: "gives its writes up",
        run: |session, rest| alone(session, "ROLLBACK", rest),
    },
    Command { name: ":quit", arguments: "", help: "leaves; so does Ctrl-D", run: |_, _| Ok(After::Leave) },
];

const CONFLICTS: &str = "CALL claims.conflicts() YIELD name, property, value, statements, decidedBy UNWIND statements AS said \
                         RETURN name, property, said.value AS value, said.source AS source, said.locator AS place, said.asOf AS as_of, \
                         CASE WHEN said.wins THEN decidedBy ELSE '' END AS wins_by";

const SOURCES: &str =
    "CALL claims.sources() YIELD id, title, published, kind, claims RETURN id, title, published, kind, claims";

/// Runs a line that begins with `:`.
///
/// # Errors
/// If there is no such command, or what it does fails.
pub(super) fn run(session: &mut Session, line: &str) -> Done {
    let (name, rest) = name_and_rest(line);
    match named(name) {
        Some(command) => (command.run)(session, rest),
        None => {
            let near = nearest(name, COMMANDS.iter().map(|command| command.name));
            let hint = near.map_or("`:help` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            Err(CommandError::Wrong(format!("there is no command `{name}`; {hint}")))
        }
    }
}

/// Says whether a line asks why a row of the answer before is there.
pub(super) fn asks_why(line: &str) -> bool {
    named(name_and_rest(line).0).is_some_and(|command| command.name == WHY)
}

fn name_and_rest(line: &str) -> (&str, &str) {
    let line = line.trim().trim_end_matches(';').trim_end();
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (name, rest.trim())
}

fn named(name: &str) -> Option<&'static Command> {
    let wanted = match name {
        ":exit" | ":q" => ":quit",
        ":?" | ":h" => ":help",
        name => name,
    };
    COMMANDS.iter().find(|command| command.name.eq_ignore_ascii_case(wanted))
}

fn schema(session: &mut Session, _: &str) -> Done {
    for text in ["SHOW LABELS", "SHOW SCHEMA", "SHOW PROPERTIES"] {
        statement(session, text)?;
    }
    Ok(After::GoOn)
}

fn format(session: &mut Session, name: &str) -> Done {
    if name.is_empty() {
        report::message(&format!("rows are written as {}", session.printer.format().name()));
        return Ok(After::GoOn);
    }
    // A table on its side, or a wide one, is a layout of tables, not a format; a person need not know.
    let (layout, overflow) = match name {
        "vertical" => (Layout::Vertical, Overflow::Cut),
        "wide" => (Layout::Horizontal, Overflow::Cut),
        "wrapped" => (Layout::Auto, Overflow::Wrap),
        _ => (Layout::Auto, Overflow::Cut),
    };
    (session.printer.layout, session.printer.overflow) = (layout, overflow);
    let name = if matches!(name, "vertical" | "wide" | "wrapped") { Format::Table.name() } else { name };
    let format: Format = name.parse().map_err(|error: crate::output::UnknownFormat| {
        wrong(format!("{error}; tables also `vertical`, `wide`, `wrapped`"))
    })?;
    session.printer.set_format(format);
    Ok(After::GoOn)
}

fn timing(session: &mut Session, wanted: &str) -> Done {
    session.timing = match wanted {
        "on" => true,
        "off" => false,
        "" => !session.timing,
        other => return Err(wrong(format!("`{other}` is neither `on` nor `off`"))),
    };
    report::message(if session.timing { "timing is on" } else { "timing is off" });
    Ok(After::GoOn)
}

fn param(session: &mut Session, rest: &str) -> Done {
    if rest.is_empty() {
        let written = |name: &str| format!("${name} = {}", session.parameters.literal(name).unwrap_or_default());
        let names: Vec<String> = session.parameters.names().map(written).collect();
        let listed = if names.is_empty() { "no parameters are set".to_owned() } else { names.join("\n") };
        report::message(&listed);
        return Ok(After::GoOn);
    }
    // `name JSON`, `name=JSON` and `name: JSON` all are what people try.
    let end = rest.find(|character: char| character.is_whitespace() || character == '=' || character == ':');
    let (name, json) = rest.split_at(end.unwrap_or(rest.len()));
    let json = json.trim_start().trim_start_matches(['=', ':']).trim_start_matches('>').trim();
    if json.is_empty() {
        if !session.parameters.remove(name.trim_start_matches('$')) {
            return Err(wrong(format!("there is no parameter `{name}`")));
        }
        return Ok(After::GoOn);
    }
    settings::set(&mut session.parameters, name, json).map_err(wrong)?;
    Ok(After::GoOn)
}

fn parameter_file(session: &mut Session, path: &str) -> Done {
    if path.is_empty() {
        return Err(wrong("`:params` needs the name of a file".to_owned()));
    }
    settings::read_file(&mut session.parameters, Path::new(path)).map_err(wrong)?;
    param(session, "")
}

fn run_file(session: &mut Session, path: &str) -> Done {
    if path.is_empty() {
        return Err(wrong("`:run` needs the name of a file".to_owned()));
    }
    if session.running.len() >= SCRIPTS_DEEP {
        let chain: Vec<String> =
            session.running.iter().rev().take(3).map(|path| format!("`{}`", path.display())).collect();
        let words =
            format!("scripts run each other more than {SCRIPTS_DEEP} deep: `{path}`, run by {}", chain.join(", by "));
        return Err(wrong(words));
    }
    session.running.push(PathBuf::from(path));
    let ended = session.run_file(Path::new(path));
    session.running.pop();
    match ended {
        (Ending::Done, after) => Ok(after),
        (ending, _) => Err(CommandError::Stopped(Stop::Failed(ending))),
    }
}

fn explain(session: &mut Session, query: &str) -> Done {
    if query.is_empty() {
        return Err(wrong("`:explain` needs a query".to_owned()));
    }
    statement(session, &format!("EXPLAIN {query}"))
}

/// Runs a statement that stands for a command with nothing behind it: a word there is a slip, and what is committed cannot be taken back.
fn alone(session: &mut Session, text: &str, rest: &str) -> Done {
    if !rest.is_empty() {
        return Err(wrong(format!("nothing follows `:{}`, not `{rest}`", text.to_ascii_lowercase())));
    }
    statement(session, text)
}

/// Runs a statement as if it had been typed.
pub(super) fn statement(session: &mut Session, text: &str) -> Done {
    let source = Source { text, file: None };
    session.run_statement(source, 0..text.len()).map_err(CommandError::Stopped)?;
    Ok(After::GoOn)
}

/// Returns what is to be said of a command that is wrong.
pub(super) fn wrong(message: String) -> CommandError {
    CommandError::Wrong(message)
}
