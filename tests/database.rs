//! Databases in files through the library: what was committed is there, what failed is not, and a file that is refused stays as it was.

use std::path::{Path, PathBuf};
use std::time::Duration;

use yuanpu::{Connection, Database, Error, ErrorClass, Options};

/// A folder of this test's own, and a path in it.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("graph.yuanpu");
    (folder, path)
}

fn open(path: &Path) -> Database {
    Database::open(path, Options::default()).expect("the file is ours")
}

fn read_only(path: &Path) -> Result<Database, Error> {
    Database::open(path, Options::default().read_only(true))
}

fn numbers(connection: &mut Connection, text: &str) -> Vec<i64> {
    let answer = connection.run(text, ()).unwrap_or_else(|error| panic!("{text}: {error}"));
    answer.deserialize().expect("a column of integers")
}

fn values(connection: &mut Connection) -> Vec<i64> {
    numbers(connection, "MATCH (n:N) RETURN n.value AS value ORDER BY value")
}

fn detail(outcome: Result<Database, Error>) -> &'static str {
    let error = outcome.expect_err("the file is refused");
    assert_eq!(error.class(), ErrorClass::Database, "{error}");
    error.detail()
}

#[test]
fn what_was_committed_is_there_after_closing() {
    let (_folder, path) = place();
    {
        let database = open(&path);
        let mut connection = database.connect();
        connection.run("CREATE (:N {value: 1})-[:NEXT {of: '园'}]->(:N {value: 2})", ()).expect("it is well formed");
        connection.run("CREATE CONSTRAINT n_value FOR (n:N) REQUIRE n.value IS UNIQUE", ()).expect("values differ");
        let mut transaction = connection.transaction().expect("none is open");
        transaction.run("CREATE (:N {value: 3})", ()).expect("it is well formed");
        transaction.commit().expect("the disk works");
        connection.run("BEGIN", ()).expect("none is open");
        connection.run("CREATE (:N {value: 4})", ()).expect("it is well formed");
        assert!(connection.run("CREATE (:N {value: 1})", ()).is_err(), "the value is there already");
    }
    let database = open(&path);
    let mut connection = database.connect();
    assert_eq!(values(&mut connection), [1, 2, 3]);
    assert_eq!(numbers(&mut connection, "MATCH (a)-[r:NEXT {of: '园'}]->(b) RETURN b.value - a.value AS d"), [1]);
    let refused = connection.run("CREATE (:N {value: 3})", ()).expect_err("the constraint is there");
    assert_eq!(refused.detail(), "NotUnique");
    database.close().expect("the disk works");
    let closed = connection.run("CREATE (:N {value: 9})", ()).expect_err("the file is closed");
    assert_eq!(closed.class(), ErrorClass::Database);
}

#[test]
fn every_kind_of_value_comes_back_as_it_was() {
    let (_folder, path) = place();
    let text = "CREATE (:V {a: 1, b: -1.5, c: 'text', d: true, e: [1, 'two', [3.0]], f: date('2017-04-28'), g: localtime('12:00'), \
                h: time('12:00+08:00'), i: localdatetime('2017-04-28T12:00'), j: datetime('2017-04-28T12:00[Asia/Shanghai]'), \
                k: duration('P1M2DT3S'), l: 9223372036854775807, m: [], n: 0.0 / 0.0, o: ''})";
    let before = {
        let database = open(&path);
        let mut connection = database.connect();
        connection.run(text, ()).expect("it is well formed");
        format!("{:?}", connection.run("MATCH (v:V) RETURN properties(v) AS p", ()).expect("it reads").rows)
    };
    for _ in 0..2 {
        let database = open(&path);
        let after = database.connect().run("MATCH (v:V) RETURN properties(v) AS p", ()).expect("it reads").rows;
        assert_eq!(format!("{after:?}"), before);
        // The second time it comes from chunks instead of the log.
        database.compact().expect("nobody else reads");
    }
}

