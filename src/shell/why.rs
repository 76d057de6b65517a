//! `:why N`: what a row of the last answer rests on, with the claims that did not win.

use std::io::{self, Write};

use crate::engine::ClaimRecord;
use crate::output::{Format, claim_line, passage_line, write_claims};

use super::session::Session;

/// Writes what a row of the last answer rests on, counted from 1; refuses in words.
pub(super) fn tell(session: &mut Session, number: &str) -> Result<(), String> {
    let Some(support) = &session.support else {
        let words = match session.last_writes {
            true => "the last answer is of a statement that writes, of which is not kept what its rows rest on",
            false => {
                "there is no answer in Cypher to explain; what a very large answer rests on is kept only under CITE"
            }
        };
        return Err(words.to_owned());
    };
    let count = support.row_count();
    let wanted = if number.is_empty() && count == 1 { Ok(1) } else { number.parse::<usize>() };
    let row = wanted.ok().and_then(|number| number.checked_sub(1)).filter(|row| *row < count);
    let Some(mut claims) = row.and_then(|row| support.why(row)) else {
        let rows = match count {
            0 => "the last answer has no rows".to_owned(),
            1 => "the last answer has one row: `:why 1`".to_owned(),
            count => format!("the last answer has rows 1 to {count}: `:why 1`"),
        };
        return Err(rows);
    };
    session.printer.passages.fill(&mut claims);
    let mut out = anstream::stdout();
    match write(&claims, session.printer.format(), &mut out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the claims cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

fn write(claims: &[ClaimRecord], format: Format, out: &mut dyn Write) -> io::Result<()> {
    if matches!(format, Format::Json | Format::Jsonl) {
        let mut json = String::new();
        write_claims(&mut json, claims);
        return writeln!(out, "{json}");
    }
    for claim in claims {
        writeln!(out, "- {}", claim_line(claim))?;
        if let Some(passage) = passage_line(claim) {
            writeln!(out, "  > {passage}")?;
        }
    }
    out.flush()
}
