//! The types of the columns of a CSV file, found by reading all of it once.

use std::io::BufRead;

use crate::tabular::{ColumnType, CsvReader, TabularError, TabularErrorKind};

/// The types that are tried, the narrowest first; what none reads is text.
const TRIED: [ColumnType; 4] = [ColumnType::Integer, ColumnType::Float, ColumnType::Boolean, ColumnType::Date];

/// Returns the type of each column. Rows of another length than the header have no say: they are refused when they are loaded.
pub(super) fn column_types<Input: BufRead>(reader: &mut CsvReader<Input>) -> Result<Vec<ColumnType>, TabularError> {
    let columns = reader.columns().len();
    let mut fits = vec![[true; TRIED.len()]; columns];
    let mut is_set = vec![false; columns];
    loop {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(error) if matches!(error.kind, TabularErrorKind::FieldCount { .. }) => continue,
            Err(error) => return Err(error),
        };
        for (column, field) in row.fields().enumerate().take(columns) {
            let Some(text) = field.text else { continue };
            is_set[column] = true;
            for (tried, fits) in TRIED.iter().zip(&mut fits[column]) {
                *fits = *fits && reads(tried, text);
            }
        }
    }
    let found = fits.iter().zip(is_set).map(|(fits, is_set)| {
        let narrowest = TRIED.iter().zip(fits).find(|(_, fits)| **fits && is_set);
        narrowest.map_or(ColumnType::String, |(found, _)| found.clone())
    });
    Ok(found.collect())
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
    use crate::tabular::CsvOptions;

    #[test]
    fn a_column_has_the_narrowest_type_that_reads_it_all() {
        let text = "a,b,c,d,e,f,g\n1,1,true,2017-04-28,007,,\n-2,1.5,FALSE,2017-04-29,8,,x\n1\n,,,,,,";
        let mut reader = CsvReader::new(text.as_bytes(), "t.csv", CsvOptions::default()).expect("a header");
        let found = column_types(&mut reader).expect("it is CSV");
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
