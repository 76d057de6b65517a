//! The graph that the benches measure on, made by code from a seed: people who follow each other by a power law, cities, interests,
//! companies. The same number of people always gives the same graph.
#![allow(dead_code, reason = "each bench uses a part of this")]

use std::fmt::Write;
use std::path::Path;

use yuanpu::{Database, ImportSource, Options, Parameters, ResultValue};

/// What the folder holds, for the import.
const DESCRIPTION: &str = r#"
[nodes.Person]
file = "Person.csv"
key = "id"
columns = { id = "integer", name = "string", gender = "string", age = "integer" }

[nodes.City]
file = "City.csv"
key = "id"
columns = { id = "integer", name = "string" }

[nodes.Company]
file = "Company.csv"
key = "id"
columns = { id = "integer", employees = "integer" }

[relationships.FOLLOWS]
file = "FOLLOWS.csv"
from = "Person"
from_column = "from"
to = "Person"
to_column = "to"
columns = { since = "integer" }

[relationships.LIVES_IN]
file = "LIVES_IN.csv"
from = "Person"
from_column = "from"
to = "City"
to_column = "to"
columns = {}

[relationships.WORKS_AT]
file = "WORKS_AT.csv"
from = "Person"
from_column = "from"
to = "Company"
to_column = "to"
columns = {}
"#;

/// Names are made of these.
const PARTS: [&str; 8] = ["an", "bei", "chen", "dong", "fei", "guang", "hai", "jing"];

/// A query that is measured.
pub struct Kernel {
    /// Under which name its figures stand.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Its parameters in the run of this number.
    pub parameters: fn(u64) -> Parameters,
}

fn nothing(_: u64) -> Parameters {
    ().into()
}

fn person(run: u64) -> Parameters {
    [("id", (run * 37 % 500) as i64)].into()
}

fn pair(run: u64) -> Parameters {
    [("from", (run * 37 % 500) as i64), ("to", (run * 91 % 1000) as i64)].into()
}

fn ages(run: u64) -> Parameters {
    [("low", (20 + run % 40) as i64), ("high", (30 + run % 40) as i64)].into()
}

/// The shapes of queries that are claimed fast, one of each.
pub const KERNELS: &[Kernel] = &[
    Kernel { name: "point", text: "MATCH (p:Person {id: $id}) RETURN p.name, p.age", parameters: person },
    Kernel {
        name: "hop",
        text: "MATCH (:Person {id: $id})-[:FOLLOWS]->(b:Person) RETURN b.id, b.name ORDER BY b.id",
        parameters: person,
    },
    Kernel {
        name: "two_hops_counted",
        text: "MATCH (:Person {id: $id})-[:FOLLOWS]->(:Person)-[:FOLLOWS]->(c:Person) RETURN count(*)",
        parameters: person,
    },
    Kernel {
        name: "two_hops_grouped",
        text: "MATCH (:Person {id: $id})-[:FOLLOWS]->(:Person)-[:FOLLOWS]->(c:Person) \
               RETURN c.id, count(*) AS n ORDER BY n DESC, c.id LIMIT 10",
        parameters: person,
    },
    Kernel {
        name: "three_hops_distinct",
        text: "MATCH (:Person {id: $id})-[:FOLLOWS*1..3]->(b:Person) RETURN count(DISTINCT b)",
        parameters: person,
    },
    Kernel {
        name: "range",
        text: "MATCH (p:Person) WHERE p.age >= $low AND p.age <= $high RETURN count(*)",
        parameters: ages,
    },
    Kernel {
        name: "text",
        text: "MATCH (p:Person) WHERE p.name CONTAINS 'beich' RETURN count(*)",
        parameters: nothing,
    },
    Kernel { name: "group", text: "MATCH (p:Person) RETURN p.gender, count(*), avg(p.age)", parameters: nothing },
    Kernel {
        name: "top",
        text: "MATCH (p:Person) RETURN p.id, p.age ORDER BY p.age DESC, p.id LIMIT 20",
        parameters: nothing,
    },
    Kernel {
        name: "relationship_group",
        text: "MATCH (:Person)-[f:FOLLOWS]->(:Person) WHERE f.since >= 2015 RETURN f.since, count(*)",
        parameters: nothing,
    },
    Kernel {
        name: "optional",
        text: "MATCH (p:Person) OPTIONAL MATCH (p)-[:WORKS_AT]->(w:Company) RETURN count(*), sum(w.employees)",
        parameters: nothing,
    },
    Kernel {
        name: "exists",
        text: "MATCH (p:Person) WHERE EXISTS { (p)-[:LIVES_IN]->(:City {id: 3}) } AND NOT EXISTS { (p)-[:WORKS_AT]->() } RETURN count(*)",
        parameters: nothing,
    },
    Kernel {
        name: "triangles",
        text: "MATCH (a:Person)-[:FOLLOWS]->(b:Person)-[:FOLLOWS]->(c:Person), (a)-[:FOLLOWS]->(c) RETURN count(*)",
        parameters: nothing,
    },
    Kernel {
        name: "shortest_path",
        text: "MATCH p = shortestPath((:Person {id: $from})-[:FOLLOWS*..10]->(:Person {id: $to})) RETURN length(p)",
        parameters: pair,
    },
    Kernel {
        name: "pagerank",
        text: "CALL algo.pagerank({labels: ['Person'], types: ['FOLLOWS']}) YIELD node, score \
               RETURN node.id, score ORDER BY score DESC LIMIT 5",
        parameters: nothing,
    },
    Kernel {
        name: "components",
        text: "CALL algo.wcc({labels: ['Person'], types: ['FOLLOWS']}) YIELD component RETURN count(DISTINCT component)",
        parameters: nothing,
    },
];

