//! Citations as the program shows them: `:why`, passages of the documents, footnotes, answers that are kept and asked again, exports under a lens.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_yuanpu");
const PARK: &str = "CITE MATCH (p:Park {id: 'park/ordos'}) RETURN p.name AS name, p.cabinets_count AS cabinets";

/// Runs the program; returns exit status, standard output and standard error.
fn ran(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
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

#[test]
fn why_explains_a_row_of_the_last_answer() {
    let script = "MATCH (p:Policy {id: 'policy/xixigu-2017'}) RETURN p.issued AS issued;\n:why 1\n:why\n";
    let (status, rows, words) = ran(&["run", "--format", "table", "-"], script);
    assert_eq!((status, words.as_str()), (Some(0), ""));
    let why: Vec<&str> = rows.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(why.len(), 8, "four claims, told twice: {rows}");
    assert!(why[0].starts_with("- s004 L117: policy/xixigu-2017 issued = 2017-04 "), "{}", why[0]);
    assert!(why[1..4].iter().all(|line| line.starts_with("- not counted: ")), "{rows}");
    let (_, json, _) = ran(&["run", "--format", "json", "-"], script);
    let last: serde_json::Value = serde_json::from_str(json.lines().last().unwrap_or_default()).expect("it is JSON");
    assert_eq!((&last[0]["state"], &last[1]["state"]), (&"winner".into(), &"loser".into()));
    let (status, _, words) = ran(&["run", "-"], "RETURN 1 AS x;\n:why 7\n");
    assert_eq!(status, Some(4));
    assert!(words.contains("the last answer has one row"), "{words}");
    assert_eq!(ran(&["run", "-"], ":why 1\n").0, Some(4), "there is no answer yet");
}

#[test]
fn conflicts_and_sources_are_listed() {
    let (status, rows, _) = ran(&["run", "--format", "table", "-"], ":conflicts\n:sources\n");
    assert_eq!(status, Some(0));
    let conflict = rows.lines().find(|line| line.contains("policy/xixigu-2017") && line.contains("2017-09"));
    assert!(conflict.is_some_and(|line| line.contains("s002") && line.contains("L149")), "{rows}");
    assert!(rows.lines().any(|line| line.starts_with("s003 ")), "{rows}");
}

/// Makes a folder with a copy of one document.
fn documents(folder: &Path) -> String {
    let lines: String = (1..=60).map(|line| format!("this is line {line}\n")).collect();
    std::fs::write(folder.join("001_copy.txt"), lines).expect("it is ours");
    folder.display().to_string()
}

#[test]
fn passages_stand_below_the_claims_that_point_to_them() {
    let folder = tempfile::tempdir().expect("there is room");
    let documents = documents(folder.path());
    let (_, table, _) = ran(&["query", "--format", "table", "--documents", &documents, PARK], "");
    assert!(table.contains("[1] s001 L44: ") && table.contains("\n    > this is line 44\n"), "{table}");
    let (_, json, _) = ran(&["query", "--format", "jsonl", "--documents", &documents, PARK], "");
    let row: serde_json::Value = serde_json::from_str(json.trim()).expect("it is JSON");
    assert_eq!(row["claims"][0]["passage"], "this is line 44");
    let script = format!("{PARK};\n:why 1\n");
    let (_, told, _) = ran(&["run", "--format", "table", "--documents", &documents, "-"], &script);
    assert!(told.contains("\n  > this is line 44\n"), "{told}");
    let (_, markdown, _) = ran(&["query", "--format", "markdown", PARK], "");
    assert!(markdown.contains("| [^1][^2] |\n\n[^1]: s001 L44: "), "{markdown}");
}

#[test]
fn an_answer_is_kept_and_asked_again() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let kept = file("answer.trig");
    let text = "CITE AS OF 2023 MATCH (p:Park {id: $id}) RETURN p.cabinets_count AS cabinets";
    let parameter = "id=\"park/ordos\"";
    let (status, rows, words) = ran(&["query", "--save", &kept, "--param", parameter, "--format", "jsonl", text], "");
    assert_eq!((status, words.as_str()), (Some(0), ""));
    assert!(rows.starts_with("{\"cabinets\":17800,\"claims\":[{\"state\":\"winner\""), "{rows}");
    let trig = std::fs::read_to_string(&kept).expect("it was written");
    for part in ["np:hasAssertion", "np:hasProvenance", "np:hasPublicationInfo", "AS OF '2023'", "1.78万个"] {
        assert!(trig.contains(part), "{part} in {trig}");
    }
    let (status, rows, words) = ran(&["query", "--compare", &kept], "");
    assert_eq!((status, rows.as_str()), (Some(0), ""), "{words}");
    assert!(words.starts_with("the same: 1 of 1 rows, with the same citations (yuanpu-parks "), "{words}");
    let changed = file("changed.trig");
    std::fs::write(&changed, trig.replace("17800", "17801").replace("L44", "L45")).expect("it is ours");
    let (status, rows, words) = ran(&["query", "--compare", &changed], "");
    assert_eq!((status, rows.as_str()), (Some(3), "- 17801\n+ 17800\n"), "{words}");
    let cited_otherwise = file("cited_otherwise.trig");
    std::fs::write(&cited_otherwise, trig.replace("L44", "L45")).expect("it is ours");
    let (status, rows, _) = ran(&["query", "--compare", &cited_otherwise], "");
    assert_eq!(status, Some(3));
    assert!(rows.starts_with("~ 17800\n  - ") && rows.contains("\n  + "), "{rows}");
    assert_eq!(ran(&["query", "--compare", "/no/such/file"], "").0, Some(2));
}