#[test]
fn a_long_log_is_folded_and_says_the_same() {
    let (_folder, path) = place();
    let rounds = 12;
    {
        let database = Database::open(&path, Options::default().sync(false)).expect("the file is new");
        let mut connection = database.connect();
        for round in 0..rounds {
            let text = "UNWIND range(0, 4999) AS i CREATE (:N {value: $round * 5000 + i, name: 'a name that is long enough for the log to grow, number ' + toString(i)})";
            connection.run(text, [("round", round)]).expect("it is well formed");
        }
        let statistics = database.file_statistics().expect("it is in a file");
        assert!(statistics.checkpoint > 0, "the log was folded on the way: {statistics:?}");
        connection.run("MATCH (n:N) WHERE n.value % 7 = 0 DELETE n", ()).expect("they have no relationships");
    }
    let expected = (0..rounds * 5000).filter(|value| value % 7 != 0).collect::<Vec<i64>>();
    assert_eq!(values(&mut open(&path).connect()), expected);
}

#[test]
fn of_two_writers_the_second_is_refused_and_readers_are_not() {
    let (_folder, path) = place();
    let database = open(&path);
    database.connect().run("CREATE (:N {value: 1})", ()).expect("it is well formed");
    let refused = Database::open(&path, Options::default()).expect_err("one handle writes");
    assert_eq!(refused.detail(), "DatabaseInUse");
    assert!(refused.to_string().contains("is in use by this process"), "{refused}");
    assert_eq!(refused.to_diagnostic().hints, ["open it with --read-only"]);

    let reader = read_only(&path).expect("readers may stand beside a writer");
    database.connect().run("CREATE (:N {value: 2})", ()).expect("it is well formed");
    assert_eq!(values(&mut reader.connect()), [1, 2], "a reader sees what was committed before its statement");
    let refused = reader.connect().run("CREATE (:N)", ()).expect_err("it is read only");
    assert_eq!((refused.class(), refused.detail()), (ErrorClass::Runtime, "ReadOnlyDatabase"));
    assert_eq!(values(&mut read_only(&path).expect("and so may more").connect()), [1, 2]);
    let other = database.clone();
    drop(database);
    assert_eq!(values(&mut other.connect()), [1, 2], "a clone keeps the file open");
}

/// Makes the fixture of the newest format: a checkpoint with every kind of chunk, and a log above it.
fn make_fixture(path: &Path) {
    let _ = std::fs::remove_file(path);
    let database = open(path);
    let mut connection = database.connect();
    for text in [
        "CREATE CONSTRAINT city_id FOR (c:City) REQUIRE c.id IS UNIQUE",
        "CREATE INDEX city_size FOR (c:City) ON (c.size)",
        "UNWIND range(1, 300) AS i CREATE (:City {id: 'city/' + toString(i), size: i * 1000, tier: ['a', 'b'][i % 2]})",
        "MATCH (a:City), (b:City) WHERE b.size = a.size + 7000 CREATE (a)-[:ROAD {km: a.size / 3.0}]->(b)",
        "MATCH (a:City {id: 'city/1'}) CREATE (a)-[:NEAR]->(a), (a)-[:NEAR]->(:Town:Old {built: date('1402-05-06')})",
        "MATCH (t:Town) SET t.mixed = [1, 'two', 3.5], t.at = datetime('2019-02-03T04:05:06+08:00'), t.big = 1e300",
    ] {
        connection.run(text, ()).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    database.compact().expect("nobody reads it");
    connection.run("MATCH (c:City {id: 'city/300'}) DETACH DELETE c", ()).expect("it is well formed");
    connection.run("MATCH (c:City {id: 'city/9'}) SET c.name = '园区', c.size = null", ()).expect("it is well formed");
}

#[test]
fn a_graph_of_every_released_format_is_read() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    if std::env::var_os("UPDATE").is_some() {
        make_fixture(&fixtures.join("format-1.graph"));
    }
    for version in 1..=1 {
        let (_folder, path) = place();
        std::fs::copy(fixtures.join(format!("format-{version}.graph")), &path).expect("there is a fixture");
        assert_eq!(Database::check_file(&path).expect("it is ours").findings, Vec::<String>::new());
        let database = open(&path);
        let mut connection = database.connect();
        for (text, expected) in [
            ("MATCH (c:City) RETURN count(*) AS n", 299),
            ("MATCH (c:City) RETURN count(c.size) AS n", 298),
            ("MATCH (c:City {id: 'city/9', name: '园区'}) RETURN count(*) AS n", 1),
            ("MATCH (c:City) WHERE c.size > 295000 RETURN count(*) AS n", 4),
            ("MATCH (c:City {tier: 'a'}) RETURN sum(c.size) AS n", 22_350_000),
            ("MATCH (a)-[r:ROAD]->(b) WHERE b.size = a.size + 7000 RETURN count(r.km) AS n", 290),
            ("MATCH (b)<-[r:ROAD]-(a {size: 1000}) RETURN toInteger(r.km) AS n", 333),
            ("MATCH (a)-[:NEAR]->(a) RETURN count(*) AS n", 1),
            ("MATCH (t:Old) WHERE t.mixed = [1, 'two', 3.5] AND t.big = 1e300 RETURN t.built.year AS n", 1402),
            ("MATCH (t:Town) RETURN t.at.hour AS n", 4),
        ] {
            assert_eq!(numbers(&mut connection, text), [expected], "{text}");
        }
        connection.run("CREATE (:City {id: 'city/300'})", ()).expect("the id is free again");
        let refused = connection.run("CREATE (:City {id: 'city/1'})", ()).expect_err("it is there");
        assert_eq!(refused.detail(), "NotUnique");
    }
}

