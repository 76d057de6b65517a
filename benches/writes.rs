//! How fast single statements are committed, and how much a writer slows those who read at the same time.
//!
//! `cargo bench --bench writes [-- PEOPLE]` prints both for a graph in memory and for one in a file whose commits do not wait for the disk.
//! Each figure is the median of several rounds; the machine should have two free processors.

mod graph;

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use yuanpu::{Connection, Database, Options};

/// How long one round takes.
const ROUND: Duration = Duration::from_millis(600);

/// How many rounds there are.
const ROUNDS: usize = 5;

/// What a reader asks: some thousand relationships of one person's neighbourhood.
const READ: &str =
    "MATCH (:Person {id: $id})-[:FOLLOWS]->(:Person)-[:FOLLOWS]->(c:Person) RETURN c.gender, count(*), avg(c.age)";

/// How many people are asked about.
const ASKED: u64 = 1000;

/// What a writer commits, spread over all people: what readers ask about must not grow meanwhile, or the growth is measured.
const WRITE: &str = "MATCH (a:Person {id: $id}), (b:Person {id: $id + 1}) CREATE (a)-[:FOLLOWS {since: 2024}]->(b)";

fn main() {
    let people = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("there is room");
    let options = || Options::default().threads(1).sync(false);
    let file = Database::open(folder.path().join("graph"), options()).expect("a file can be made");
    println!("{people} people; per second: commits alone, reads alone, reads beside a writer, commits beside a reader");
    for (name, database) in [("memory", Database::in_memory_with(options())), ("file", file)] {
        graph::fill(&database, people);
        let rounds = rounds(&database, people);
        let [commits, reads, beside, both] = [0, 1, 2, 3].map(|place| median(&rounds, place));
        let kept = 100.0 * beside / reads;
        println!("{name:<8} {commits:>10.0} {reads:>10.0} {beside:>10.0} ({kept:.0} %) {both:>10.0}");
    }
}

/// Returns the rates of some rounds. Who writes and who reads has a thread of their own all the time, as each connection of a program would;
/// neither of them has filled the graph.
fn rounds(database: &Database, people: u64) -> Vec<[f64; 4]> {
    let (mut writer, mut reader) = (database.connect(), database.connect());
    let (steps, is_over) = (Barrier::new(2), AtomicBool::new(false));
    let write = |writer: &mut Connection| {
        let commits = rate(writer, WRITE, people - 1, &|_| false);
        steps.wait();
        // Reads alone.
        steps.wait();
        let beside = rate(writer, WRITE, people - 1, &|_| is_over.load(Ordering::Relaxed));
        steps.wait();
        (commits, beside)
    };
    let read = |reader: &mut Connection| {
        steps.wait();
        let reads = rate(reader, READ, ASKED, &|_| false);
        is_over.store(false, Ordering::Relaxed);
        steps.wait();
        let beside = rate(reader, READ, ASKED, &|_| false);
        is_over.store(true, Ordering::Relaxed);
        steps.wait();
        (reads, beside)
    };
    std::thread::scope(|scope| {
        let written = scope.spawn(|| (0..ROUNDS).map(|_| write(&mut writer)).collect::<Vec<_>>());
        let read = scope.spawn(|| (0..ROUNDS).map(|_| read(&mut reader)).collect::<Vec<_>>());
        let (written, read) = (written.join().expect("the writer goes on"), read.join().expect("the reader goes on"));
        let both = written.into_iter().zip(read);
        both.map(|((commits, together), (reads, beside))| [commits, reads, beside, together]).collect()
    })
}

/// Runs a statement again and again for a round, or until it is over, on this many people in turn; returns how often a second.
fn rate(connection: &mut Connection, text: &str, people: u64, is_over: &dyn Fn(u64) -> bool) -> f64 {
    let (started, mut runs) = (Instant::now(), 0_u64);
    while started.elapsed() < ROUND && !is_over(runs) {
        connection.run(text, [("id", (runs * 37 % people) as i64)]).expect("the statement runs");
        runs += 1;
    }
    runs as f64 / started.elapsed().as_secs_f64()
}

fn median(rounds: &[[f64; 4]], place: usize) -> f64 {
    let mut rates: Vec<f64> = rounds.iter().map(|round| round[place]).collect();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
