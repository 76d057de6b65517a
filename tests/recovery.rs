//! Crashes, damage and full disks, met by the program as people run it: what it acknowledged is in the file, whole, and nothing else.
//!
//! A child process commits and is killed with `kill -9` at a moment that it cannot choose; the file is opened again and compared with
//! what the child had said. `YUANPU_ROUNDS` sets the number of rounds (50 otherwise).

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use yuanpu::{Connection, Database, Options};

/// How many nodes are kept: each commit makes one and deletes the one that came so many before.
const KEPT: i64 = 10;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_yuanpu"))
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("graph.yuanpu");
    (folder, path)
}

/// A process that speaks JSON lines and has a database file open.
struct Speaker {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<String>,
}

impl Speaker {
    fn start(path: &Path) -> Speaker {
        let mut child = program()
            .arg("stdio")
            .arg("--database")
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let requests = child.stdin.take().expect("it is piped");
        let lines = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, answers) = channel();
        std::thread::spawn(move || lines.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        Speaker { child, requests, answers }
    }

    /// Asks for a statement to be run, and does not wait for the answer.
    fn ask(&mut self, text: &str) -> bool {
        let request = format!("{{\"query\":{}}}\n", quoted(text));
        self.requests.write_all(request.as_bytes()).is_ok()
    }

    /// Waits for the next answer; none once the process is gone.
    fn answer(&self) -> Option<String> {
        self.answers.recv_timeout(Duration::from_secs(60)).ok()
    }

    fn run(&mut self, text: &str) -> String {
        assert!(self.ask(text), "the process lives");
        self.answer().expect("the process answers")
    }