/// Numbers that look random and are the same every time (Marsaglia, "Xorshift RNGs", 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

/// Writes the files of a graph of so many people into a folder.
pub fn write(folder: &Path, people: u64) -> std::io::Result<()> {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let (cities, companies) = ((people / 20).max(4), (people / 20).max(4));
    let (mut persons, mut lives, mut works) = (String::new(), String::new(), String::new());
    let mut follows = String::from("from,to,since\n");
    persons.push_str("id,name,gender,age\n");
    lives.push_str("from,to\n");
    works.push_str("from,to\n");
    for id in 0..people {
        let name: String = (0..4).map(|_| PARTS[chance.below(8) as usize]).collect();
        let gender = if chance.below(2) == 0 { "female" } else { "male" };
        let _ = writeln!(persons, "{id},{name}{id},{gender},{}", 18 + chance.below(62));
        let _ = writeln!(lives, "{id},{}", chance.below(cities));
        if chance.below(5) < 3 {
            let _ = writeln!(works, "{id},{}", chance.below(companies));
        }
        // Few follow very many, and few are followed by very many: the product of two shares leans to the low numbers.
        let mut followed: Vec<u64> = (0..2 + chance.below(12) * chance.below(5))
            .map(|_| chance.below(people) * chance.below(people) / people)
            .filter(|other| *other != id)
            .collect();
        followed.sort_unstable();
        followed.dedup();
        for other in followed {
            let _ = writeln!(follows, "{id},{other},{}", 2000 + chance.below(25));
        }
    }
    let mut named = |header: &str, count: u64, line: &dyn Fn(u64, &mut Chance) -> String| {
        let lines: String = (0..count).map(|id| line(id, &mut chance)).collect();
        format!("{header}\n{lines}")
    };
    let city = named("id,name", cities, &|id, _| format!("{id},city {id}\n"));
    let company = named("id,employees", companies, &|id, chance| format!("{id},{}\n", 1 + chance.below(5000)));
    let files = [
        ("import.toml", DESCRIPTION),
        ("Person.csv", &persons),
        ("City.csv", &city),
        ("Company.csv", &company),
        ("FOLLOWS.csv", &follows),
        ("LIVES_IN.csv", &lives),
        ("WORKS_AT.csv", &works),
    ];
    files.iter().try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}

/// Returns the graph of so many people, in memory.
pub fn open(people: u64, threads: usize) -> Database {
    let database = Database::in_memory_with(Options::default().threads(threads));
    fill(&database, people);
    database
}

/// Brings the graph of so many people into a database.
pub fn fill(database: &Database, people: u64) {
    let folder = tempfile::tempdir().expect("there is room for the files of the graph");
    write(folder.path(), people).expect("the files of the graph can be written");
    let source = ImportSource::of(folder.path(), Default::default()).expect("the folder says what it holds");
    database.import(&[source], &mut |_| {}, None).expect("the files are as described");
}

/// Runs a kernel once and returns how many rows it gave.
pub fn run(connection: &mut yuanpu::Connection, kernel: &Kernel, run: u64) -> Vec<Vec<ResultValue>> {
    let answer = connection.run(kernel.text, (kernel.parameters)(run));
    answer.unwrap_or_else(|error| panic!("{}: {error}", kernel.name)).rows
}
