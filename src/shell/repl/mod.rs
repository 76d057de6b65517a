//! The interactive session: a person types, statements run, rows appear.
//!
//! Its senses are small and apart: is the input finished, how is it coloured, what could follow. Input that no person types is a script.

mod completion;
mod data_names;
mod highlight;
mod history;
mod senses;

use std::path::PathBuf;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};

use crate::engine::Parameters;

use super::arguments::Arguments;
use super::commands::After;
use super::ending::Ending;
use super::passages::Passages;
use super::printer::{Printer, counted_words};
use super::session::{Session, Source};
use super::{database, interrupt, report, terminal};

use senses::Senses;

type LineEditor = Editor<Senses, FileHistory>;

/// Runs the session until the person leaves.
pub(super) fn run(arguments: &Arguments) -> Ending {
    let database = match database::open(arguments) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    interrupt::listen();
    let mut session = Session::new(database.connect(), Parameters::new(), Printer::new(None));
    session.at_first_write = database::words_at_first_write(arguments);
    session.printer.passages = Passages::of(arguments.global.documents.as_deref(), &mut session.connection);
    if !terminal::input_is_terminal() {
        return session.run_file("-".as_ref()).0;
    }
    session.connection.keep_support(true);
    session.talks = true;
    session.timing = true;
    session.goes_on = false;
    let mut editor = match new_editor() {
        Ok(editor) => editor,
        Err(error) => {
            report::message(&format!("error: the terminal cannot be used: {error}"));
            return Ending::Failed;
        }
    };
    interrupt::spare_the_prompt();
    welcome(&mut session);
    let history = history::open(&mut editor);
    let ending = talk(&mut session, &mut editor, history.as_ref());
    if session.connection.in_transaction() {
        report::message("the open transaction is rolled back");
    }
    ending
}

fn new_editor() -> Result<LineEditor, ReadlineError> {
    let colours = if terminal::wants_colour() { ColorMode::Enabled } else { ColorMode::Disabled };
    let config = Config::builder()
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .color_mode(colours)
        .bracketed_paste(true)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Senses::default()));
    Ok(editor)
}

fn welcome(session: &mut Session) {
    let counted = session.connection.run("MATCH (n) RETURN count(*)", ());
    let nodes = counted.ok().and_then(|answer| answer.deserialize::<u64>().ok()?.first().copied()).unwrap_or(0);
    let counted = session.connection.run("MATCH ()-[r]->() RETURN count(*)", ());
    let links = counted.ok().and_then(|answer| answer.deserialize::<u64>().ok()?.first().copied()).unwrap_or(0);
    let version = env!("CARGO_PKG_VERSION");
    let graph = format!("{}, {}", counted_words(nodes, "node"), counted_words(links, "relationship"));
    let example = match nodes {
        0 => "CREATE (:City {name: 'Suzhou'})",
        _ => "MATCH (n) RETURN labels(n) AS labels, count(*) AS nodes ORDER BY nodes DESC",
    };
    report::message(&format!("yuanpu {version}, a graph of {graph}; :help lists the commands, :quit leaves"));
    report::message(&format!("Try: {example}"));
}

fn talk(session: &mut Session, editor: &mut LineEditor, history: Option<&PathBuf>) -> Ending {
    loop {
        if let Some(senses) = editor.helper_mut() {
            senses.refresh(session);
        }
        let prompt = if session.connection.in_transaction() { "yuanpu*> " } else { "yuanpu> " };
        let text = match editor.readline(prompt) {
            Ok(text) => text,
            // Ctrl-C at the prompt throws the input away.
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ending::Done,
            Err(error) => {
                report::message(&format!("error: the terminal cannot be read: {error}"));
                return Ending::Failed;
            }
        };
        if text.trim().is_empty() {
            continue;
        }
        let _ = editor.add_history_entry(text.trim_end());
        history::save(editor, history);
        let (_, after) = session.run_source(Source { text: &text, file: None });
        if after == After::Leave {
            return Ending::Done;
        }
    }
}
