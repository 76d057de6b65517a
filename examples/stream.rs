//! Many rows, one at a time: streaming, a statement prepared once, a statement stopped from another thread, and an error with its place.
//!
//! Run it with `cargo run --example stream`.

use std::time::Duration;

use yuanpu::{Database, Error, ErrorClass, ResultValue};

fn main() -> Result<(), Error> {
    let database = Database::in_memory();
    let mut connection = database.connect();
    connection.run("UNWIND range(1, 1000) AS n CREATE (:Number {n: n})", ())?;

    // Rows come as they are found; `false` says that no more are wanted.
    let mut sum = 0;
    connection.stream("MATCH (x:Number) RETURN x.n ORDER BY x.n", (), |_columns, row| {
        if let ResultValue::Integer(n) = row[0] {
            sum += n;
        }
        sum < 100
    })?;
    println!("the first numbers make {sum}");

    // Parsed, checked and planned once, run with other parameters each time.
    let divided = connection.prepare("MATCH (x:Number) WHERE x.n % $by = 0 RETURN count(*)")?;
    for by in [2, 3, 7] {
        let answer = connection.run_prepared(&divided, [("by", by)])?;
        println!("{by} divides {:?} of them", answer.rows[0][0]);
    }

    // A handle stops the statement that runs, from any thread.
    let handle = connection.cancel_handle();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        handle.cancel();
    });
    let endless =
        "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a, b WHERE a + b < 0 RETURN count(*)";
    match connection.run(endless, ()) {
        Err(error) if error.class() == ErrorClass::Cancelled => println!("stopped: {error}"),
        other => println!("it was not stopped: {other:?}"),
    }
    stopper.join().expect("it only waits and cancels");

    // An error knows its kind, its place in the text and what to try; the connection goes on.
    let text = "MATCH (x:Number) RETURN 1 / (x.n - 1)";
    if let Err(error) = connection.run(text, ()) {
        let place = error.span().map(|span| &text[span]);
        println!("{}/{} at {place:?}: {}", error.kind(), error.detail(), error.to_diagnostic().hints.join("; "));
    }
    Ok(())
}
