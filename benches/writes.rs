//! How fast single statements are committed, and how much a writer slows those who read at the same time.
//!
//! `cargo bench --bench writes [-- PEOPLE]` prints both for a graph in memory and for one in a file whose commits do not wait for the disk.
//! Each figure is the median of several rounds; the machine should have two free processors.

mod graph;

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
        let rounds: Vec<[f64; 4]> = (0..ROUNDS).map(|_| round(&database, people)).collect();
        let [commits, reads, beside, both] = [0, 1, 2, 3].map(|place| median(&rounds, place));
        let kept = 100.0 * beside / reads;
        println!("{name:<8} {commits:>10.0} {reads:>10.0} {beside:>10.0} ({kept:.0} %) {both:>10.0}");
    }
}

/// Returns the rates of one round.
fn round(database: &Database, people: u64) -> [f64; 4] {
    let (mut writer, mut reader) = (database.connect(), database.connect());
    let commits = rate(&mut writer, WRITE, people - 1, &|_| false);
    let reads = rate(&mut reader, READ, ASKED, &|_| false);
    let is_over = AtomicBool::new(false);
    let (beside, both) = std::thread::scope(|scope| {
        let written = scope.spawn(|| rate(&mut writer, WRITE, people - 1, &|_| is_over.load(Ordering::Relaxed)));
        let read = rate(&mut reader, READ, ASKED, &|_| false);
        is_over.store(true, Ordering::Relaxed);
        (read, written.join().expect("the writer goes on"))
    });
    [commits, reads, beside, both]
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
