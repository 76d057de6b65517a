//! How long a text takes before it is run: a query parsed and bound, and a script of a megabyte parsed.
//!
//! `cargo bench --bench reading` prints both. The binder cannot be called alone from outside: the query is one whose last column does not
//! exist, so that it is read and bound to its end and refused there, before anything is planned. The script is what `yuanpu fmt --one-line`
//! reads, builds and prints, the program's start included.

use std::process::{Command, Stdio};
use std::time::Instant;

use yuanpu::Database;

/// A query of 300 bytes as people write them; what its last column reads is nowhere defined.
const QUERY: &str = "MATCH (p:Park)-[:LOCATED_IN]->(c:City)-[:PART_OF]->(v:Province)
WHERE p.name STARTS WITH $prefix AND (v.name_en = 'Fujian' OR c.name_en IN ['Fuzhou', 'Quanzhou'])
OPTIONAL MATCH (p)<-[r:OPERATES]-(o:Organisation)
WITH p, c, count(DISTINCT o) AS n, max(r.since) AS since
RETURN p.name, c.name, n + 1, since, missing
ORDER BY n";

/// How many times the query is read.
const RUNS: usize = 3000;

/// How long the script is, at least.
const SCRIPT_SIZE_BYTES: usize = 1 << 20;

fn main() {
    let (least, median) = read_query();
    println!(
        "a query of {} bytes, parsed and bound: {least:.1} µs at least, {median:.1} µs at the median",
        QUERY.len()
    );
    let script = script();
    let milliseconds = (0..5).map(|_| print_script(&script)).fold(f64::MAX, f64::min);
    println!("a script of {} bytes, parsed and printed, with the program's start: {milliseconds:.0} ms", script.len());
}

/// Returns the least and the median time of reading the query, in microseconds.
fn read_query() -> (f64, f64) {
    let mut connection = Database::builtin().expect("the built-in graph opens").connect();
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let before = Instant::now();
        let refused = connection.prepare(QUERY).expect_err("its last column does not exist");
        times.push(before.elapsed().as_secs_f64() * 1e6);
        assert!(refused.to_string().contains("missing"), "{refused}");
    }
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}

/// Returns the queries of the built-in graph, again and again.
fn script() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/queries");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the queries are there").flatten().map(|file| file.path()).collect();
    files.sort();
    let mut once = String::new();
    for file in files {
        let text = std::fs::read_to_string(file).expect("a query is text");
        let text = text.trim_end();
        once += text;
        once += if text.ends_with(';') { "\n" } else { ";\n" };
    }
    once.repeat(SCRIPT_SIZE_BYTES / once.len() + 1)
}

/// Returns how long the program takes to parse and print a script, in milliseconds.
fn print_script(script: &str) -> f64 {
    let path = std::env::temp_dir().join(format!("yuanpu-reading-{}.cypher", std::process::id()));
    std::fs::write(&path, script).expect("there is room for a megabyte");
    let before = Instant::now();
    let program = env!("CARGO_BIN_EXE_yuanpu");
    let done = Command::new(program).args(["fmt", "--one-line"]).arg(&path).stdout(Stdio::null()).status();
    let milliseconds = before.elapsed().as_secs_f64() * 1e3;
    let _ = std::fs::remove_file(&path);
    assert!(done.is_ok_and(|status| status.success()), "the script is printed");
    milliseconds
}
