//! Puts the built-in package into the program: the rows of `data/` in the form that `src/exchange/package/embedded.rs` describes.
//!
//! A CSV reader of its own, because a build script cannot use the crate that it builds: it knows quoted fields and nothing else. A test
//! holds what it makes against what the crate reads, and `yuanpu check data` says what is wrong with the files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const STATEMENT_COLUMNS: [&str; 14] = [
    "subject",
    "predicate",
    "object",
    "key",
    "value",
    "source",
    "locator",
    "as_printed",
    "unit",
    "comparator",
    "attributed_to",
    "as_of",
    "rank",
    "note",
];

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("data");
    for watched in ["graph.toml", "sources.csv", "entities", "statements"] {
        println!("cargo:rerun-if-changed={}", folder.join(watched).display());
    }
    println!("cargo:rerun-if-changed=build.rs");
    if folder.join("indexes.csv").exists() {
        return Err(io::Error::other(
            "the built-in package has its labels' keys alone: data/indexes.csv has no place in it",
        ));
    }
    let sources = rows_of(&folder, &["sources.csv".to_owned()], None)?;
    let entities = rows_of(&folder, &csv_files(&folder, "entities")?, Some(&["id", "labels"]))?;
    let statements = rows_of(&folder, &csv_files(&folder, "statements")?, Some(&STATEMENT_COLUMNS))?;
    let source_columns = records(&fs::read_to_string(folder.join("sources.csv"))?).next().unwrap_or_default().1;
    let manifest = fs::read_to_string(folder.join("graph.toml"))?;
    let bytes = encode(&manifest, &source_columns, [sources, entities, statements]);
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("builtin.rows");
    fs::write(target, bytes)
}

/// A row: its file, its line, its cells.
type Row = (String, u32, Vec<String>);

fn csv_files(folder: &Path, part: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join(part))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".csv") && !name.starts_with('.') {
            files.push(format!("{part}/{name}"));
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the rows of files, with the cells of these columns, or of all.
fn rows_of(folder: &Path, files: &[String], wanted: Option<&[&str]>) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for file in files {
        let text = fs::read_to_string(folder.join(file))?;
        let mut records = records(&text);
        let header = records.next().unwrap_or_default().1;
        let wanted: Vec<&str> = wanted.map_or(header.iter().map(String::as_str).collect(), <[&str]>::to_vec);
        let places: Vec<Option<usize>> =
            wanted.iter().map(|column| header.iter().position(|known| known == column)).collect();
        for (line, fields) in records {
            let cell = |place: &Option<usize>| place.and_then(|place| fields.get(place)).cloned().unwrap_or_default();
            rows.push((file.clone(), line, places.iter().map(cell).collect()));
        }
    }
    Ok(rows)
}

/// Splits CSV into records, each with the line on which it begins; empty lines are none.
fn records(text: &str) -> impl Iterator<Item = (u32, Vec<String>)> {
    let mut characters = text.chars().peekable();
    let mut line = 1;
    std::iter::from_fn(move || {
        let (mut fields, mut field, mut quoted, mut begun) = (Vec::new(), String::new(), false, line);
        while let Some(character) = characters.next() {
            line += u32::from(character == '\n');
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => field.extend(characters.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(std::mem::take(&mut field)),
                '\r' if !quoted => {}
                '\n' if !quoted && fields.is_empty() && field.is_empty() => begun = line,
                '\n' if !quoted => {
                    fields.push(field);
                    return Some((begun, fields));
                }
                _ => field.push(character),
            }
        }
        if fields.is_empty() && field.is_empty() {
            return None;
        }
        fields.push(field);
        Some((begun, fields))
    })
}

fn encode(manifest: &str, source_columns: &[String], parts: [Vec<Row>; 3]) -> Vec<u8> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::from([("", 0)]);
    let cells = parts.iter().flatten().flat_map(|(file, _, cells)| cells.iter().chain([file]));
    numbers.extend(cells.chain(source_columns).map(|text| (text.as_str(), 0)));
    for (place, number) in numbers.values_mut().enumerate() {
        *number = place as u32;
    }
    let mut bytes = b"yuanpu rows 1\n".to_vec();
    let put = |bytes: &mut Vec<u8>, number: usize| bytes.extend((number as u32).to_le_bytes());
    put(&mut bytes, manifest.len());
    bytes.extend(manifest.as_bytes());
    put(&mut bytes, numbers.len());
    numbers.keys().for_each(|text| put(&mut bytes, text.len()));
    numbers.keys().for_each(|text| bytes.extend(text.as_bytes()));
    put(&mut bytes, source_columns.len());
    source_columns.iter().for_each(|column| put(&mut bytes, numbers[column.as_str()] as usize));
    for rows in &parts {
        let mut sorted: Vec<(Vec<u32>, u32, u32)> = rows
            .iter()
            .map(|(file, line, cells)| {
                (cells.iter().map(|cell| numbers[cell.as_str()]).collect(), numbers[file.as_str()], *line)
            })
            .collect();
        sorted.sort_unstable();
        put(&mut bytes, sorted.len());
        for (cells, file, line) in sorted {
            put(&mut bytes, file as usize);
            put(&mut bytes, line as usize);
            cells.into_iter().for_each(|cell| put(&mut bytes, cell as usize));
        }
    }
    bytes
}
