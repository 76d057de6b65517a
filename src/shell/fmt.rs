//! `fmt FILE…`: lays query files out in the house's layout.

use std::path::Path;

use crate::engine::Error;
use crate::syntax::format_script;

use super::arguments::FmtArguments;
use super::ending::Ending;
use super::report;

/// Formats the files in place, or says which would change.
pub(super) fn run(arguments: &FmtArguments) -> Ending {
    let endings = arguments.files.iter().map(|file| format(file, arguments.check));
    endings.max().unwrap_or(Ending::Done)
}

fn format(file: &Path, check: bool) -> Ending {
    let name = file.display().to_string();
    let is_input = name == "-";
    let read = if is_input { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text = match read {
        Ok(text) => text,
        Err(error) => {
            report::message(&format!("error: `{name}` cannot be read: {error}"));
            return Ending::WrongCall;
        }
    };
    let laid_out = match format_script(&text) {
        Ok(laid_out) => laid_out,
        Err(error) => {
            report::diagnostic(&Error::from(error).to_diagnostic(), &text, Some(&name));
            return Ending::WrongText;
        }
    };
    if check {
        if laid_out == text {
            return Ending::Done;
        }
        report::message(&format!("{name} is not in the house's layout"));
        return Ending::Found;
    }
    if is_input {
        return match std::io::Write::write_all(&mut std::io::stdout(), laid_out.as_bytes()) {
            Ok(()) => Ending::Done,
            Err(_) => Ending::Failed,
        };
    }
    if laid_out == text {
        return Ending::Done;
    }
    match std::fs::write(file, laid_out) {
        Ok(()) => Ending::Done,
        Err(error) => {
            report::message(&format!("error: `{name}` cannot be written: {error}"));
            Ending::Failed
        }
    }
}
