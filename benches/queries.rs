//! How long the shapes of queries take that are claimed fast: least and median of many runs, on one thread and on all.
//!
//! `cargo bench --bench queries [-- PEOPLE]` prints a table. The clock is not trusted to fail anything: see `instructions.rs` for that.

mod graph;

use std::time::{Duration, Instant};

use graph::KERNELS;

/// How long one kernel is run for, at most.
const PATIENCE: Duration = Duration::from_millis(700);

fn main() {
    let people = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (one, all) = (graph::open(people, 1), graph::open(people, threads));
    let (mut one, mut all) = (one.connect(), all.connect());
    println!("{people} people, milliseconds, 1 and {threads} threads");
    println!("{:<22} {:>10} {:>10} {:>10} {:>10}", "query", "least", "median", "least", "median");
    for kernel in KERNELS {
        let (alone, together) = (measure(&mut one, kernel), measure(&mut all, kernel));
        println!("{:<22} {:>10.4} {:>10.4} {:>10.4} {:>10.4}", kernel.name, alone.0, alone.1, together.0, together.1);
    }
}

/// Returns the least and the median of the times of a kernel, in milliseconds; the first run is not counted.
fn measure(connection: &mut yuanpu::Connection, kernel: &graph::Kernel) -> (f64, f64) {
    graph::run(connection, kernel, 0);
    let (started, mut times) = (Instant::now(), Vec::new());
    while times.len() < 5 || (started.elapsed() < PATIENCE && times.len() < 1000) {
        let before = Instant::now();
        graph::run(connection, kernel, times.len() as u64 + 1);
        times.push(before.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}
