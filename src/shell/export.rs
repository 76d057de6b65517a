//! `export FORMAT`: writes the whole graph; what the format cannot carry is named on standard error.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use crate::diagnostic::nearest;
use crate::exchange::ExchangeError;
use crate::exchange::export::{EXPORT_FORMATS, Export, ExportFormat, WrittenLens, export, under};
use crate::exchange::package::write_package;
use crate::exchange::rdf::ClaimMode;

use super::arguments::{Arguments, ExportArguments};
use super::ending::Ending;
use super::{database, report};

/// The format that is a folder of files.
const PACKAGE: &str = "package";

/// Writes the graph.
pub(super) fn run(arguments: &Arguments, wanted: &ExportArguments) -> Ending {
    let export = match read(wanted) {
        _ if wanted.format == PACKAGE => None,
        Ok(export) => Some(export),
        Err(words) => return refused(&words, Ending::WrongCall),
    };
    let database = match database::open(arguments) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    // What a part of the file could not be read for is not the graph.
    let ending = database.reading(|graph| {
        let lens = WrittenLens {
            as_of: wanted.as_of.as_deref(),
            according_to: &wanted.according_to,
            only: wanted.only,
            resolve_by: wanted.resolve_by.as_deref(),
        };
        let snapshot = match under(graph, lens) {
            Ok(snapshot) => snapshot,
            Err(words) => return refused(&words, Ending::WrongCall),
        };
        let Some(export) = export else {
            let Some(folder) = wanted.output.as_deref() else {
                return refused("a package is a folder; name it: `-o FOLDER`", Ending::WrongCall);
            };
            return match write_package(&snapshot, folder) {
                Ok(()) => Ending::Done,
                Err(error @ ExchangeError::NotEmpty(_)) => refused(&error.to_string(), Ending::WrongCall),
                Err(error) => refused(&error.to_string(), Ending::Failed),
            };
        };
        let written = match &wanted.output {
            None => self::export(&snapshot, &export, BufWriter::new(io::stdout().lock())),
            Some(path) => match File::create(path) {
                Ok(file) => self::export(&snapshot, &export, BufWriter::new(file)),
                Err(error) => return refused(&format!("`{}`: {error}", path.display()), Ending::WrongCall),
            },
        };
        match written {
            Ok(losses) => {
                losses.iter().for_each(|loss| report::message(&format!("warning: {loss}")));
                Ending::Done
            }
            // Whoever reads has seen enough.
            Err(ExchangeError::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => Ending::Done,
            Err(error @ ExchangeError::Unfit { .. }) => refused(&error.to_string(), Ending::WrongCall),
            Err(error) => refused(&error.to_string(), Ending::Failed),
        }
    });
    ending.unwrap_or_else(|error| refused(&error.to_string(), Ending::from(&error)))
}

fn read(wanted: &ExportArguments) -> Result<Export, String> {
    let Some(format) = ExportFormat::named(&wanted.format) else {
        let near = nearest(&wanted.format, EXPORT_FORMATS.iter().copied().chain([PACKAGE]));
        let all = || format!("there are {}, {PACKAGE}", EXPORT_FORMATS.join(", "));
        let hint = near.map_or_else(all, |near| format!("did you mean `{near}`?"));
        return Err(format!("there is no format `{}`; {hint}", wanted.format));
    };
    let claims = match wanted.claims.as_deref() {
        None => None,
        Some(name) => match ClaimMode::named(name) {
            Some(mode) => Some(mode),
            None => return Err(format!("`{name}` is none of reifiers, named-graphs, reification, none")),
        },
    };
    Ok(Export { format, claims })
}

fn refused(words: &str, ending: Ending) -> Ending {
    let _ = io::stdout().flush();
    report::message(&format!("error: {words}"));
    ending
}