#[test]
fn a_reader_sees_what_was_committed_before_its_transaction_began() {
    let (_folder, path) = place();
    let writer = open(&path);
    let mut writing = writer.connect();
    writing.run("CREATE (:N {value: 1})", ()).expect("it is well formed");
    let reader = read_only(&path).expect("readers share the file");
    let (mut reading, mut holding) = (reader.connect(), reader.connect());
    assert_eq!(values(&mut reading), [1]);
    holding.run("BEGIN READ ONLY", ()).expect("none is open");
    writing.run("CREATE (:N {value: 2, name: 'new to the reader'})", ()).expect("it is well formed");
    assert_eq!(values(&mut reading), [1, 2], "the next statement sees the commit");
    assert_eq!(values(&mut holding), [1], "an open transaction sees one moment");
    // A checkpoint replaces the chunks that the open transaction has not read yet.
    writing.run("MATCH (n:N) SET n.value = n.value + 10", ()).expect("it is well formed");
    writing.run("CREATE (:Other {text: $text})", [("text", "x".repeat(6 << 20))]).expect("it is well formed");
    assert_eq!(values(&mut reading), [11, 12]);
    assert_eq!(values(&mut holding), [1]);
    holding.run("COMMIT", ()).expect("one is open");
    assert_eq!(values(&mut holding), [11, 12]);
    assert_eq!(numbers(&mut reading, "MATCH (o:Other) RETURN size(o.text) AS n"), [6 << 20]);
}

#[test]
fn memory_that_holds_the_file_unchanged_is_given_back() {
    let (_folder, path) = place();
    let text = "UNWIND range(1, 40000) AS i CREATE (:N {value: i, name: 'a name that is not short ' + toString(i)})";
    open(&path).connect().run(text, ()).expect("it is well formed");
    // A limit that the whole graph does not fit into four times over.
    let database = Database::open(&path, Options::default().memory_limit_bytes(16 << 20)).expect("the file is ours");
    let mut connection = database.connect();
    let mut held = database.connect();
    held.run("BEGIN", ()).expect("none is open");
    let sum = "MATCH (n:N) RETURN sum(n.value) AS s";
    let names = "MATCH (n:N) WHERE n.name ENDS WITH ' 39999' RETURN n.value AS v";
    let mut expected = 40_000 * 40_001 / 2;
    for round in 0..4 {
        assert_eq!((numbers(&mut connection, sum), numbers(&mut connection, names)), (vec![expected], vec![39_999]));
        assert!(database.held_size_bytes() <= (16 << 20) / 4, "{} bytes are held", database.held_size_bytes());
        connection.run("MATCH (n:N {value: 7}) SET n.value = 7", ()).expect("it is well formed");
        connection.run("CREATE (:N {value: 1000000})", ()).expect("it is well formed");
        expected += 1_000_000;
        if round == 2 {
            database.compact().expect("nobody reads");
        }
    }
    assert_eq!(numbers(&mut connection, sum), [expected]);
    assert_eq!(numbers(&mut held, sum), [40_000 * 40_001 / 2], "an open transaction reads what it began with");
    let conflict = held.run("CREATE (:N {value: 3})", ()).expect_err("others have written since");
    assert_eq!(conflict.detail(), "Conflict");
    held.run("ROLLBACK", ()).expect("one is open");
    // Memory given back between the beginning of a transaction and its first write is nothing that the write could miss.
    held.run("BEGIN", ()).expect("none is open");
    assert_eq!(numbers(&mut connection, names), [39_999]);
    held.run("MATCH (n:N {value: 5}) SET n.value = -5", ()).expect("nobody has written since");
    held.run("COMMIT", ()).expect("nobody has written since");
    let small = Database::open(&path, Options::default().read_only(true).memory_limit_bytes(1 << 20));
    let refused = small.expect("readers share the file").connect().run(names, ()).expect_err("it reads more than that");
    assert_eq!(refused.detail(), "OutOfMemory", "what is read counts");
    drop((connection, held));
    database.close().expect("the disk works");
    let findings = Database::check_file(&path).expect("the file is ours");
    assert_eq!(findings.findings, Vec::<String>::new());
    assert_eq!(numbers(&mut open(&path).connect(), sum), [expected - 10]);
}

