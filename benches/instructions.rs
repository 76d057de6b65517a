//! How many instructions the kernels take, counted by valgrind's callgrind: the same on a busy machine as on a quiet one.
//!
//! ```text
//! cargo bench --bench instructions              compares with benches/instructions.txt and fails where a kernel takes more
//! UPDATE=1 cargo bench --bench instructions     writes what was counted into that file
//! ```
//! Each kernel runs in a process of its own under valgrind (`--run NAME`), on one thread; only what happens inside [`measured`] is counted.
//! Without valgrind it says so and passes, unless `YUANPU_REQUIRE_VALGRIND` is set.

mod graph;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use graph::KERNELS;
use yuanpu::{Connection, Database};

/// How many people the graph has; under valgrind everything takes fifty times as long.
const PEOPLE: u64 = 1500;

/// By what share a kernel may take more than is written down. Hash tables are seeded anew in every process, and a compiler's next
/// version is a little better here and a little worse there.
const TOLERANCE: f64 = 0.25;

/// The stack of the thread that is measured: as much as a statement wants, so that it needs no other.
const STACK_SIZE_BYTES: usize = 512 << 20;

/// The statement of about 300 bytes that is made ready from new text.
const NEW_TEXT: &str = "MATCH (a:Person {id: $id})-[f:FOLLOWS]->(b:Person)-[:LIVES_IN]->(c:City), (b)-[:WORKS_AT]->(w:Company) \
    WHERE f.since >= 2010 AND b.age > 30 AND NOT (a)-[:WORKS_AT]->(w) AND w.employees > 100 \
    RETURN c.name AS city, count(DISTINCT b) AS people, avg(b.age) AS age ORDER BY people DESC, city LIMIT 10";

/// A star of twelve relationships, the widest pattern that planning is promised to be quick for.
const STAR: &str = "MATCH (a:Person)-[:FOLLOWS]->(b), (a)-[:FOLLOWS]->(c), (a)-[:FOLLOWS]->(d), (a)-[:FOLLOWS]->(e), \
    (a)-[:FOLLOWS]->(f), (a)-[:FOLLOWS]->(g), (a)-[:FOLLOWS]->(h), (a)-[:FOLLOWS]->(i), (a)-[:LIVES_IN]->(j), \
    (a)-[:WORKS_AT]->(k), (a)<-[:FOLLOWS]-(l), (a)<-[:FOLLOWS]-(m) WHERE a.id = $id RETURN count(*)";

/// What is counted besides the queries: making a statement ready, and writing.
const STATEMENTS: [&str; 4] = ["new_text", "star", "create", "relate"];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--run").skip(1);
    if let Some(name) = arguments.next() {
        let thread = std::thread::Builder::new().stack_size(STACK_SIZE_BYTES).spawn(move || run(&name));
        thread.expect("a thread starts").join().expect("the kernel runs");
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not there, so nothing is counted");
        let is_required = std::env::var_os("YUANPU_REQUIRE_VALGRIND").is_some();
        return if is_required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let counted = count_all();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(table(), written(&counted)).expect("the table can be written");
        println!("written: {}", table().display());
        return ExitCode::SUCCESS;
    }
    compare(&counted)
}

/// Where the counts are written down.
fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt")
}

fn names() -> Vec<&'static str> {
    KERNELS.iter().map(|kernel| kernel.name).chain(STATEMENTS).collect()
}

/// Runs one kernel twice, and the second time is counted.
fn run(name: &str) {
    let database = match STATEMENTS.contains(&name) {
        true => graph::open(100, 1),
        false => graph::open(PEOPLE, 1),
    };
    let mut connection = database.connect();
    match KERNELS.iter().find(|kernel| kernel.name == name) {
        Some(kernel) => {
            graph::run(&mut connection, kernel, 1);
            measured(&mut connection, kernel.text, (kernel.parameters)(2), false);
        }
        None => run_statement(&mut connection, name, &database),
    }
}

