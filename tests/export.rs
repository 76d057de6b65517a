//! What `yuanpu export` writes, read back by other people's programs: RDF 1.1 by rdflib (Python), the RDF 1.2 Turtle family by n3 (npm).
//!
//! Every file of one graph and one way of writing claims must hold the same triples. Where a reader is not installed its test passes, unless
//! `YUANPU_REQUIRE_READERS` is set. `N3_MODULES` names the folder that n3 is installed in.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Exports the built-in graph; returns the file.
fn exported(folder: &Path, format: &str, claims: &str) -> PathBuf {
    let path = folder.join(format!("{claims}.{format}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    command.args(["export", format, "--claims", claims, "-o"]).arg(&path);
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "nothing of the graph is left out: {}", String::from_utf8_lossy(&output.stderr));
    path
}

/// Runs a reader over files and returns its line for each; nothing if the reader is not there.
fn read_back(reader: &mut Command, probe: &mut Command, files: &[(&str, PathBuf)]) -> Option<Vec<String>> {
    if !probe.output().is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("YUANPU_REQUIRE_READERS").is_none(), "{:?} is not installed", reader.get_program());
        return None;
    }
    files.iter().for_each(|(format, path)| {
        reader.arg(format).arg(path);
    });
    let output = reader.output().expect("the reader runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect())
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rdf").join(name)
}

/// Says how many triples N-Triples has.
fn line_count(path: &Path) -> usize {
    std::fs::read_to_string(path).expect("a file").lines().count()
}

fn by_rdflib(files: &[(&str, PathBuf)]) -> Option<Vec<String>> {
    let mut probe = Command::new("python3");
    probe.args(["-c", "import rdflib"]);
    read_back(Command::new("python3").arg(script("read_back.py")), &mut probe, files)
}

fn by_n3(files: &[(&str, PathBuf)]) -> Option<Vec<String>> {
    let modules = std::env::var_os("N3_MODULES").map_or_else(|| script(""), PathBuf::from);
    let mut probe = Command::new("node");
    probe
        .arg("-e")
        .arg("require(require.resolve('n3', { paths: [process.env.N3_MODULES] }))")
        .env("N3_MODULES", &modules);
    let mut reader = Command::new("node");
    reader.arg(script("read_back.mjs")).env("N3_MODULES", &modules);
    read_back(&mut reader, &mut probe, files)
}

fn assert_all_same(lines: &[String], triples: usize) {
    assert!(lines.iter().all(|line| line == &lines[0]), "{lines:#?}");
    assert!(lines[0].starts_with(&format!("{triples} ")), "{} of {triples} triples", lines[0]);
}

#[test]
fn rdflib_reads_the_same_triples_from_every_syntax() {
    let folder = tempfile::tempdir().expect("a folder");
    let claims = "reification";
    let file = |format| exported(folder.path(), format, claims);
    let files = [
        ("nt", file("ntriples")),
        ("turtle", file("turtle")),
        ("nquads", file("nquads")),
        ("trig", file("trig")),
        ("json-ld", file("jsonld")),
        ("xml", file("rdfxml")),
    ];
    if let Some(lines) = by_rdflib(&files) {
        assert_all_same(&lines, line_count(&files[0].1));
    }
}

#[test]
fn rdflib_reads_the_same_graphs_from_every_syntax_that_has_graphs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |format| exported(folder.path(), format, "named-graphs");
    let files = [("nquads", file("nquads")), ("trig", file("trig")), ("json-ld", file("jsonld"))];
    if let Some(lines) = by_rdflib(&files) {
        assert_all_same(&lines, line_count(&files[0].1));
    }
}

#[test]
fn n3_reads_the_same_reifiers_from_the_turtle_family() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |format| exported(folder.path(), format, "reifiers");
    let files = [
        ("application/n-triples", file("ntriples")),
        ("text/turtle", file("turtle")),
        ("application/n-quads", file("nquads")),
        ("application/trig", file("trig")),
    ];
    if let Some(lines) = by_n3(&files) {
        assert_all_same(&lines, line_count(&files[0].1));
    }
}

#[test]
fn a_call_that_cannot_be_is_refused_in_words() {
    let refused = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_yuanpu")).arg("export").args(arguments).output();
        let output = output.expect("the program runs");
        assert!(output.stdout.is_empty());
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    let unfit = (Some(2), "error: `jsonld` cannot carry claims as `reifiers`\n".to_owned());
    assert_eq!(refused(&["jsonld", "--claims", "reifiers"]), unfit);
    let unknown = (Some(2), "error: there is no format `turtel`; did you mean `turtle`?\n".to_owned());
    assert_eq!(refused(&["turtel"]), unknown);
    let date = (Some(2), "error: `soon` is no date: write 2020, 2020-12 or 2020-12-31\n".to_owned());
    assert_eq!(refused(&["turtle", "--as-of", "soon"]), date);
}

#[test]
fn a_date_leaves_out_what_later_sources_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = exported(folder.path(), "ntriples", "none");
    let earlier = folder.path().join("earlier.nt");
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    command.args(["export", "ntriples", "--claims", "none", "--as-of", "2019-12", "-o"]).arg(&earlier);
    assert!(command.status().expect("the program runs").success());
    let (all, earlier) = (line_count(&all), line_count(&earlier));
    assert!(earlier > 0 && earlier < all, "{earlier} of {all}");
}

#[test]
fn rdflib_reads_an_answer_that_was_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("answer.trig");
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    command.args(["query", "CITE MATCH (f:Fund)-[:BACKS]->(p:Park) RETURN f.name, p.name, f.size_cny, f", "--save"]);
    assert!(command.arg(&kept).output().expect("the program runs").status.success());
    if let Some(lines) = by_rdflib(&[("trig", kept)]) {
        let triples: usize = lines[0].split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
        assert!(triples > 200, "{lines:?}");
    }
}
