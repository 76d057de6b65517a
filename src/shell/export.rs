//! `export FORMAT`: writes the whole graph; what the format cannot carry is named on standard error.

use std::io::{self, BufWriter, Write};

use crate::diagnostic::nearest;
use crate::exchange::ExchangeError;
use crate::exchange::export::{Around, EXPORT_FORMATS, Export, ExportFormat, export, export_folder, under};
use crate::exchange::rdf::ClaimMode;

use super::arguments::{Arguments, ExportArguments};
use super::ending::Ending;
use super::output_file::OutputFile;
use super::printer::counted_words;
use super::{database, report};

/// The formats that are a folder of files.
const PACKAGE: &str = "package";
const CSV: &str = "csv";

/// Writes the graph.
pub(super) fn run(arguments: &Arguments, wanted: &ExportArguments) -> Ending {
    let export = match read(wanted) {
        _ if [PACKAGE, CSV].contains(&wanted.format.as_str()) => None,
        Ok(export) => Some(export),
        Err(words) => return refused(&words, Ending::WrongCall),
    };
    let database = match database::open(arguments) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    // What a part of the file could not be read for is not the graph.
    let ending = database.reading(|graph| {
        let snapshot = match under(graph, wanted.lens.written()) {
            Ok(snapshot) => snapshot,
            Err(words) => return refused(&words, Ending::WrongCall),
        };
        let Some(export) = export else {
            let Some(folder) = wanted.output.as_deref() else {
                let words = format!("{} is a folder of files; name it: `-o FOLDER`", wanted.format);
                return refused(&words, Ending::WrongCall);
            };
            if wanted.format == CSV {
                tell_of_claims(snapshot.claim_count(), wanted);
            }
            return said(export_folder(&snapshot, &wanted.format, folder));
        };
        if matches!(export.format, ExportFormat::GraphMl) {
            tell_of_claims(snapshot.claim_count(), wanted);
        }
        let written = match &wanted.output {
            None => self::export(&snapshot, &export, BufWriter::new(io::stdout().lock())),
            Some(path) => match OutputFile::begin(path, &arguments.files_in_use()) {
                Ok(mut file) => self::export(&snapshot, &export, &mut file).and_then(|losses| {
                    file.finish()?;
                    Ok(losses)
                }),
                Err(words) => return refused(&words, Ending::WrongCall),
            },
        };
        said(written)
    });
    ending.unwrap_or_else(|error| refused(&error.to_string(), Ending::from(&error)))
}

/// Says what a format could not carry, or why nothing was written.
fn said(written: Result<Vec<String>, ExchangeError>) -> Ending {
    match written {
        Ok(losses) => {
            losses.iter().for_each(|loss| report::message(&format!("warning: {loss}")));
            Ending::Done
        }
        // Whoever reads has seen enough.
        Err(ExchangeError::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => Ending::Done,
        Err(error @ (ExchangeError::Unfit { .. } | ExchangeError::NoSuchNode(_) | ExchangeError::NotEmpty(_))) => {
            refused(&error.to_string(), Ending::WrongCall)
        }
        Err(error) => refused(&error.to_string(), Ending::Failed),
    }
}

/// Says that a format carries no claims, unless nobody wants them.
fn tell_of_claims(count: usize, wanted: &ExportArguments) {
    if count > 0 && wanted.claims.as_deref() != Some("none") {
        let (format, words) = (&wanted.format, counted_words(count as u64, "claim"));
        report::message(&format!(
            "warning: {format} has no place for claims: {words} left out (`--claims none` says so)"
        ));
    }
}

fn read(wanted: &ExportArguments) -> Result<Export, String> {
    let Some(format) = ExportFormat::named(&wanted.format) else {
        let near = nearest(&wanted.format, EXPORT_FORMATS.iter().copied().chain([CSV, PACKAGE]));
        let all = || format!("there are {}, {CSV}, {PACKAGE}", EXPORT_FORMATS.join(", "));
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
    let is_rdf = matches!(format, ExportFormat::Rdf(_));
    if !is_rdf && !matches!(claims, None | Some(ClaimMode::None)) {
        return Err(format!("`{}` cannot carry claims", wanted.format));
    }
    if wanted.around.is_some() && !format.is_picture() {
        return Err(format!("`--around` draws a picture: dot or mermaid, not {}", wanted.format));
    }
    let around = wanted.around.clone().map(|name| Around { name, depth: wanted.depth });
    Ok(Export { format, claims, around })
}

fn refused(words: &str, ending: Ending) -> Ending {
    let _ = io::stdout().flush();
    report::message(&format!("error: {words}"));
    ending
}
