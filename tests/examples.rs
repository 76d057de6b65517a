//! The programs under `examples/`, run as they are, and all that they write.

use std::path::PathBuf;
use std::process::Command;

/// Returns what an example writes.
fn written(name: &str) -> String {
    // Beside this test's own folder; a test that is run alone does not build them.
    let here = std::env::current_exe().expect("this program has a path");
    let folder = here.parent().and_then(|deps| deps.parent()).expect("it stands below the target's folder");
    let program: PathBuf = folder.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let profile: &[&str] = if folder.ends_with("release") { &["--release"] } else { &[] };
    let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--example", name]).args(profile).status();
    assert!(built.expect("cargo runs").success(), "{name} is built");
    let output = Command::new(program).output().expect("the example runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it writes text")
}

#[test]
fn embed_makes_a_graph_and_asks_it() {
    assert_eq!(
        written("embed"),
        "A: B\nB: A\n\
         SyntaxError/UndefinedVariable: variable `tt` is not defined, in scope here: `t`; a text stands in quotes: `'tt'`\n"
    );
}

#[test]
fn sources_are_cited_and_looked_through() {
    let expected = "\
Some(String(\"青岛链湾\")) has rank Some(Integer(9)), which 3 claims say
  s002 L412 ranking table, row 9: printed \"9\"
                         : 44
         AS OF 2019-12-31: 24
 ACCORDING TO ONLY 's002': 24
the note is claimed by [\"s004\", \"visit\"]
";
    assert_eq!(written("sources"), expected);
}

#[test]
fn rows_are_streamed_and_statements_stopped() {
    let expected = "\
the first numbers make 105
2 divides Integer(500) of them
3 divides Integer(333) of them
7 divides Integer(142) of them
stopped: StatementStopped/Cancelled: the statement was stopped
ArithmeticError/DivisionByZero at Some(\"1 / (x.n - 1)\"): test for zero before, or divide floats: `toFloat(a) / b`
";
    assert_eq!(written("stream"), expected);
}