#[test]
fn what_is_no_database_is_refused_by_name_and_left_as_it_was() {
    let (folder, path) = place();
    assert_eq!(detail(Database::open(&path, Options::default().create(false))), "NoSuchFile");
    assert!(!path.exists());
    assert_eq!(detail(Database::open(folder.path(), Options::default())), "NotADatabase");
    for content in ["MATCH (n) RETURN n", "SQLite format 3\0", "yuanpu"] {
        std::fs::write(&path, content).expect("there is room");
        let expected = if content == "yuanpu" { "DatabaseDamaged" } else { "NotADatabase" };
        for options in [Options::default(), Options::default().read_only(true)] {
            assert_eq!(detail(Database::open(&path, options)), expected, "{content}");
        }
        assert_eq!(std::fs::read(&path).expect("it is there"), content.as_bytes());
    }
}

#[test]
fn a_copy_is_made_while_the_file_is_in_use() {
    let (folder, path) = place();
    let copy = folder.path().join("copy.yuanpu");
    let database = open(&path);
    let mut connection = database.connect();
    connection.run("UNWIND range(1, 100) AS i CREATE (:N {value: i})", ()).expect("it is well formed");
    database.back_up(&copy).expect("there is room");
    connection.run("MATCH (n:N) DELETE n", ()).expect("they have no relationships");
    let refused = database.back_up(&copy).expect_err("the copy is there");
    assert_eq!((refused.class(), refused.detail()), (ErrorClass::Runtime, "FileExists"));
    assert_eq!(values(&mut open(&copy).connect()).len(), 100);
    assert_eq!(values(&mut connection).len(), 0);
}

#[test]
fn compaction_gives_room_back() {
    let (_folder, path) = place();
    let database = open(&path);
    let mut connection = database.connect();
    let text = "UNWIND range(1, 20000) AS i CREATE (:N {value: i, text: 'some text that takes room ' + toString(i)})";
    connection.run(text, ()).expect("it is well formed");
    database.compact().expect("nobody else reads");
    connection.run("MATCH (n:N) WHERE n.value > 10 DELETE n", ()).expect("they have no relationships");
    let before = std::fs::metadata(&path).expect("it is there").len();
    assert!(database.compact().expect("nobody else reads"));
    let after = std::fs::metadata(&path).expect("it is there").len();
    assert!(after < before, "{after} bytes of {before}");
    assert_eq!(values(&mut connection).len(), 10);
    drop((connection, database));
    assert_eq!(values(&mut open(&path).connect()).len(), 10);
}

#[test]
fn a_second_connection_waits_for_the_first_and_readers_do_not() {
    let (_folder, path) = place();
    let database =
        Database::open(&path, Options::default().lock_timeout(Duration::from_millis(30))).expect("it is new");
    let (mut one, mut other) = (database.connect(), database.connect());
    one.run("BEGIN", ()).expect("none is open");
    one.run("CREATE (:N {value: 1})", ()).expect("nobody else writes");
    assert_eq!(other.run("CREATE (:N)", ()).expect_err("one writes").detail(), "Busy");
    assert_eq!(values(&mut other), Vec::<i64>::new());
    one.run("COMMIT", ()).expect("one is open");
    assert_eq!(values(&mut other), [1]);
}
