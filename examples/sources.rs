//! Answers that cite: the built-in graph asked with `CITE`, through lenses, and with a source of one's own.
//!
//! Run it with `cargo run --example sources`.

use yuanpu::{Connection, Database, Error};

fn main() -> Result<(), Error> {
    // A private copy of the built-in graph; what is written to it goes with the program.
    let mut connection = Database::builtin()?.connect();

    // Each row carries the claims that it rests on: who says so, where, and in which words.
    let cited = "CITE MATCH (p:Park {name: '青岛链湾'})-[r:RANKED_IN]->() RETURN p.name AS park, r.rank AS rank";
    let answer = connection.run(cited, ())?;
    for (row, claims) in answer.iter().zip(answer.claims.iter().flat_map(|claims| claims.iter())) {
        println!("{:?} has rank {:?}, which {} claims say", row.named("park"), row.named("rank"), claims.len());
        if let Some(claim) = claims.last() {
            println!("  {} {}: printed {:?}", claim.source, claim.locator, claim.as_printed);
        }
    }

    // The same question through lenses: what sources said until a day, and what one source alone says.
    let count = "MATCH (p:Park) RETURN count(p) AS parks";
    for lens in ["", "AS OF 2019-12-31", "ACCORDING TO ONLY 's002'"] {
        println!("{lens:>25}: {}", asked(&mut connection, &format!("{lens} {count}"))?);
    }

    // A write in the name of a source is a claim of that source, and can be taken back.
    connection.run("CREATE (:Source {id: 'visit', name: 'A visit'})", ())?;
    connection
        .run("ACCORDING TO 'visit' MATCH (p:Park {name: '青岛链湾'}) SET p.note = 'the gate has been moved'", ())?;
    let who = "MATCH (p:Park {name: '青岛链湾'}) CALL claims.of(p) YIELD property, source WHERE property = 'note' RETURN source.id";
    println!("the note is claimed by {:?}", connection.run(who, ())?.deserialize::<String>()?);
    Ok(())
}

fn asked(connection: &mut Connection, text: &str) -> Result<u64, Error> {
    Ok(connection.run(text, ())?.deserialize::<u64>()?[0])
}
