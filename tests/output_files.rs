//! What the program writes beside its answers: files appear whole or not at all, and never in place of what is being read.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the program in a folder; returns exit status, standard output and standard error.
fn ran(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("it was asked for").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Returns a folder with a database `g.db` of one node.
fn with_graph() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    assert_eq!(ran(folder.path(), &["-d", "g.db", "query", "CREATE (:N {x: 1})"], "").0, Some(0));
    folder
}

fn count(folder: &Path) -> (Option<i32>, String, String) {
    ran(folder, &["-d", "g.db", "query", "MATCH (n) RETURN count(*) AS n"], "")
}

#[test]
fn the_open_database_is_not_written_over() {
    let folder = with_graph();
    let at = folder.path();
    for arguments in [
        &["-d", "g.db", "export", "turtle", "-o", "g.db"][..],
        &["-d", "g.db", "export", "turtle", "-o", "./g.db"],
        &["-d", "g.db", "query", "--save", "g.db", "MATCH (n) RETURN n.x AS x"],
    ] {
        let (status, _, words) = ran(at, arguments, "");
        assert_eq!(status, Some(2), "{words}");
        assert!(words.contains("which is being read"), "{words}");
    }
    fs::write(at.join("rows.csv"), "x\n1\n").expect("it can be written");
    for aside in ["rows.csv", "g.db"] {
        let import = ["-d", "g.db", "import", "rows.csv", "--label", "R", "--skip-bad-rows", aside];
        let (status, _, words) = ran(at, &import, "");
        assert_eq!(status, Some(2), "{words}");
    }
    assert_eq!(fs::read_to_string(at.join("rows.csv")).expect("it is there"), "x\n1\n");
    assert_eq!(count(at).1, "{\"n\":1}\n");
}

#[test]
fn what_fails_leaves_what_stood_there() {
    let folder = with_graph();
    let at = folder.path();
    fs::write(at.join("good.dot"), "a picture").expect("it can be written");
    assert_eq!(ran(at, &["-d", "g.db", "export", "dot", "--around", "nosuch", "-o", "good.dot"], "").0, Some(2));
    assert_eq!(fs::read_to_string(at.join("good.dot")).expect("it is there"), "a picture");
    let import = ["-d", "new.db", "import", "rows.csv", "--label", "R", "--skip-bad-rows", "no/such/folder.csv"];
    fs::write(at.join("rows.csv"), "x\n1\n").expect("it can be written");
    assert_eq!(ran(at, &import, "").0, Some(2));
    assert!(!at.join("new.db").exists(), "a database was left behind");
    let names: Vec<_> = fs::read_dir(at).expect("it is there").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_kept_answer_takes_all_its_parameters_and_runs_nothing_that_writes() {
    let folder = with_graph();
    let at = folder.path();
    fs::write(at.join("p.json"), "{\"x\": 1}").expect("it can be written");
    let text = "MATCH (n:N {x: $x}) RETURN n.x + $y AS sum";
    let save = ["-d", "g.db", "query", "--params", "p.json", "--param", "y=2", "--save", "kept.trig", "-"];
    let (status, rows, words) = ran(at, &save, text);
    assert_eq!((status, rows.as_str()), (Some(0), "{\"sum\":3}\n"), "{words}");
    let (status, _, words) = ran(at, &["-d", "g.db", "query", "--compare", "kept.trig"], "");
    assert_eq!(status, Some(0), "{words}");

    let writes = "MATCH (n) DETACH DELETE n RETURN 1 AS gone";
    assert_eq!(ran(at, &["-d", "g.db", "query", "--save", "w.trig", writes], "").0, Some(2));
    let kept = fs::read_to_string(at.join("kept.trig")).expect("it is there");
    assert!(kept.contains(text), "{kept}");
    fs::write(at.join("changed.trig"), kept.replace(text, writes)).expect("it can be written");
    assert_eq!(ran(at, &["-d", "g.db", "query", "--compare", "changed.trig"], "").0, Some(2));
    assert_eq!(count(at).1, "{\"n\":1}\n");
}

#[test]
fn a_value_that_is_kept_can_be_read_again() {
    let folder = with_graph();
    let at = folder.path();
    let store = |levels: usize| {
        let text = format!("FOREACH (i IN range(2, {levels}) | SET n.l = [n.l])");
        ran(at, &["-d", "g.db", "query", &format!("MATCH (n) SET n.l = [1] {text}")], "")
    };
    assert_eq!(store(500).0, Some(0));
    assert_eq!(ran(at, &["-d", "g.db", "query", "MATCH (n) RETURN size(n.l) AS n"], "").1, "{\"n\":1}\n");
    let (status, _, words) = store(501);
    assert_eq!(status, Some(1));
    assert!(words.contains("deeper than 500 levels"), "{words}");
    let wrapped = format!("WITH [] AS x {} CREATE (:N {{l: x}})", "WITH [x] AS x ".repeat(600));
    assert_eq!(ran(at, &["-d", "g.db", "query", &wrapped], "").0, Some(1));
    assert_eq!(count(at).1, "{\"n\":1}\n");
}

#[test]
fn scripts_that_run_themselves_and_transactions_left_open_are_told() {
    let folder = with_graph();
    let at = folder.path();
    fs::write(at.join("again.cypher"), "RETURN 1 AS x;\n:run again.cypher\n").expect("it can be written");
    let (status, _, words) = ran(at, &["--empty", "run", "again.cypher"], "");
    assert_eq!(status, Some(4), "{words}");
    assert!(words.contains("more than 32 deep"), "{words}");

    let (status, _, words) = ran(at, &["-d", "g.db", "run", "-"], "BEGIN; CREATE (:N);");
    assert_eq!(status, Some(1));
    assert!(words.contains("rolled back"), "{words}");
    assert_eq!(count(at).1, "{\"n\":1}\n");

    let script = "MATCH (p:Park {id: 'park/loudi'}) RETURN p.name AS name;\n:WHY 1\n";
    let (status, rows, words) = ran(at, &["run", "-"], script);
    assert_eq!(status, Some(0), "{words}");
    assert!(rows.lines().count() > 1, "{rows}");
}
