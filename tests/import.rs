//! `import`, `backup`, `check`, `compact` and `stats` as people call them: what they bring, say, and leave alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Place {
    folder: tempfile::TempDir,
    database: PathBuf,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let database = folder.path().join("graph.yuanpu");
        Place { folder, database }
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("there is room");
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
        program.args(arguments).arg("--database").arg(&self.database).output().expect("the program runs")
    }

    fn import(&self, path: &Path, options: &[&str]) -> Output {
        let mut arguments = vec!["import", path.to_str().expect("a path of ours")];
        arguments.extend(options);
        self.run(&arguments)
    }

    /// Returns the rows of a query as CSV.
    fn rows(&self, text: &str) -> String {
        let output = self.run(&["query", text, "--format", "csv"]);
        assert_eq!(status(&output), 0, "{text}: {}", words(&output));
        String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")
    }
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_table_becomes_nodes_with_the_types_that_its_columns_have() {
    let place = Place::new();
    let csv = "id,name,code,share,open,since\n512,苏州,0512,0.5,true,1949-05-01\n510,无锡,0510,,false,\n";
    let output = place.import(&place.file("cities.csv", csv), &["--label", "City", "--key", "id"]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert!(words(&output).starts_with("imported 2 nodes, 0 relationships in "), "{}", words(&output));
    assert_eq!(
        place.rows("MATCH (c:City) RETURN c.id + 1 AS id, c.name, c.code, c.share, c.open, c.since.year ORDER BY id"),
        "id,c.name,c.code,c.share,c.open,c.since.year\n511,无锡,0510,,false,\n513,苏州,0512,0.5,true,1949\n"
    );
    let lines = "{\"id\": 25, \"name\": \"南京\", \"tags\": [\"a\", \"b\"]}\n\n{\"id\": 519}\n";
    let output = place.import(&place.file("more.jsonl", lines), &["--label", "City", "--key", "id"]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert_eq!(place.rows("MATCH (c:City) RETURN count(*) AS n, sum(size(c.tags)) AS tags"), "n,tags\n4,2\n");
    let twice = place.import(&place.file("again.csv", "id\n7\n512\n"), &["--label", "City", "--key", "id"]);
    assert_eq!(status(&twice), 1, "{}", words(&twice));
    assert!(words(&twice).contains("again.csv:3:1: a `City` whose `id` is 512 is there already"), "{}", words(&twice));
    assert_eq!(place.rows("MATCH (c:City) RETURN count(*) AS n"), "n\n4\n", "all or nothing");
}

#[test]
fn bad_rows_are_refused_or_put_aside() {
    let place = Place::new();
    let bad = place.file("bad.csv", "id,name\n1,one\n2\n,three\n4,four\n");
    let refused = place.import(&bad, &["--label", "N", "--key", "id"]);
    assert_eq!(status(&refused), 1);
    assert!(words(&refused).contains("bad.csv:3:1: the row has 1 fields, the header has 2"), "{}", words(&refused));
    assert!(!place.database.exists(), "a file made for nothing is taken away");
    let aside = place.folder.path().join("aside.jsonl");
    let options = ["--label", "N", "--key", "id", "--skip-bad-rows", aside.to_str().expect("a path of ours")];
    let output = place.import(&bad, &options);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert!(words(&output).contains("2 bad rows put aside"), "{}", words(&output));
    assert_eq!(place.rows("MATCH (n:N) RETURN n.id AS id ORDER BY id"), "id\n1\n4\n");
    let written = std::fs::read_to_string(&aside).expect("it was made");
    assert_eq!(written.lines().count(), 2);
    assert!(written.contains("bad.csv:4:1: the row has no `id`, which is its key"), "{written}");
    let lines = place.file("bad.jsonl", "{\"id\": 4}\n{\"id\": 5}\n{\"id\": 5, \"name\": \"five\"}\n{\"id\": 6}\n");
    let refused = place.import(&lines, &["--label", "N", "--key", "id"]);
    assert_eq!(status(&refused), 1);
    assert!(words(&refused).contains("bad.jsonl:1:1: a `N` whose `id` is 4 is there already"), "{}", words(&refused));
    let output = place.import(&lines, &options);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert!(words(&output).contains("2 bad rows put aside"), "{}", words(&output));
    assert_eq!(place.rows("MATCH (n:N) RETURN n.id AS id ORDER BY id"), "id\n1\n4\n5\n6\n");
    let rows = place.file("more.csv", "id,name\n7,seven\n7,again\n6,six\n8,eight\n");
    let output = place.import(&rows, &options);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert_eq!(
        place.rows("MATCH (n:N) WHERE n.id > 6 RETURN n.id AS id, n.name AS name ORDER BY id"),
        "id,name\n7,seven\n8,eight\n"
    );
}

#[test]
fn a_folder_and_a_package_come_in_together() {
    let place = Place::new();
    let folder = place.folder.path().join("csv");
    std::fs::create_dir(&folder).expect("there is room");
    let description = "[nodes.Person]\nfile = \"Person.csv\"\nkey = \"id\"\ncolumns = { id = \"integer\", name = \"string\" }\n\
                       [relationships.KNOWS]\nfile = \"KNOWS.csv\"\nfrom = \"Person\"\nto = \"Person\"\nfrom_column = \"a\"\n\
                       to_column = \"b\"\ncolumns = { a = \"integer\", b = \"integer\", since = \"integer\" }\n";
    std::fs::write(folder.join("import.toml"), description).expect("there is room");
    std::fs::write(folder.join("Person.csv"), "id,name\n1,Ann\n2,Bo\n").expect("there is room");
    std::fs::write(folder.join("KNOWS.csv"), "a,b,since\n1,2,2017\n2,1,2018\n").expect("there is room");
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let paths = [folder.to_str().expect("a path of ours"), package.to_str().expect("a path of ours")];
    let output = place.run(&["import", paths[0], paths[1]]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert_eq!(
        place.rows("MATCH (a:Person)-[k:KNOWS]->(b) RETURN a.name, k.since ORDER BY k.since"),
        "a.name,k.since\nAnn,2017\nBo,2018\n"
    );
    let builtin = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .args(["query", "MATCH (n) RETURN count(*) + 2 AS n", "--format", "csv"])
        .output()
        .expect("the program runs");
    let builtin = String::from_utf8_lossy(&builtin.stdout).replace("\r\n", "\n");
    assert_eq!(place.rows("MATCH (n) RETURN count(*) AS n"), builtin, "the package and two people");
    let broken = place.file("KNOWS.csv", "");
    std::fs::write(folder.join("KNOWS.csv"), "a,b,since\n1,9,2017\n").expect("there is room");
    let output = place.import(&folder, &[]);
    assert_eq!(status(&output), 1, "{}", words(&output));
    drop(broken);
    assert_eq!(place.rows("MATCH (n) RETURN count(*) AS n"), builtin, "all or nothing");
}

#[test]
fn what_cannot_be_imported_is_a_wrong_call() {
    let place = Place::new();
    let table = place.file("t.csv", "id\n1\n");
    let other = place.file("t.docx", "?");
    let empty = place.folder.path().join("empty");
    std::fs::create_dir(&empty).expect("there is room");
    for (path, expected) in [
        (place.folder.path().join("none.csv"), "cannot be read"),
        (table, "does not say the label of its nodes"),
        (other, "is in no known format"),
        (empty, "has neither a `graph.toml` nor an `import.toml`"),
    ] {
        let output = place.import(&path, &[]);
        assert_eq!(status(&output), 2, "{}", words(&output));
        assert!(words(&output).contains(expected), "{}", words(&output));
    }
    assert!(!place.database.exists());
}

#[test]
fn a_file_is_copied_checked_counted_and_compacted() {
    let place = Place::new();
    let output = place.import(&place.file("n.csv", "id\n1\n2\n3\n"), &["--label", "N", "--key", "id"]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    let database = place.database.to_str().expect("a path of ours");
    let copy = place.folder.path().join("copy.yuanpu");
    let copy = copy.to_str().expect("a path of ours");
    let program = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_yuanpu")).args(arguments).output().expect("the program runs")
    };
    assert_eq!(status(&program(&["backup", database, copy])), 0);
    let again = program(&["backup", database, copy]);
    assert_eq!(status(&again), 1, "{}", words(&again));
    assert!(words(&again).contains("exists already"), "{}", words(&again));
    for file in [database, copy] {
        let checked = program(&["check", file]);
        assert_eq!((status(&checked), checked.stdout.len()), (0, 0), "{}", words(&checked));
    }
    let counted = program(&["stats", copy]);
    let lines = String::from_utf8_lossy(&counted.stdout).into_owned();
    assert_eq!(status(&counted), 0, "{}", words(&counted));
    assert!(lines.lines().any(|line| line.starts_with("count of nodes ") && line.ends_with(" 3")), "{lines}");
    assert_eq!(status(&program(&["compact", copy])), 0);
    for command in [&["stats", "none.yuanpu"][..], &["compact", "none.yuanpu"], &["backup", "none.yuanpu", "x"]] {
        let refused = program(command);
        assert_eq!(status(&refused), 5, "{command:?}: {}", words(&refused));
    }
    assert!(!Path::new("none.yuanpu").exists());
}

#[test]
fn rdf_of_every_syntax_comes_in_and_goes_out_as_the_same_triples() {
    let place = Place::new();
    let program = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_yuanpu")).args(arguments).output().expect("the program runs");
        assert_eq!(status(&output), 0, "{arguments:?}: {}", words(&output));
        output.stdout
    };
    for (format, ending, claims) in [
        ("turtle", "ttl", "reifiers"),
        ("ntriples", "nt", "reifiers"),
        ("nquads", "nq", "named-graphs"),
        ("trig", "trig", "reifiers"),
        ("jsonld", "jsonld", "reification"),
        ("rdfxml", "rdf", "reification"),
    ] {
        let file = place.folder.path().join(format!("built-in.{ending}"));
        let (file, database) = (file.to_str().expect("ours"), place.folder.path().join(format!("{ending}.yuanpu")));
        let database = database.to_str().expect("ours");
        program(&["export", format, "--claims", claims, "-o", file]);
        program(&["import", file, "-d", database]);
        let written = program(&["export", format, "--claims", claims, "-d", database]);
        let read = std::fs::read(file).expect("it was written");
        assert!(written == read, "{format}: {} bytes became {}", read.len(), written.len());
    }
    let again = place.folder.path().join("ttl.yuanpu");
    let query = "SHOW CONSTRAINTS YIELD label, properties WHERE label = 'Park'";
    let found = program(&["query", query, "--format", "csv", "-d", again.to_str().expect("ours")]);
    assert_eq!(
        String::from_utf8_lossy(&found),
        "label,properties\nPark,\"[\"\"id\"\"]\"\n",
        "keys are unique and indexed"
    );
}

#[test]
fn foreign_rdf_becomes_labels_relationships_and_properties() {
    let place = Place::new();
    let turtle = "@prefix ex: <http://example.org/> .\n\
                  ex:suzhou a ex:City ; ex:name \"苏州\"@zh , \"Suzhou\"@en ; ex:people 12 ; ex:in [ ex:title \"江苏\" ] .\n\
                  <wuxi> a ex:City .\n";
    let file = place.file("cities.ttl", turtle);
    let output = place.import(&file, &[]);
    assert_eq!(status(&output), 1, "{}", words(&output));
    assert!(words(&output).contains("cities.ttl:3:"), "{}", words(&output));
    let output = place.import(&file, &["--base", "http://example.org/"]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert!(words(&output).starts_with("imported 3 nodes, 1 relationship in "), "{}", words(&output));
    assert_eq!(
        place.rows("MATCH (c:City)-[:in]->(p) RETURN c.iri AS iri, size(c.name) AS names, c.people AS n, p.title AS p"),
        "iri,names,n,p\nhttp://example.org/suzhou,2,12,江苏\n"
    );
    assert_eq!(place.rows("SHOW CONSTRAINTS YIELD label, properties"), "label,properties\nCity,\"[\"\"iri\"\"]\"\n");
}

#[test]
fn rdf_that_is_wrong_is_refused_at_its_place_or_put_aside() {
    let place = Place::new();
    let good = "<http://a/1> <http://a/p> \"x\" .\n";
    let bad = place.file("bad.nt", &format!("{good}<http://a/2> <http://a/p> .\n<http://a/3> <http://a/p> \"y\" .\n"));
    let refused = place.import(&bad, &[]);
    assert_eq!(status(&refused), 1, "{}", words(&refused));
    assert!(words(&refused).contains("bad.nt:2:"), "{}", words(&refused));
    assert!(!place.database.exists(), "all or nothing");
    let aside = place.folder.path().join("aside.jsonl");
    let output = place.import(&bad, &["--skip-bad-rows", aside.to_str().expect("a path of ours")]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert!(words(&output).contains("1 bad row put aside"), "{}", words(&output));
    assert_eq!(place.rows("MATCH (n) RETURN count(*) AS n"), "n\n2\n");
    let xml = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<rdf:Description rdf:about=\"http://a/1\">\n</wrong>\n";
    for (name, text, line) in [
        ("bad.rdf", xml, 3),
        ("bad.jsonld", "{\"@id\": \"http://a/1\",\n \"http://a/p\": }\n", 2),
        ("bad.ttl", "<http://a/1> <http://a/p>\n  \"园\" ; ; [ .\n", 2),
    ] {
        let output = place.import(&place.file(name, text), &["--skip-bad-rows", "/dev/null"]);
        let is_turtle = name.ends_with("ttl");
        assert_eq!(status(&output), i32::from(!is_turtle), "{name}: {}", words(&output));
        let output = place.import(&place.file(name, text), &[]);
        assert_eq!(status(&output), 1, "{name}: {}", words(&output));
        assert!(words(&output).contains(&format!("{name}:{line}:")), "{name}: {}", words(&output));
    }
}

#[test]
fn constraints_and_indexes_hold_for_what_is_imported() {
    let place = Place::new();
    let schema = "CREATE CONSTRAINT named FOR (c:City) REQUIRE c.name IS NOT NULL; CREATE TEXT INDEX FOR (c:City) ON (c.name); \
                  CREATE INDEX FOR (c:City) ON (c.province, c.code)";
    let output = place.run(&["query", schema]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    let bad = place.file("bad.csv", "code,name,province\n1,苏州,江苏\n2,,江苏\n");
    let output = place.import(&bad, &["--label", "City"]);
    assert_eq!(status(&output), 1, "{}", words(&output));
    assert!(words(&output).contains("`named` wants every `City` to have `name`"), "{}", words(&output));
    assert_eq!(place.rows("MATCH (c:City) RETURN count(*) AS n"), "n\n0\n", "all or nothing");
    let good = place.file("good.csv", "code,name,province\n1,苏州,江苏\n2,蘇州河,江苏\n3,上海,上海\n");
    let output = place.import(&good, &["--label", "City"]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    assert_eq!(place.rows("MATCH (c:City) WHERE c.name CONTAINS '苏州' RETURN c.code AS n"), "n\n1\n");
    assert_eq!(place.rows("CALL search('苏州') YIELD node RETURN node.code AS n"), "n\n1\n2\n");
    assert_eq!(place.rows("MATCH (c:City {province: '江苏', code: 2}) RETURN c.name AS n"), "n\n蘇州河\n");
    let checked = Command::new(env!("CARGO_BIN_EXE_yuanpu")).arg("check").arg(&place.database).output();
    let checked = checked.expect("the program runs");
    assert_eq!((status(&checked), checked.stdout.len()), (0, 0), "{}", words(&checked));
}
