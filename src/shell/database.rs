//! Which graph the program works on, as the command line says.

use std::path::Path;

use crate::engine::{Database, Error, Options};

use super::arguments::{Arguments, Syncing};
use super::ending::Ending;
use super::report;

/// Opens the graph that the command line names; without a name, the one that is built in.
pub(super) fn open(arguments: &Arguments) -> Result<Database, Ending> {
    let options = options(arguments);
    match arguments.database_file() {
        None if arguments.global.empty => Ok(Database::in_memory_with(options)),
        None => Database::builtin_with(options).map_err(|error| refused(&error)),
        Some(file) => open_file(file, options),
    }
}

/// Opens a database file, or makes it if the options say so.
pub(super) fn open_file(file: &Path, options: Options) -> Result<Database, Ending> {
    Database::open(file, options).map_err(|error| refused(&error))
}

/// Opens the database file that an upkeep command names; it must be there.
pub(super) fn open_existing(arguments: &Arguments, file: &Path) -> Result<Database, Ending> {
    open_file(file, options(arguments).create(false))
}

/// Says why the database is refused.
pub(super) fn refused(error: &Error) -> Ending {
    report::diagnostic(&error.to_diagnostic(), "", None);
    Ending::NoDatabase
}

/// Returns how the database is to behave.
pub(super) fn options(arguments: &Arguments) -> Options {
    let global = &arguments.global;
    let mut options = Options::default().read_only(global.read_only).sync(global.sync == Syncing::Full);
    if let Some(count) = global.threads {
        options = options.threads(count);
    }
    if let Some(limit) = global.timeout {
        options = options.timeout(limit);
    }
    if let Some(limit) = global.memory_limit {
        options = options.memory_limit_bytes(limit);
    }
    if let Some(folder) = &global.csv_folder {
        options = options.csv_folder(folder);
    }
    options
}

/// Returns what is to be said at the first write, where the graph does not outlive the program.
pub(super) fn words_at_first_write(arguments: &Arguments) -> Option<&'static str> {
    let is_builtin = arguments.database_file().is_none() && !arguments.global.empty;
    is_builtin.then_some(
        "note: this is a copy of the built-in graph in memory, and what is written to it goes when the program ends; \
         `yuanpu FILE` opens a database that keeps it",
    )
}
