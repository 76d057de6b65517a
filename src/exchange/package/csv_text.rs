//! Rows as CSV: fields quoted only where they must be, lines ended by LF.

/// Returns a file of rows below a header.
pub fn csv_text<Name: AsRef<str>>(columns: &[Name], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    write_row(&mut text, columns.iter().map(AsRef::as_ref));
    rows.iter().for_each(|row| write_row(&mut text, row.iter().map(String::as_str)));
    text
}

fn write_row<'f>(text: &mut String, fields: impl Iterator<Item = &'f str>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push('\n');
}
