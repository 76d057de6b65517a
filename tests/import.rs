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

/// Ctrl-C once left the half-written file of the rows put aside, under its hidden name.
#[cfg(unix)]
#[test]
fn an_import_that_is_interrupted_leaves_nothing() {
    let place = Place::new();
    let pipe = place.folder.path().join("rows.jsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
    let aside = place.folder.path().join("aside.jsonl");
    let mut child = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .args(["import", "--label", "N", "--database"])
        .args([&place.database, &pipe])
        .arg("--skip-bad-rows")
        .arg(&aside)
        .spawn()
        .expect("the program starts");
    // This waits until the program reads: the file for bad rows is begun by then.
    let writer = std::fs::OpenOptions::new().write(true).open(&pipe).expect("the program reads");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().is_ok_and(|sent| sent.success()));
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    drop(writer);
    let entries = std::fs::read_dir(place.folder.path()).expect("it is there").flatten();
    assert_eq!(entries.map(|entry| entry.file_name()).collect::<Vec<_>>(), ["rows.jsonl"]);
}

/// `stats`, `compact` and `backup` once passed over the file that `--database` named.
#[test]
fn the_option_names_the_file_as_the_argument_does() {
    let place = Place::new();
    let output = place.import(&place.file("n.csv", "id\n1\n2\n3\n"), &["--label", "N", "--key", "id"]);
    assert_eq!(status(&output), 0, "{}", words(&output));
    let counted = place.run(&["stats"]);
    assert!(String::from_utf8_lossy(&counted.stdout).contains("count of nodes"), "{}", words(&counted));
    let copy = place.folder.path().join("copy.yuanpu");
    let copy = copy.to_str().expect("a path of ours");
    assert_eq!(status(&place.run(&["compact"])), 0);
    assert_eq!(status(&place.run(&["check"])), 0);
    assert_eq!(status(&place.run(&["backup", copy])), 0);
    for command in [&["stats", copy][..], &["compact", copy], &["check", copy], &["backup", copy, "x"]] {
        let refused = place.run(command);
        assert_eq!(status(&refused), 2, "{command:?}");
        assert!(words(&refused).contains("are two files"), "{}", words(&refused));
    }
    for option in [["--timeout", "1s"], ["--memory-limit", "1G"]] {
        let refused = place.run(&["import", "rows.csv", option[0], option[1]]);
        assert_eq!(status(&refused), 2);
        assert!(words(&refused).contains(option[0]), "{}", words(&refused));
    }
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
        assert_eq!(
            words(&output).contains("nothing behind such a fault can be read"),
            !is_turtle,
            "{}",
            words(&output)
        );
        let output = place.import(&place.file(name, text), &[]);
        assert_eq!(status(&output), 1, "{name}: {}", words(&output));
        assert!(words(&output).contains(&format!("{name}:{line}:")), "{name}: {}", words(&output));
    }
}