    fn kill(&mut self) {
        // On Unix this is `kill -9`: nothing in the process hears of it.
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What commit number `number` does, to be seen in several places of the graph: all of it must be there, or nothing.
fn change(number: i64, padding: usize) -> Vec<String> {
    let text = "园".repeat(padding);
    vec![
        format!(
            "MATCH (c:Counter) SET c.value = {number} \
             CREATE (c)-[:MADE {{at: {number}}}]->(:Item {{number: {number}, text: '{text}'}})"
        ),
        format!("MATCH (i:Item {{number: {}}}) DETACH DELETE i", number - KEPT),
    ]
}

/// Returns how many commits a graph shows, having asserted that each is there whole.
fn commits(connection: &mut Connection) -> i64 {
    let mut numbers = |text: &str| -> Vec<i64> {
        let answer = connection.run(text, ()).unwrap_or_else(|error| panic!("{text}: {error}"));
        answer.deserialize().expect("a column of integers")
    };
    let count = numbers("MATCH (c:Counter) RETURN c.value AS value");
    let [count] = count.as_slice() else { panic!("one counter, not {count:?}") };
    let expected: Vec<i64> = (1.max(count - KEPT + 1)..=*count).collect();
    assert_eq!(numbers("MATCH (i:Item) RETURN i.number AS n ORDER BY n"), expected);
    assert_eq!(
        numbers("MATCH (:Counter)-[m:MADE]->(i:Item) WHERE m.at = i.number RETURN m.at AS n ORDER BY n"),
        expected
    );
    for number in expected {
        // The index knows what the columns know.
        assert_eq!(numbers(&format!("MATCH (i:Item {{number: {number}}}) RETURN count(*) AS n")), [1]);
    }
    *count
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let rounds = std::env::var("YUANPU_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(50);
    let (_folder, path) = place();
    {
        let mut connection = Database::open(&path, Options::default()).expect("it is new").connect();
        connection.run("CREATE (:Counter {value: 0})", ()).expect("it is well formed");
        connection.run("CREATE CONSTRAINT FOR (i:Item) REQUIRE i.number IS UNIQUE", ()).expect("there is none");
    }
    let (mut done, mut random) = (0, 0x2545_f491_4f6c_dd1d_u64);
    let mut checkpoints = 0;
    for round in 0..rounds {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let milliseconds = (random >> 33) % 40;
        // Some rounds write much, so that the log is folded into chunks while the process is killed.
        let padding = if round % 3 == 0 { 100_000 } else { 10 };
        let acknowledged = round_of_commits(&path, done, padding, Duration::from_millis(milliseconds));
        let database = Database::open(&path, Options::default()).expect("what a crash leaves opens");
        let found = commits(&mut database.connect());
        assert!(found >= acknowledged, "round {round}: {acknowledged} commits were acknowledged, {found} are there");
        done = found;
        checkpoints = database.file_statistics().expect("it is in a file").checkpoint;
    }
    println!("figure: rounds of kill -9 on a committing process: {rounds}, none of {done} commits lost");
    assert!(done > rounds, "only {done} commits were made");
    assert!(checkpoints > 0, "the log was never folded");
    let output = program().arg("check").arg(&path).output().expect("the program runs");
    assert_eq!((status(&output), String::from_utf8_lossy(&output.stdout).as_ref()), (0, ""));
}

/// Lets a process commit until it is killed; returns the number of the last commit that it acknowledged.
fn round_of_commits(path: &Path, done: i64, padding: usize, delay: Duration) -> i64 {
    let mut speaker = Speaker::start(path);
    // Statements outside of a transaction would be commits of their own.
    let requests = |number| {
        let mut texts = vec!["BEGIN".to_owned()];
        texts.extend(change(number, padding));
        texts.push("COMMIT".to_owned());
        texts
    };
    let (mut asked, mut heard) = (done, done);
    let mut due = std::collections::VecDeque::new();
    let mut killed_at = None;
    loop {
        while asked < heard + 3 {
            asked += 1;
            let texts = requests(asked);
            due.push_back(texts.len());
            if !texts.iter().all(|text| speaker.ask(text)) {
                break;
            }
        }
        for _ in 0..due.pop_front().unwrap_or(0) {
            let Some(answer) = speaker.answer() else { return heard };
            assert!(!answer.contains("\"error\""), "{answer}");
        }
        heard += 1;
        let killed_at = *killed_at.get_or_insert_with(|| std::time::Instant::now() + delay);
        if std::time::Instant::now() >= killed_at {
            speaker.kill();
            // What it had said before is heard all the same.
            while let Some(left) = due.pop_front() {
                for _ in 0..left {
                    if speaker.answer().is_none() {
                        return heard;
                    }
                }
                heard += 1;
            }
            return heard;
        }
    }
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn query(path: &Path, text: &str, options: &[&str]) -> Output {
    program().args(["query", text, "--database"]).arg(path).args(options).output().expect("the program runs")
}

#[test]
fn a_file_in_use_is_refused_with_the_name_of_its_holder() {
    let (_folder, path) = place();
    let mut speaker = Speaker::start(&path);
    speaker.run("CREATE (:Item {number: 1})");
    let refused = query(&path, "CREATE (:Item)", &[]);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(status(&refused), 5, "{words}");
    if cfg!(target_os = "linux") {
        assert!(words.contains(&format!("is in use by process {} (yuanpu)", speaker.child.id())), "{words}");
    }
    assert!(words.contains("open it with --read-only"), "{words}");
    let read = query(&path, "MATCH (i:Item) RETURN i.number AS n", &["--read-only", "--format", "csv"]);
    assert_eq!(
        (status(&read), String::from_utf8_lossy(&read.stdout).trim().replace("\r\n", "\n")),
        (0, "n\n1".to_owned())
    );
    let written = query(&path, "CREATE (:Item)", &["--read-only"]);
    assert_eq!(status(&written), 1, "{}", String::from_utf8_lossy(&written.stderr));
    speaker.kill();
    assert_eq!(status(&query(&path, "CREATE (:Item)", &[])), 0, "a killed process holds nothing");
}

#[test]
fn a_damaged_file_gives_the_right_answer_or_a_refusal_and_stays_as_it_was() {
    let (folder, path) = place();
    let text = "UNWIND range(1, 3000) AS i CREATE (:Item {number: i, text: 'text number ' + toString(i)})";
    let database = Database::open(&path, Options::default()).expect("it is new");
    database.connect().run(text, ()).expect("it is well formed");
    database.compact().expect("nobody else reads");
    database.close().expect("the disk works");
    let sound = std::fs::read(&path).expect("it is there");
    let copy = folder.path().join("copy.yuanpu");
    let exported = |path: &Path| {
        let mut export = program();
        export.args(["export", "ntriples", "--read-only", "--database"]).arg(path).output().expect("the program runs")
    };
    let whole = exported(&path);
    assert!(status(&whole) == 0 && whole.stdout.len() > 100_000, "{}", String::from_utf8_lossy(&whole.stderr));
    let mut refused = 0;
    for round in 0..24 {
        let mut bytes = sound.clone();
        let place = 64 + round * (bytes.len() - 128) / 24;
        match round % 3 {
            0 => bytes[place..place + 64].fill(0),
            1 => bytes.truncate(place),
            _ => bytes[place..place + 16].iter_mut().for_each(|byte| *byte ^= 0x5a),
        }
        std::fs::write(&copy, &bytes).expect("there is room");
        let question = "MATCH (i:Item) RETURN sum(i.number) AS sum, count(i.text) AS texts";
        let answered = query(&copy, question, &["--read-only", "--format", "csv"]);
        let words = String::from_utf8_lossy(&answered.stderr).into_owned();
        match status(&answered) {
            0 => {
                let rows = String::from_utf8_lossy(&answered.stdout).replace("\r\n", "\n");
                assert_eq!(rows.trim(), "sum,texts\n4501500,3000");
            }
            5 => {
                refused += 1;
                assert!(words.contains("copy.yuanpu") && words.contains("damaged"), "{words}");
                let found = status(&program().arg("check").arg(&copy).output().expect("the program runs"));
                assert_eq!(found, 3, "{words}");
            }
            other => panic!("round {round}: status {other}: {words}"),
        }
        let export = exported(&copy);
        assert!(status(&export) == 5 || export.stdout == whole.stdout, "round {round}: an export lacks something");
        assert!(std::fs::read(&copy).expect("it is there") == bytes, "round {round}: the file was touched");
    }
    assert!(refused > 0, "some of the damage was met");
}

#[cfg(unix)]
#[test]
fn a_full_disk_fails_the_commit_and_nothing_else() {
    let (_folder, path) = place();
    {
        let mut connection = Database::open(&path, Options::default()).expect("it is new").connect();
        connection.run("CREATE (:Counter {value: 0})", ()).expect("it is well formed");
    }
    // Files beyond this size are refused, as if the disk were full; the signal that comes with it is ignored.
    let script = "trap '' XFSZ; ulimit -f 8000; exec \"$0\" stdio --database \"$1\"";
    let mut child = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_yuanpu")])
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let requests = child.stdin.take().expect("it is piped");
    let lines = BufReader::new(child.stdout.take().expect("it is piped"));
    let (sender, answers) = channel();
    std::thread::spawn(move || lines.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
    let mut speaker = Speaker { child, requests, answers };
    let text = "x".repeat(500_000);
    let (mut done, mut failure) = (0, None);
    for number in 1..200 {
        let answer = speaker.run(&format!("MATCH (c:Counter) SET c.value = {number}, c.text{number} = '{text}'"));
        if answer.contains("\"error\"") {
            failure = Some(answer);
            break;
        }
        done = number;
    }
    let failure = failure.expect("the disk is full at last");
    assert!(failure.contains("StorageError"), "{failure}");
    let value = |answer: &str| answer.split_once("\"rows\":").map_or_else(String::new, |(_, rows)| rows.to_owned());
    let read = speaker.run("MATCH (c:Counter) RETURN c.value AS value, size(keys(c)) AS size");
    assert!(value(&read).starts_with(&format!("[[{done},{}]]", done + 1)), "{read}");
    // What fits goes on being committed.
    drop(speaker.requests);
    speaker.child.wait().expect("it ends with its input");
    let mut connection = Database::open(&path, Options::default()).expect("it is whole").connect();
    let answer = connection.run("MATCH (c:Counter) RETURN c.value AS value", ()).expect("it reads");
    assert_eq!(answer.deserialize::<i64>().expect("a column of integers"), [done]);
}
