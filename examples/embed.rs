//! A graph inside a program: make it, ask it, read the rows as a type of one's own.
//!
//! Run it with `cargo run --example embed`.

use serde::Deserialize;
use yuanpu::{Database, Error, Parameters};

#[derive(Debug, Deserialize)]
struct Town {
    name: String,
    neighbours: Vec<String>,
}

fn main() -> Result<(), Error> {
    let database = Database::in_memory();
    let mut connection = database.connect();

    connection.run("CREATE (a:Town {name: 'A'})-[:ROAD {km: 12}]->(:Town {name: 'B'})-[:ROAD {km: 30}]->(a)", ())?;
    let parameters = Parameters::new().with("most", 20)?;
    let answer = connection.run(
        "MATCH (t:Town) RETURN t.name AS name, [(t)-[r:ROAD]-(other) WHERE r.km < $most | other.name] AS neighbours",
        parameters,
    )?;
    for town in answer.deserialize::<Town>()? {
        println!("{}: {}", town.name, town.neighbours.join(", "));
    }

    // What is wrong comes with its place and a hint.
    if let Err(error) = connection.run("MATCH (t:Town) RETURN tt.name", ()) {
        println!("{error}, {}", error.to_diagnostic().hints.join("; "));
    }

    // Several statements, all or nothing.
    let mut transaction = connection.transaction()?;
    transaction.run("CREATE (:Town {name: 'C'})", ())?;
    transaction.commit()
}