#[test]
fn bad_terms_of_rdf_in_xml_and_json_are_put_aside() {
    let place = Place::new();
    let aside = place.folder.path().join("aside.jsonl");
    let xml = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:a=\"http://a/\">\n\
               <rdf:Description rdf:about=\"http://a/1\"><a:name>one</a:name><a:at rdf:resource=\"http://a/b c\"/></rdf:Description>\n\
               <rdf:Description rdf:about=\"http://a/ 2\"><a:name>two</a:name></rdf:Description>\n\
               <rdf:Description rdf:about=\"http://a/3\"><a:name xml:lang=\"no_tag\">three</a:name><a:name>drei</a:name>\n\
               <a:size rdf:datatype=\"no iri\">3</a:size><a:at rdf:resource=\"http://a/1\"/></rdf:Description>\n</rdf:RDF>\n";
    let json = "[{\"@id\": \"http://a/4\", \"http://a/name\": {\"@value\": \"x\", \"@language\": 7}},\n {\"@id\": \"http://a/5\", \"http://a/name\": \"five\"}]\n";
    for (name, text, bad, found) in
        [("terms.rdf", xml, 4, "1:one 3:drei"), ("terms.jsonld", json, 1, "1:one 3:drei 4:x 5:five")]
    {
        let path = place.file(name, text);
        let refused = place.import(&path, &[]);
        assert_eq!(status(&refused), 1, "{name}: {}", words(&refused));
        let output = place.import(&path, &["--skip-bad-rows", aside.to_str().expect("a path of ours")]);
        assert_eq!(status(&output), 0, "{name}: {}", words(&output));
        let written = std::fs::read_to_string(&aside).expect("it was made");
        assert_eq!(written.lines().count(), bad, "{name}: {written}");
        let rows = place.rows(
            "MATCH (n) WHERE n.name IS NOT NULL WITH n ORDER BY n.iri \
             RETURN reduce(line = '', one IN collect(right(n.iri, 1) + ':' + n.name) | line + one + ' ') AS line",
        );
        assert_eq!(rows, format!("line\n\"{found} \"\n"), "{name}: {written}");
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

/// Rows of people with names over two lines and quotation marks in them, long enough for several blocks.
fn people(count: usize, row: impl Fn(usize) -> Option<String>) -> String {
    let mut text = "id,name,about,age,born\n".to_owned();
    for id in 0..count {
        let about = "words and more words ".repeat(2 + id % 3);
        let plain = || {
            format!("{id},\"first {id}\nof \"\"many\"\",\",a \"mark\" {about},{},{}-04-28\n", id % 90, 1900 + id % 120)
        };
        text.push_str(&row(id).unwrap_or_else(plain));
    }
    text
}

const PEOPLE: usize = 50_000;

fn people_folder(place: &Place, people: &str, knows: &str) -> PathBuf {
    let folder = place.folder.path().join("people");
    std::fs::create_dir_all(&folder).expect("there is room");
    let description = "[nodes.Person]\nfile = \"Person.csv\"\nkey = \"id\"\ncolumns = { id = \"integer\", name = \"string\", about = \"string\", \
                       age = \"integer\", born = \"date\" }\n[relationships.KNOWS]\nfile = \"KNOWS.csv\"\nfrom = \"Person\"\nto = \"Person\"\n\
                       from_column = \"a\"\nto_column = \"b\"\ncolumns = { a = \"integer\", b = \"integer\", since = \"integer\" }\n";
    std::fs::write(folder.join("import.toml"), description).expect("there is room");
    std::fs::write(folder.join("Person.csv"), people).expect("there is room");
    std::fs::write(folder.join("KNOWS.csv"), knows).expect("there is room");
    folder
}

/// Imports with one, two and four threads, each into a new file, and asserts that all give the same; returns what they said, the bytes of
/// the file if there is one, and the rows put aside.
fn with_any_threads(place: &Place, path: &Path, options: &[&str]) -> (String, Option<Vec<u8>>, String) {
    let aside = place.folder.path().join("aside.jsonl");
    let mut first = None;
    for threads in ["1", "2", "4"] {
        let _ = std::fs::remove_file(&place.database);
        let _ = std::fs::remove_file(&aside);
        let output = place.import(path, &[options, &["--threads", threads]].concat());
        // How long it took differs.
        let words = words(&output);
        let words =
            words.find(" in ").filter(|_| status(&output) == 0).map_or(words.as_str(), |end| &words[..end]).to_owned();
        let found = (words, std::fs::read(&place.database).ok(), std::fs::read_to_string(&aside).unwrap_or_default());
        match &first {
            None => first = Some(found),
            Some(first) => {
                assert_eq!((&first.0, &first.2), (&found.0, &found.2), "{threads} threads");
                assert!(first.1 == found.1, "{threads} threads make another file");
            }
        }
    }
    first.expect("three numbers of threads")
}

#[test]
fn any_number_of_threads_makes_the_same_file_and_the_same_errors() {
    let place = Place::new();
    let knows = |row: &dyn Fn(usize) -> Option<String>| {
        let plain = |id: usize| format!("{id},{},{}\n", (id * 7919 + 13) % PEOPLE, 1950 + id % 70);
        let rows = (0..4 * PEOPLE).map(|id| row(id).unwrap_or_else(|| plain(id % PEOPLE)));
        format!("a,b,since\n{}", rows.collect::<String>())
    };
    let (good_people, good_knows) = (people(PEOPLE, |_| None), knows(&|_| None));
    assert!(good_people.len() > 5 << 20 && good_knows.len() > 3 << 20, "there are several blocks");
    let folder = people_folder(&place, &good_people, &good_knows);
    let (words, file, _) = with_any_threads(&place, &folder, &[]);
    assert_eq!((words.as_str(), file.is_some()), ("imported 50000 nodes, 200000 relationships", true));
    let shown = place.rows("MATCH (p:Person {id: 49999})-[k:KNOWS]->(q) RETURN p.name, p.born, count(k) AS n, q.id");
    assert_eq!(
        shown,
        format!(
            "p.name,p.born,n,q.id\n\"first 49999\nof \"\"many\"\",\",1979-04-28,4,{}\n",
            (49_999 * 7919 + 13) % PEOPLE
        )
    );
    // A file of rows too, whose types are found by reading all of it.
    let table = folder.join("Person.csv");
    let (words, file, _) = with_any_threads(&place, &table, &["--label", "Person", "--key", "id"]);
    assert_eq!((words.as_str(), file.is_some()), ("imported 50000 nodes, 0 relationships", true));

    // Of several bad rows the first is named, however far the others were read.
    let bad = |id: usize| match id {
        30_000 => Some("30000,a,b,much,2000-01-01\n".to_owned()),
        30_001 | 45_000 => Some("too,short\n".to_owned()),
        _ => None,
    };
    let folder = people_folder(&place, &people(PEOPLE, bad), &good_knows);
    let (words, file, _) = with_any_threads(&place, &folder, &[]);
    assert!(words.contains(": Person.csv:60002:11: column `age`: `much` is not an integer"), "{words}");
    assert_eq!(file, None);
    let lost = |id: usize| (id == 150_000).then(|| "1,2000000,3\n".to_owned());
    let folder = people_folder(&place, &good_people, &knows(&lost));
    let (words, ..) = with_any_threads(&place, &folder, &[]);
    assert!(words.contains(": KNOWS.csv:150002:3: no `Person` has the key 2000000"), "{words}");
}

#[test]
fn any_number_of_threads_puts_the_same_rows_aside() {
    let place = Place::new();
    let bad = |id: usize| match id % 9_000 {
        3 => Some(format!("{id},a,b,much,2000-01-01\n")),
        4 => Some("too,short\n".to_owned()),
        5 => Some("0,again,\"x\ny\",1,2000-01-01\n".to_owned()),
        // What is wrong with one row does not take the key from the next.
        6 => Some(format!("{id},a,b,much,2000-01-01\n{id},a,b,1,2000-01-01\n")),
        _ => None,
    };
    let knows = "a,b,since\n1,2,3\n1,3,4\n4,1,x\n1,1,5\n";
    let folder = people_folder(&place, &people(PEOPLE, bad), knows);
    let aside = place.folder.path().join("aside.jsonl");
    let options = ["--skip-bad-rows", aside.to_str().expect("a path of ours")];
    let (words, file, rows) = with_any_threads(&place, &folder, &options);
    assert_eq!((words.as_str(), file.is_some()), ("imported 49982 nodes, 2 relationships", true));
    let rows: Vec<&str> = rows.lines().collect();
    // Six times four people, and two relationships of people who are not there.
    assert_eq!(rows.len(), 26);
    assert!(rows[0].contains("Person.csv:8:7: column `age`: `much` is not an integer"), "{}", rows[0]);
    assert!(rows[1].contains("Person.csv:9:1: the row has 2 fields, the header has 5"), "{}", rows[1]);
    assert!(rows[2].contains("Person.csv:10:1: a `Person` whose `id` is 0 is there already"), "{}", rows[2]);
    assert!(rows[2].contains("[\"0\",\"again\",\"x\\ny\",\"1\",\"2000-01-01\"]"), "{}", rows[2]);
    assert!(rows[24].contains("KNOWS.csv:3:3: no `Person` has the key 3"), "{}", rows[24]);
    let lines = (0..PEOPLE).map(|id| match id % 9_000 {
        3 => "{\"id\": }\n".to_owned(),
        5 => "{\"id\": 0}\n".to_owned(),
        _ => format!("{{\"id\": {id}, \"name\": \"name of number {id}\", \"list\": [1, 2, {id}]}}\n"),
    });
    let path = place.file("people.jsonl", &lines.collect::<String>());
    let options = [&options[..], &["--label", "Person", "--key", "id"]].concat();
    let (words, file, rows) = with_any_threads(&place, &path, &options);
    assert_eq!((words.as_str(), file.is_some()), ("imported 49988 nodes, 0 relationships", true));
    let first = rows.lines().next().unwrap_or_default();
    assert!(first.contains("people.jsonl:4:8: the line is not JSON"), "{first}");
}
