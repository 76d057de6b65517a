//! What LOAD CSV takes: empty fields, rows that are short or long, files that are not there.

use super::{Connection, Database, Options};

/// A connection that may read a folder with one file.
fn over(text: &str) -> (Connection, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join("rows.csv"), text).expect("it can be written");
    let options = Options::default().csv_folder(folder.path());
    (Database::in_memory_with(options).connect(), folder)
}

fn rows(text: &str, query: &str) -> Vec<String> {
    let (mut connection, _folder) = over(text);
    let answer = connection.run(query, ()).expect("it can be read");
    answer.rows.iter().map(|row| row[0].to_value().expect("it is plain").to_string()).collect()
}

fn refused(text: &str, query: &str) -> (String, Vec<String>) {
    let (mut connection, _folder) = over(text);
    let found = connection.run(query, ()).expect_err("it is refused").to_diagnostic();
    (found.message, found.hints)
}

const WITH_HEADERS: &str = "LOAD CSV WITH HEADERS FROM 'rows.csv' AS row RETURN row";

#[test]
fn empty_fields_are_null_with_quotation_marks_or_without() {
    let text = "a,b,c\n1,,\"\"\n";
    assert_eq!(rows(text, WITH_HEADERS), ["{a: '1', b: null, c: null}"]);
    assert_eq!(rows(text, "LOAD CSV FROM 'rows.csv' AS row RETURN row")[1], "['1', null, null]");
}

#[test]
fn a_short_row_has_nulls_and_a_long_one_is_told() {
    assert_eq!(rows("a,b,c\n1\n1,2\n", WITH_HEADERS), ["{a: '1', b: null, c: null}", "{a: '1', b: '2', c: null}"]);
    let (message, hints) = refused("a,b\n1,2\n1,2,3\n", WITH_HEADERS);
    assert_eq!(message, "rows.csv:3:5: the row has 3 fields, the header has 2");
    assert_eq!(hints, ["put a field that holds the delimiter into quotation marks"]);
    // Without a header every row is a list of its own length.
    assert_eq!(rows("1,2\n1,2,3\n", "LOAD CSV FROM 'rows.csv' AS row RETURN size(row)"), ["2", "3"]);
}

#[test]
fn the_folder_is_named_only_where_it_is_the_cause() {
    let about_folder = |hints: &[String]| hints.iter().any(|hint| hint.contains("--csv-folder"));
    for (text, query, is_of_folder) in [
        ("a\n1\n", "LOAD CSV FROM 'other.csv' AS row RETURN row", true),
        ("a\n1\n", "LOAD CSV FROM '../../etc/hostname' AS row RETURN row", true),
        ("a\n1\n", "LOAD CSV FROM 7 AS row RETURN row", false),
        ("a\n1\n", "LOAD CSV FROM null AS row RETURN row", false),
        ("a\n\"1\n", "LOAD CSV FROM 'rows.csv' AS row RETURN row", false),
        ("a,a\n1,2\n", WITH_HEADERS, false),
        ("a,b\n1,2,3\n", WITH_HEADERS, false),
    ] {
        let (message, hints) = refused(text, query);
        assert_eq!(about_folder(&hints), is_of_folder, "{query}: {message} {hints:?}");
    }
    let mut connection = Database::in_memory().connect();
    let found = connection.run(WITH_HEADERS, ()).expect_err("no folder may be read").to_diagnostic();
    assert!(about_folder(&found.hints), "{found:?}");
}
