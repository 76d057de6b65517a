//! Which graph the program works on, as the command line says.

use crate::engine::{Database, Error, Options};

use super::arguments::Arguments;
use super::ending::Ending;
use super::report;

/// Opens the graph that the command line names; without a name, the one that is built in.
pub(super) fn open(arguments: &Arguments) -> Result<Database, Ending> {
    let options = options(arguments);
    match arguments.database_file() {
        None if arguments.global.empty => Ok(Database::in_memory_with(options)),
        None => Database::builtin_with(options).map_err(|error| refused(&error)),
        Some(file) => {
            let name = file.display();
            report::message(&format!("error: `{name}` cannot be opened: this build keeps graphs in memory only"));
            Err(Ending::NoDatabase)
        }
    }
}

fn refused(error: &Error) -> Ending {
    report::diagnostic(&error.to_diagnostic(), "", None);
    Ending::NoDatabase
}

/// Returns how the database is to behave.
pub(super) fn options(arguments: &Arguments) -> Options {
    let global = &arguments.global;
    let mut options = Options::default().read_only(global.read_only);
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
