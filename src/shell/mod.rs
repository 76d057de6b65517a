//! The human's and the program's face: command line, REPL, scripts, stdio.
//!
//! Only this room touches the terminal, the environment and the exit status. A subcommand is a file; each ends in an [`Ending`].

mod arguments;
mod ending;
mod database;
mod report;
mod caught;
mod terminal;
mod interrupt;
mod output_file;
mod pager;
mod printer;
mod script;
mod session;
mod commands;
mod find_command;
mod help_command;
mod settings;
mod passages;
mod saved;
mod why;

mod query;
#[cfg(feature = "rdf")]
mod sparql;
mod run;
mod check;
mod export;
mod manual;
mod import;
mod upkeep;
mod fmt;
mod stdio;
mod stdio_request;
mod repl;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use ending::Ending;

/// The stack that the program reserves for its work; pages that are never touched cost nothing.
const STACK_SIZE_BYTES: usize = 512 << 20;

/// Runs the program: reads the command line, does what it says, returns the exit status.
pub fn main_program() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // Help and version are no mistakes: they go to standard output, and the status is 0.
            let ending = if refusal.use_stderr() { Ending::WrongCall } else { Ending::Done };
            let _ = refusal.print();
            return ending.into();
        }
    };
    caught::keep_quiet_in_store();
    // On the first thread, not on one of its own: the system's allocator asks the kernel there for much memory at a time.
    let run = || stacker::grow(STACK_SIZE_BYTES, || dispatch(&arguments));
    let ending = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or(Ending::InternalError);
    ending.into()
}

fn dispatch(arguments: &Arguments) -> Ending {
    if let Some(words) = arguments.unheard() {
        return wrong_call(&words);
    }
    match &arguments.command {
        None => repl::run(arguments),
        Some(Command::Query(query)) => query::run(arguments, query),
        #[cfg(feature = "rdf")]
        Some(Command::Sparql(query)) => sparql::run(arguments, query),
        Some(Command::Run(scripts)) => run::run(arguments, scripts),
        Some(Command::Import(import)) => import::run(arguments, import),
        Some(Command::Check(wanted)) => match arguments.only_file(wanted.path.as_ref()) {
            Ok(file) if file.is_file() => upkeep::check(file),
            Ok(folder) => check::run(arguments, wanted, folder),
            Err(words) => wrong_call(&words),
        },
        Some(Command::Export(wanted)) => export::run(arguments, wanted),
        Some(Command::Backup(backup)) => upkeep::back_up(arguments, backup),
        Some(Command::Compact(file)) => upkeep::compact(arguments, file),
        Some(Command::Stats(file)) => upkeep::statistics(arguments, file),
        Some(Command::Fmt(files)) => fmt::run(files),
        Some(Command::Completions(wanted)) => manual::completions(wanted),
        Some(Command::Man) => manual::page(),
        Some(Command::Stdio) => stdio::run(arguments),
    }
}

/// Says why the command line cannot be followed.
fn wrong_call(words: &str) -> Ending {
    report::message(&format!("error: {words}"));
    Ending::WrongCall
}