#[test]
fn an_export_under_a_lens_holds_what_the_lens_shows() {
    let exported = |arguments: &[&str]| {
        let (status, triples, words) = ran(&[&["export", "ntriples", "--claims", "none"][..], arguments].concat(), "");
        assert_eq!((status, words.as_str()), (Some(0), ""), "{arguments:?}");
        triples
    };
    let parks = |triples: &str| {
        let class = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/yuanpu/ns#Park>";
        triples.lines().filter(|line| line.contains(class)).count()
    };
    let seen = |prefix: &str| {
        let (_, rows, _) =
            ran(&["query", "--format", "csv", &format!("{prefix} MATCH (p:Park) RETURN count(*) AS n")], "");
        rows.lines().nth(1).and_then(|count| count.parse::<usize>().ok()).expect("a count")
    };
    for (arguments, prefix) in [
        (vec![], ""),
        (vec!["--as-of", "2019-12-31"], "AS OF '2019-12-31'"),
        (vec!["--according-to", "s003"], "ACCORDING TO s003"),
        (vec!["--according-to", "s003,s001", "--only"], "ACCORDING TO ONLY s003, s001"),
        (vec!["--as-of", "2023", "--according-to", "s001,s002"], "AS OF 2023 ACCORDING TO s001, s002"),
    ] {
        assert_eq!(parks(&exported(&arguments)), seen(prefix), "{arguments:?}");
    }
    let issued = |triples: &str| {
        let about = |line: &&str| line.contains("policy/xixigu-2017>") && line.contains("ns#issued>");
        triples.lines().filter(about).map(str::to_owned).collect::<Vec<_>>()
    };
    let earliest = issued(&exported(&["--resolve-by", "earliest"]));
    assert!(earliest.len() == 1 && earliest[0].contains("\"2017-05\""), "{earliest:?}");
    let refused = |arguments: &[&str]| ran(&[&["export", "turtle"][..], arguments].concat(), "");
    assert_eq!(refused(&["--according-to", "s03"]).2, "error: no source has the id `s03`; did you mean `s003`?\n");
    assert_eq!(refused(&["--resolve-by", "newest"]).0, Some(2));
    assert_eq!(refused(&["--only"]).0, Some(2));
}
