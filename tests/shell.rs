//! The program as its callers see it: exit statuses, formats, scripts, `stdio`, and a person at the keyboard.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use expectrl::session::{OsSession, Session};
use expectrl::{ControlCode, Eof, Expect};

const PROGRAM: &str = env!("CARGO_BIN_EXE_yuanpu");

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("it was asked for").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

/// Returns exit status, standard output and standard error.
fn ran(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let output = run(arguments, input);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn query(text: &str) -> (Option<i32>, String, String) {
    ran(&["query", "--empty", text], "")
}

#[test]
fn exit_statuses_tell_what_went_wrong() {
    assert_eq!(query("RETURN 1 AS x").0, Some(0));
    assert_eq!(query("MATCH (n) RETURN n").0, Some(0));
    assert_eq!(query("RETURN 1 / 0").0, Some(1));
    assert_eq!(query("RETURN x").0, Some(4));
    assert_eq!(query("RETRUN 1").0, Some(4));
    assert_eq!(ran(&["query"], "").0, Some(2));
    assert_eq!(ran(&["query", "--format", "xml", "RETURN 1"], "").0, Some(2));
    assert_eq!(ran(&["query", "--param", "x=abc", "RETURN $x"], "").0, Some(2));
    assert_eq!(ran(&["run", "/no/such/file"], "").0, Some(2));
    assert_eq!(ran(&["--help"], "").0, Some(0));
    assert_eq!(ran(&["--version"], "").1, format!("yuanpu {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn rows_come_in_the_format_asked_for() {
    let text = "UNWIND [[1, 'a'], [2.5, null]] AS p RETURN p[0] AS n, p[1] AS t";
    let in_format = |format: &str| ran(&["query", "--empty", "--format", format, text], "").1;
    assert_eq!(query(text).1, "{\"n\":1,\"t\":\"a\"}\n{\"n\":2.5,\"t\":null}\n");
    assert_eq!(in_format("csv"), "n,t\n1,a\n2.5,\n");
    assert_eq!(in_format("tsv").lines().next(), Some("n\tt"));
    assert!(in_format("markdown").starts_with("| n"));
    assert!(in_format("table").contains("2.5 | "));
    let array: serde_json::Value = serde_json::from_str(&in_format("json")).expect("it is JSON");
    assert_eq!(array[1]["n"], 2.5);
}

#[test]
fn an_error_names_its_place_and_what_to_try() {
    let (_, rows, words) = query("MATCH (园:园区) RETURN 圆.name");
    assert_eq!(rows, "");
    assert!(words.contains("error[SyntaxError/UndefinedVariable]"), "{words}");
    assert!(words.contains("--> query:1:21"), "{words}");
    assert!(words.contains("|                        ^^"), "{words}");
}

#[test]
fn a_script_stops_at_its_first_error_or_goes_on_when_told() {
    let folder = tempfile::tempdir().expect("there is room");
    let script = folder.path().join("script.cypher");
    std::fs::write(&script, ":param n 5\n// first\nRETURN $n AS x;\n\n  RETURN nothing;\nRETURN 3 AS x;")
        .expect("it is ours");
    let name = script.display().to_string();
    let (status, rows, words) = ran(&["run", "--empty", &name], "");
    assert_eq!((status, rows.as_str()), (Some(4), "{\"x\":5}\n"));
    assert!(words.contains(&format!("{name}:5:10")), "{words}");
    let (status, rows, _) = ran(&["run", "--empty", "--fail-at-end", &name], "");
    assert_eq!((status, rows.as_str()), (Some(4), "{\"x\":5}\n{\"x\":3}\n"));
    std::fs::write(&script, b"RETURN 1;\nRETURN \xff;").expect("it is ours");
    let (status, _, words) = ran(&["run", "--empty", &name], "");
    assert_eq!(status, Some(2));
    assert!(words.contains(&format!("{name}:2:8: this is not UTF-8 text")), "{words}");
}

#[test]
fn query_files_are_laid_out() {
    let (status, text, _) = ran(&["fmt", "-"], "match (n:A) where n.x = 1 return n.x as x;");
    assert_eq!((status, text.as_str()), (Some(0), "MATCH (n:A)\nWHERE n.x = 1\nRETURN n.x AS x;\n"));
    assert_eq!(ran(&["fmt", "--check", "-"], &text).0, Some(0));
    assert_eq!(ran(&["fmt", "--check", "-"], "return 1").0, Some(3));
    assert_eq!(ran(&["fmt", "-"], "retrun 1").0, Some(4));
}

#[test]
fn piped_input_is_a_script() {
    let (status, rows, _) = ran(&["--empty"], "CREATE (:A);\n:format csv\nMATCH (n) RETURN\ncount(*) AS n;");
    assert_eq!((status, rows.as_str()), (Some(0), "n\n1\n"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_ends_it_quietly() {
    let mut child = Command::new(PROGRAM)
        .args(["query", "--empty", "UNWIND range(1, 1000000) AS x RETURN x"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = Command::new(PROGRAM).args(["query", "--empty", "RETURN 1"]).stdout(full).output();
    assert_eq!(output.expect("the program starts").status.code(), Some(1));
}

#[test]
fn stdio_answers_each_line_and_survives_errors() {
    let requests = [
        r#"{"reset":true}"#,
        r#"{"graph":"CREATE (:A {x: 1});\nCREATE (:B)-[:R]->(:C);"}"#,
        r#"{"query":"MATCH (a:A) RETURN a.x + $y AS sum","params":{"y":{"$float":"0.5"}}}"#,
        r#"{"query":"RETURN"}"#,
        "no JSON",
        r#"{"other":1}"#,
        r#"{"procedure":{"signature":"test.my.proc(x :: INTEGER?) :: (y :: STRING?)","columns":["x","y"],"rows":[[1,"one"],[2,"two"]]}}"#,
        r#"{"query":"CALL test.my.proc(2)"}"#,
        r#"{"query":"CREATE (:D)","params":null}"#,
        r#"{"query":"MATCH (n) RETURN count(*)"}"#,
    ];
    let (status, lines, _) = ran(&["stdio"], &requests.join("\n"));
    assert_eq!(status, Some(0));
    let answers: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an answer is JSON")).collect();
    assert_eq!(answers.len(), requests.len());
    assert_eq!(answers[1]["ok"], true);
    assert_eq!(answers[2]["rows"], serde_json::json!([[{ "$float": "1.5" }]]));
    assert!(answers[2]["elapsed_us"].is_u64() && answers[2]["cpu_us"].is_u64());
    assert_eq!(answers[3]["error"]["kind"], "SyntaxError");
    assert_eq!(answers[3]["error"]["phase"], "compile");
    assert!(answers[4]["error"].is_object() && answers[5]["error"].is_object());
    assert_eq!(answers[7]["columns"], serde_json::json!(["y"]));
    assert_eq!(answers[7]["rows"], serde_json::json!([["two"]]));
    assert_eq!(answers[8]["columns"], serde_json::json!([]));
    assert_eq!(answers[9]["rows"], serde_json::json!([[4]]));
}

/// A session on a terminal over an empty graph; its history goes into a folder of its own.
fn terminal(folder: &std::path::Path) -> OsSession {
    terminal_over(folder, &["--empty"])
}

/// A session on a terminal; its history goes into a folder of its own.
fn terminal_over(folder: &std::path::Path, arguments: &[&str]) -> OsSession {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .env("XDG_STATE_HOME", folder)
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "80")
        .env("PAGER", "");
    let mut session = Session::spawn(command).expect("a terminal opens");
    session.set_expect_timeout(Some(Duration::from_secs(20)));
    session
}

#[test]
fn a_person_asks_and_is_answered() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut session = terminal(folder.path());
    session.expect(":help lists the commands").expect("it says hello");
    session.send_line("CREATE (:园区 {名: '苏州'})").expect("it reads");
    session.expect("1 node created").expect("it says what it did");
    // A statement that is not complete waits for more.
    session.send_line("MATCH (n:园区)").expect("it reads");
    session.send_line("RETURN n.名 AS name").expect("it reads");
    session.expect("苏州").expect("it answers");
    session.expect("1 row").expect("it counts");
    session.send_line("RETURN nmae").expect("it reads");
    session.expect("variable `nmae` is not defined").expect("it explains");
    session.send_line(":begin").expect("it reads");
    session.expect("yuanpu*>").expect("the prompt shows the transaction");
    session.send_line(":nonsense").expect("it reads");
    session.expect("there is no command `:nonsense`").expect("it explains");
    session.send_line(":quit").expect("it reads");
    session.expect("the open transaction is rolled back").expect("it says so");
    session.expect(Eof).expect("it ends");
    let history = std::fs::read_to_string(folder.path().join("yuanpu/history")).expect("what was typed is kept");
    assert!(history.contains("园区"), "{history}");
}

#[test]
fn ctrl_c_stops_the_statement_and_not_the_session() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut session = terminal(folder.path());
    session.expect("yuanpu>").expect("it says hello");
    session.send_line("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN a, b").expect("it reads");
    // Rows are there, so it runs.
    session.expect("1 | 100").expect("it answers");
    let asked = Instant::now();
    session.send(ControlCode::EndOfText).expect("it hears");
    session.expect("the statement was stopped").expect("it stops");
    assert!(asked.elapsed() < Duration::from_millis(1500), "{:?}", asked.elapsed());
    session.send_line("RETURN 40 + 2 AS x").expect("it reads");
    session.expect("1 row").expect("it goes on");
    // Only at its prompt does it hear the end of the input.
    session.expect("yuanpu>").expect("it waits");
    session.send(ControlCode::EndOfTransmission).expect("it hears");
    session.expect(Eof).expect("it ends");
}

#[test]
fn tab_completes_words_and_names_by_their_sound() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut session = terminal_over(folder.path(), &[]);
    session.expect("Try: ").expect("it says hello");
    session.expect("yuanpu>").expect("it waits");
    // A word of the language, a label, and a name in the data by the initials of its pinyin.
    session.send("MATC\t").expect("it reads");
    session.expect("MATCH").expect("the word is completed");
    session.send(" (p:yuanqu\t").expect("it reads");
    session.expect("园区").expect("the label is completed by its pinyin");
    session.send(" {name: 'qdlw\t").expect("it reads");
    session.expect("青岛链湾'").expect("the name is completed");
    session.send_line("}) RETURN p.name_en AS english").expect("it reads");
    session.expect("1 row").expect("it answers");
    session.send_line(":find xxg").expect("it reads");
    session.expect("西溪谷").expect("it finds by initials");
    session.expect("yuanpu>").expect("it waits");
    session.send(ControlCode::EndOfTransmission).expect("it hears");
    session.expect(Eof).expect("it ends");
}

#[test]
fn what_is_pasted_is_one_text_and_history_keeps_it() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut session = terminal(folder.path());
    session.expect("yuanpu>").expect("it says hello");
    session.send("\u{1b}[200~UNWIND [1, 2] AS n\nRETURN sum(n) AS 和\u{1b}[201~").expect("it reads");
    session.send_line("").expect("it reads");
    session.expect("1 row").expect("it answers once");
    session.expect("yuanpu>").expect("it waits");
    // The entry of two lines comes back whole, and runs again.
    session.send("\u{1b}[A").expect("it reads");
    session.expect("RETURN sum(n) AS 和").expect("the last entry is shown");
    session.send_line("").expect("it reads");
    session.expect("1 row").expect("it answers again");
    session.expect("yuanpu>").expect("it waits");
    session.send(ControlCode::EndOfTransmission).expect("it hears");
    session.expect(Eof).expect("it ends");
}

#[test]
fn text_of_the_data_is_shown_and_never_sent() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut session = terminal(folder.path());
    session.expect("yuanpu>").expect("it says hello");
    session.send_line("RETURN 'a' + '\\u001b[31m' + '\\u202e' + 'b' AS text").expect("it reads");
    session.expect("a\\u{1b}[31m\\u{202e}b").expect("both are shown");
    session.send_line("RETURN 圆").expect("it reads");
    session.expect("  |        ^^ not defined").expect("the mark stands under the whole character");
    session.expect("yuanpu>").expect("it waits");
    session.send(ControlCode::EndOfTransmission).expect("it hears");
    session.expect(Eof).expect("it ends");
}

#[test]
fn tables_that_are_too_wide_turn_on_their_side() {
    let wide = "RETURN 'aaaaaaaaaaaa' AS first, 'bbbbbbbbbbbb' AS second, 'cccccccccccc' AS third, 'd' AS fourth, 'e' AS fifth, \
                'f' AS sixth, 'g' AS seventh, 'h' AS eighth, 'i' AS ninth, 'j' AS tenth";
    let folder = tempfile::tempdir().expect("there is room");
    let mut session = terminal(folder.path());
    session.expect("yuanpu>").expect("it says hello");
    session.send_line(wide).expect("it reads");
    session.expect("tenth   | j").expect("a line a column");
    session.expect("yuanpu>").expect("it waits");
    session.send(ControlCode::EndOfTransmission).expect("it hears");
    session.expect(Eof).expect("it ends");
}

#[test]
fn a_comment_before_a_command_is_no_part_of_a_statement() {
    let script = "// The number.\n:param n 5\n/* and\nthe question */\nRETURN $n AS n;\n// the end\n";
    assert_eq!(ran(&["run", "--empty", "--format", "csv", "-"], script), (Some(0), "n\n5\n".to_owned(), String::new()));
}

#[test]
fn parameters_come_from_a_file_and_the_command_line() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("parameters.json");
    std::fs::write(&file, r#"{"name": "苏州", "n": 2}"#).expect("it is ours");
    let name = file.display().to_string();
    let text = "RETURN $name AS name, $n AS n";
    let asked = |more: &[&str]| {
        let arguments = [&["query", "--empty", "--format", "csv", "--params", name.as_str()], more, &[text]].concat();
        ran(&arguments, "")
    };
    assert_eq!(asked(&[]).1, "name,n\n苏州,2\n");
    assert_eq!(asked(&["--param", "n=3"]).1, "name,n\n苏州,3\n", "what is written out wins");
    std::fs::write(&file, "{\n  \"n\": }").expect("it is ours");
    let (status, _, words) = asked(&[]);
    assert_eq!(status, Some(2));
    assert!(words.contains(&format!("{name}:2:8")), "{words}");
    std::fs::write(&file, "[1]").expect("it is ours");
    assert!(asked(&[]).2.contains("holds no object"));
}

#[test]
fn scripts_follow_each_other_in_one_session() {
    let folder = tempfile::tempdir().expect("there is room");
    let script = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("it is ours");
        path.display().to_string()
    };
    let first = script("first.cypher", ":format csv\nCREATE (:A {n: 1});\nRETURN 1 AS one;");
    let second = script("second.cypher", "MATCH (a:A) RETURN a.n AS n;\nRETURN 1 / 0;");
    let third = script("third.cypher", "RETURN 3 AS three;");
    let (status, rows, words) = ran(&["run", "--empty", &first, &second, &third], "");
    assert_eq!((status, rows.as_str()), (Some(1), "one\n1\nn\n1\n"));
    assert!(words.contains(&format!("{second}:2:8")), "{words}");
    let (status, rows, _) = ran(&["run", "--empty", "--fail-at-end", &first, &second, &third], "");
    assert_eq!((status, rows.as_str()), (Some(1), "one\n1\nn\n1\nthree\n3\n"));
}

#[test]
fn stdio_tells_what_a_write_changed() {
    let requests = [
        r#"{"query":"CREATE (:A {x: 1})-[:R]->(:B)"}"#,
        r#"{"query":"MATCH (a:A) RETURN a.x"}"#,
        r#"{"query":"MATCH (n) DETACH DELETE n"}"#,
    ];
    let (_, lines, _) = ran(&["--empty", "stdio"], &requests.join("\n"));
    let answers: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an answer is JSON")).collect();
    let made =
        serde_json::json!({"nodes_created": 2, "relationships_created": 1, "properties_set": 1, "labels_added": 2});
    assert_eq!(answers[0]["stats"], made);
    assert!(answers[1].get("stats").is_none(), "reading changes nothing");
    assert_eq!(answers[2]["stats"]["nodes_deleted"], 2);
}

#[test]
fn help_explains_functions() {
    let (status, _, words) = ran(&["--empty"], ":help substring\n:help algo.pagerank\n:help find\n");
    assert_eq!(status, Some(0));
    assert!(words.contains("substring(text :: STRING"), "{words}");
    assert!(words.contains("algo.pagerank("), "{words}");
    assert!(words.contains(":find TEXT"), "{words}");
    assert_eq!(ran(&["--empty"], ":help nonsense").0, Some(4));
}

#[test]
fn shells_and_manuals_are_served() {
    for shell in ["bash", "zsh", "fish"] {
        let (status, script, _) = ran(&["completions", shell], "");
        assert_eq!(status, Some(0));
        assert!(script.contains("export") && script.contains("graphml") || script.contains("fail-at-end"), "{script}");
    }
    let (status, page, _) = ran(&["man"], "");
    assert_eq!(status, Some(0));
    assert!(page.starts_with(".ie") || page.contains(".TH yuanpu"), "{page}");
    assert_eq!(ran(&["completions", "nonsense"], "").0, Some(2));
}
