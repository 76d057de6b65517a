//! The types of the columns of a CSV file, found by reading all of it once.

use std::io::Read;

use crate::exchange::in_order::in_order;
use crate::tabular::{ColumnType, CsvBlock, CsvBlocks, TabularError, TabularErrorKind};
use crate::vector::Threads;

/// The types that are tried, the narrowest first; what none reads is text.
const TRIED: [ColumnType; 4] = [ColumnType::Integer, ColumnType::Float, ColumnType::Boolean, ColumnType::Date];

/// What is known of a column.
#[derive(Clone, Copy)]
struct Seen {
    /// Which of the types read all its fields.
    fits: [bool; TRIED.len()],
    /// Whether any field is set.
    is_set: bool,
}

/// Returns the type of each of so many columns. Rows of another length than the header have no say: they are refused when they are loaded.
pub(super) fn column_types<Input: Read + Send>(
    threads: &Threads,
    columns: usize,
    blocks: CsvBlocks<Input>,
) -> Result<Vec<ColumnType>, TabularError> {
    let mut all = vec![Seen { fits: [true; TRIED.len()], is_set: false }; columns];
    in_order(
        threads,
        blocks,
        |block| seen_in(block, columns),
        |part| {
            for (all, seen) in all.iter_mut().zip(part?) {
                all.is_set |= seen.is_set;
                all.fits.iter_mut().zip(seen.fits).for_each(|(all, fits)| *all &= fits);
            }
            Ok(())
        },
    )?;
    let narrowest = |seen: &Seen| TRIED.iter().zip(seen.fits).find(|(_, fits)| *fits && seen.is_set);
    Ok(all.iter().map(|seen| narrowest(seen).map_or(ColumnType::String, |(found, _)| found.clone())).collect())
}

/// Returns what one block says of the columns.
fn seen_in(block: Result<CsvBlock, TabularError>, columns: usize) -> Result<Vec<Seen>, TabularError> {
    let block = block?;
    let mut reader = block.reader();
    let mut seen = vec![Seen { fits: [true; TRIED.len()], is_set: false }; columns];
    loop {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(seen),
            Err(error) if matches!(error.kind, TabularErrorKind::FieldCount { .. }) => continue,
            Err(error) => return Err(error),
        };
        for (seen, field) in seen.iter_mut().zip(row.fields()) {
            let Some(text) = field.text else { continue };
            seen.is_set = true;
            for (tried, fits) in TRIED.iter().zip(&mut seen.fits) {
                *fits = *fits && reads(tried, text);
            }
        }
    }
}

fn reads(tried: &ColumnType, text: &str) -> bool {
    let number = matches!(tried, ColumnType::Integer | ColumnType::Float);
    if number && is_code(text) {
        return false;
    }
    tried.parse(text).is_ok()
}

/// Says whether digits stand after a leading zero, or behind a plus, as in postal codes and telephone numbers.
fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    matches!(digits, [b'+', ..] | [b'0', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabular::{CsvOptions, CsvReader};

    #[test]
    fn a_column_has_the_narrowest_type_that_reads_it_all() {
        let text = "a,b,c,d,e,f,g\n1,1,true,2017-04-28,007,,\n-2,1.5,FALSE,2017-04-29,8,,x\n1\n,,,,,,";
        let reader = CsvReader::new(text.as_bytes(), "t.csv", CsvOptions::default()).expect("a header");
        let found = column_types(&Threads::new(2), reader.columns().len(), reader.into_blocks()).expect("it is CSV");
        let text = ColumnType::String;
        assert_eq!(
            found,
            [ColumnType::Integer, ColumnType::Float, ColumnType::Boolean, ColumnType::Date]
                .into_iter()
                .chain([text.clone(), text.clone(), text])
                .collect::<Vec<_>>()
        );
    }
}
