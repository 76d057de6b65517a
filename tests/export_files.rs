//! Exports that are no RDF: CSV read again by `LOAD CSV`, GraphML by another reader of XML, pictures by graphviz where it is installed.
//!
//! Where a reader is not installed its test passes, unless `YUANPU_REQUIRE_READERS` is set.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_yuanpu");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).env("NO_COLOR", "1").stdin(Stdio::null()).output().expect("the program runs")
}

/// Returns exit status, standard output and standard error.
fn ran(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Returns the rows of a query over the built-in graph as CSV without the head.
fn rows(arguments: &[&str]) -> Vec<String> {
    let (status, rows, words) = ran(arguments);
    assert_eq!(status, Some(0), "{words}");
    rows.lines().skip(1).map(str::to_owned).collect()
}

fn asked(text: &str) -> Vec<String> {
    rows(&["query", "--format", "csv", text])
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[test]
fn rows_of_csv_say_what_the_graph_says() {
    let folder = tempfile::tempdir().expect("there is room");
    let target = path(folder.path(), "csv");
    let (status, _, words) = ran(&["export", "csv", "-o", &target]);
    assert_eq!(status, Some(0), "{words}");
    assert!(words.contains("csv has no place for claims"), "{words}");
    assert!(words.contains("`date` of nodes holds DATE and PARTIAL DATE: their column is text"), "{words}");
    let with_files = |text: &str| rows(&["query", "--csv-folder", &target, "--format", "csv", text]).join(" ");
    let nodes = "LOAD CSV WITH HEADERS FROM 'nodes.csv' AS row ";
    assert_eq!(with_files(&format!("{nodes}RETURN count(*)")), asked("MATCH (n) RETURN count(*)").join(" "));
    let links = "LOAD CSV WITH HEADERS FROM 'relationships.csv' AS row ";
    assert_eq!(with_files(&format!("{links}RETURN count(*)")), asked("MATCH ()-[r]->() RETURN count(*)").join(" "));
    // Every text and number is the one that the graph has.
    let same = "MATCH (n {id: row['id:string']}) RETURN count(n) AS n, \
                count(CASE WHEN n.name = row['name:string'] THEN 1 END) AS names, \
                count(CASE WHEN n.size_cny IS NOT NULL AND n.size_cny = toInteger(row['size_cny:integer']) THEN 1 END) AS sizes, \
                count(CASE WHEN n.size_cny IS NULL AND row['size_cny:integer'] IS NOT NULL THEN 1 END) AS made_up, \
                count(CASE WHEN n.aliases IS NOT NULL AND size(n.aliases) = size(split(row['aliases:list'], '|')) THEN 1 END) AS lists";
    let expected = asked("MATCH (n) RETURN count(n), count(n.name), count(n.size_cny), 0, count(n.aliases)");
    assert_eq!(with_files(&format!("{nodes}{same}")), expected.join(" "));
    // Nothing is written among other files.
    let (status, _, words) = ran(&["export", "csv", "-o", &target]);
    assert_eq!(status, Some(2));
    assert!(words.contains("is not empty"), "{words}");
    assert_eq!(ran(&["export", "csv"]).0, Some(2));
}

/// Runs a query over a database file and returns its rows as CSV.
fn asked_of(database: &str, text: &str) -> String {
    let (status, rows, words) = ran(&["query", "--database", database, "--format", "csv", text]);
    assert_eq!(status, Some(0), "{words}");
    rows
}

/// The column of labels was refused, so that what was written could not be read.
#[test]
fn what_export_csv_writes_comes_in_again() {
    let folder = tempfile::tempdir().expect("there is room");
    let (first, second) = (path(folder.path(), "first.yuanpu"), path(folder.path(), "second.yuanpu"));
    let made = "CREATE (a:City:`A|B`:`C\\D` {name: 'x,\"y\"', empty: '', pi: 3.5, low: -1.0 / 0, ok: true, tags: ['a|b', '\\\\'], \
                years: [1, 2], none: [], day: date('2017-04-28'), at: datetime('2017-04-28T10:00+08:00[Asia/Shanghai]'), \
                month: partialDate('2017-04'), long: duration('P1Y2M'), times: [localtime('10:20')], `odd:name`: 7}), \
                (a)-[:NEAR {km: 2.0}]->(b {name: '园区\n二'}), (b)-[:`IS|IN`]->(a), (a)-[:NEAR]->(a)";
    asked_of(&first, made);
    let rows = path(folder.path(), "rows");
    let (status, _, words) = ran(&["export", "csv", "--database", &first, "-o", &rows]);
    assert_eq!((status, words.as_str()), (Some(0), ""));
    let (status, _, words) = ran(&["import", &rows, "--database", &second]);
    assert_eq!(status, Some(0), "{words}");
    assert!(words.contains("2 nodes, 3 relationships"), "{words}");
    for text in [
        "MATCH (n) RETURN COLLECT { UNWIND labels(n) AS label RETURN label ORDER BY label } AS labels, properties(n) AS properties ORDER BY n.name",
        "MATCH (a)-[r]->(b) RETURN a.name AS start, type(r) AS type, properties(r) AS properties, b.name AS goal ORDER BY start, type, goal",
        "MATCH (a:`A|B`) UNWIND keys(a) AS key RETURN key, valueType(a[key]) AS type ORDER BY key",
    ] {
        assert_eq!(asked_of(&second, text), asked_of(&first, text), "{text}");
    }
    // One of the two files alone is told as what it is, and a wrong row by its place.
    let nodes = path(Path::new(&rows), "nodes.csv");
    let (status, _, words) = ran(&["import", &nodes, "--label", "City", "--database", &second]);
    assert!(status == Some(2) && words.contains("name the folder"), "{words}");
    let links = path(Path::new(&rows), "relationships.csv");
    let text = std::fs::read_to_string(&links).expect("it was written").replacen(",n2048,", ",n9,", 1);
    std::fs::write(&links, text).expect("it can be written");
    let (status, _, words) = ran(&["import", &rows, "--database", &path(folder.path(), "third.yuanpu")]);
    assert_eq!(status, Some(1), "{words}");
    assert!(words.contains("relationships.csv:2:4: no node has the `:ID` n9"), "{words}");
}

#[test]
fn the_built_in_graph_comes_in_again_from_rows() {
    let folder = tempfile::tempdir().expect("there is room");
    let (rows, database) = (path(folder.path(), "rows"), path(folder.path(), "again.yuanpu"));
    assert_eq!(ran(&["export", "csv", "-o", &rows]).0, Some(0));
    let (status, _, words) = ran(&["import", &rows, "--database", &database]);
    assert_eq!(status, Some(0), "{words}");
    for text in [
        "MATCH (n) RETURN COLLECT { UNWIND labels(n) AS label RETURN label ORDER BY label } AS labels, count(*) AS n, sum(n.size_cny) AS size, count(n.aliases) AS lists ORDER BY labels",
        "MATCH (a)-[r]->(b) RETURN a.id AS start, type(r) AS type, b.id AS goal, r.rank AS rank ORDER BY start, type, goal, rank",
    ] {
        assert_eq!(asked_of(&database, text).lines().skip(1).collect::<Vec<_>>(), asked(text), "{text}");
    }
}

#[test]
fn graphml_keeps_types() {
    let folder = tempfile::tempdir().expect("there is room");
    let target = path(folder.path(), "graph.graphml");
    let (status, _, words) = ran(&["export", "graphml", "--claims", "none", "-o", &target]);
    assert_eq!((status, words.as_str()), (Some(0), ""));
    let again = ran(&["export", "graphml", "--claims", "none"]).1;
    assert_eq!(std::fs::read_to_string(&target).expect("it was written"), again, "the same graph, the same bytes");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphml/read_back.py");
    let Ok(output) = Command::new("python3").arg(script).arg(&target).output() else {
        assert!(std::env::var_os("YUANPU_REQUIRE_READERS").is_none(), "python3 is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = String::from_utf8(output.stdout).expect("text");
    let mut expected = vec![
        format!("nodes {}", asked("MATCH (n) RETURN count(*)")[0]),
        format!("edges {}", asked("MATCH ()-[r]->() RETURN count(*)")[0]),
    ];
    let labels = asked("MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) ORDER BY label");
    expected.extend(labels.iter().map(|row| format!("label {}", row.replace(',', " "))));
    let sums: Vec<&str> = read.lines().filter_map(|line| line.strip_prefix("sum ")).collect();
    assert!(sums.len() > 10, "{read}");
    // A sum is of integers and right only if every value came back as the integer that it was.
    for line in sums {
        let parts: Vec<&str> = line.split(' ').collect();
        let pattern = if parts[0] == "node" { "MATCH (x)" } else { "MATCH ()-[x]->()" };
        let text = format!("{pattern} WHERE x.{} % 1 = 0 RETURN sum(x.{})", parts[1], parts[1]);
        assert_eq!(asked(&text), [parts[2]], "{line}");
    }
    let others: Vec<&str> = read.lines().filter(|line| !line.starts_with("sum ")).collect();
    assert_eq!(others, expected);
}

#[test]
fn pictures_show_the_schema_or_a_neighbourhood() {
    let (status, schema, words) = ran(&["export", "dot"]);
    assert_eq!((status, words.as_str()), (Some(0), ""));
    assert!(schema.contains("LOCATED_IN"), "{schema}");
    let (status, around, _) = ran(&["export", "dot", "--around", "青岛链湾", "--depth", "1"]);
    assert_eq!(status, Some(0));
    let neighbours = asked("MATCH (p:Park {name: '青岛链湾'})--(n) RETURN count(DISTINCT n)");
    let boxes = around.lines().filter(|line| line.contains("<TABLE")).count();
    assert_eq!(format!("{}", boxes - 1), neighbours[0], "{around}");
    for text in [&schema, &around] {
        drawn(text);
    }
    let (_, mermaid, _) = ran(&["export", "mermaid", "--around", "青岛链湾"]);
    assert!(mermaid.starts_with("flowchart LR\n  b0[\"<b>青岛链湾</b>"), "{mermaid}");
    assert_eq!(mermaid.lines().filter(|line| line.contains("[\"")).count(), boxes);
    let (status, _, words) = ran(&["export", "dot", "--around", "nowhere"]);
    assert_eq!(status, Some(2));
    assert!(words.contains("no node has the id or name `nowhere`"), "{words}");
    assert_eq!(ran(&["export", "turtle", "--around", "x"]).0, Some(2));
    assert_eq!(ran(&["export", "graphml", "--claims", "reifiers"]).0, Some(2));
}

/// Lets graphviz draw a picture.
fn drawn(text: &str) {
    use std::io::Write;
    let child =
        Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    // Graphviz is not among the readers that the check installs: without it only the text is looked at.
    let Ok(mut child) = child else { return };
    child.stdin.take().expect("it was asked for").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("</svg>"));
}