fn run_statement(connection: &mut Connection, name: &str, database: &Database) {
    let parameters = || [("id", 7_i64)];
    match name {
        "create" | "relate" => {
            let create = "CREATE (:Person {id: 100000 + $id, name: 'new', age: 30})";
            let relate =
                "MATCH (a:Person {id: $id}), (b:Person {id: $id + 1}) CREATE (a)-[:FOLLOWS {since: 2024}]->(b)";
            let text = if name == "create" { create } else { relate };
            connection.run(text, parameters()).expect("it can be written");
            measured(connection, text, [("id", 8_i64)].into(), false);
        }
        _ => {
            let text = if name == "star" { STAR } else { NEW_TEXT };
            // Another statement first, so that what is made once for all of them is there.
            drop(database.connect().prepare("MATCH (p:Person) WHERE p.age > 1 RETURN p.name ORDER BY p.name LIMIT 1"));
            measured(connection, text, parameters().into(), true);
        }
    }
}

/// What is counted: one statement run, or only made ready.
#[inline(never)]
fn measured(connection: &mut Connection, text: &str, parameters: yuanpu::Parameters, only_prepared: bool) {
    if only_prepared {
        std::hint::black_box(connection.prepare(text)).expect("the statement is right");
    } else {
        std::hint::black_box(connection.run(text, parameters)).expect("the statement runs");
    }
}

/// Counts all kernels, as many at a time as there are processors.
fn count_all() -> Vec<(&'static str, u64)> {
    let (names, next) = (names(), AtomicUsize::new(0));
    let counted = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let count = count(name);
                    counted.lock().expect("no worker fails").push((*name, count));
                }
            });
        }
    });
    let mut counted = counted.into_inner().expect("no worker fails");
    counted.sort_by_key(|(name, _)| names.iter().position(|other| other == name));
    counted
}

/// Counts one kernel.
fn count(name: &str) -> u64 {
    let program = std::env::current_exe().expect("the program knows its file");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=instructions::measured")
        .arg(program)
        .args(["--run", name])
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&output.stderr);
    let collected =
        said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, number)| number.trim().parse());
    match collected {
        Some(Ok(count)) if count > 0 && output.status.success() => count,
        _ => panic!("`{name}` was not counted:\n{said}"),
    }
}

fn written(counted: &[(&str, u64)]) -> String {
    let mut text = format!(
        "# Instructions of each kernel, counted by `UPDATE=1 cargo bench --bench instructions` on a graph of {PEOPLE} people.\n"
    );
    for (name, count) in counted {
        let _ = writeln!(text, "{name:<22} {count:>12}");
    }
    text
}

/// Says how what was counted compares with what is written down; fails where it is more.
fn compare(counted: &[(&str, u64)]) -> ExitCode {
    let text = std::fs::read_to_string(table()).unwrap_or_default();
    let known = |name: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    let (mut worse, mut better) = (Vec::new(), 0);
    println!("{:<22} {:>12} {:>12} {:>8}", "kernel", "written down", "counted", "change");
    for (name, count) in counted {
        let Some(before) = known(name) else {
            println!("{name:<22} {:>12} {count:>12}", "none");
            worse.push(format!("{name} is not in the table"));
            continue;
        };
        let change = *count as f64 / before as f64 - 1.0;
        println!("{name:<22} {before:>12} {count:>12} {:>7.1} %", change * 100.0);
        if change > TOLERANCE {
            worse.push(format!("{name} takes {:.1} % more instructions than written down", change * 100.0));
        }
        better += usize::from(change < -TOLERANCE);
    }
    if better > 0 {
        println!("{better} kernels take less: UPDATE=1 writes it down, so that it stays so");
    }
    if worse.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nslower than benches/instructions.txt says (by more than {:.0} %):", TOLERANCE * 100.0);
    worse.iter().for_each(|line| println!("  {line}"));
    println!("if that is meant, UPDATE=1 cargo bench --bench instructions writes the new counts down");
    ExitCode::FAILURE
}
