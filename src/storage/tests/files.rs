//! Files as people have them: in use, read-only, foreign, newer, copied, killed in the middle.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crate::storage::frame::{FORMAT_VERSION, Header};
use crate::storage::tests::model::{Model, Step, narrow, workload};
use crate::storage::{ChunkKey, FileStore, MemoryStore, OpenOptions, StorageError, Store, Sync, backup, check};

fn read_only() -> OpenOptions {
    OpenOptions { read_only: true, ..OpenOptions::default() }
}

fn filled(path: &Path) -> Model {
    let store = FileStore::open(path, OpenOptions::default()).unwrap();
    let mut model = Model::default();
    for step in workload(21, 33, 10) {
        step.run(&store).unwrap();
        model.apply(&step);
    }
    store.close().unwrap();
    model
}

fn contents(store: &dyn Store) -> Model {
    Model::of(&store.view().unwrap()).unwrap()
}

/// Runs this test program again as another process that plays a part with a file.
fn other_process(part: &str, path: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "storage::tests::files::part_of_another_process", "--nocapture", "--test-threads=1"])
        .env("YUANPU_TEST_PART", part)
        .env("YUANPU_TEST_FILE", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    assert_ne!(next_line(&mut lines), None, "the other process has begun");
    (child, lines)
}

/// Returns what stands behind the next mark in the other process's output.
fn next_line(lines: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        if let Some((_, said)) = line.split_once("said:") {
            return Some(said.trim().to_string());
        }
        line.clear();
    }
    None
}

/// Does nothing unless another test asks for it by [`other_process`].
#[test]
fn part_of_another_process() {
    let (Ok(part), Ok(path)) = (std::env::var("YUANPU_TEST_PART"), std::env::var("YUANPU_TEST_FILE")) else { return };
    let options = if part == "read" { read_only() } else { narrow() };
    let store = FileStore::open(Path::new(&path), options).unwrap();
    let view = store.view().unwrap();
    println!("said: open at {}", view.sequence());
    match part.as_str() {
        "read" | "hold" => drop(std::io::stdin().read_line(&mut String::new())),
        // Commits and checkpoints for ever, telling each commit after it is done.
        _ => {
            for step in workload(22, 500, 50).iter().cycle() {
                step.run(&store).unwrap();
                println!("said: {}", store.view().unwrap().sequence());
            }
        }
    }
}

#[test]
fn a_second_writer_is_told_who_holds_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("held.yuanpu");
    let model = filled(&path);
    let (mut child, _lines) = other_process("hold", &path);
    let refused = FileStore::open(&path, OpenOptions::default()).unwrap_err();
    let StorageError::InUse { holder, .. } = &refused else { panic!("{refused}") };
    if cfg!(target_os = "linux") && Path::new("/proc/locks").exists() {
        let holder = holder.as_ref().expect("the system tells who holds a lock");
        assert_eq!(holder.process_id, child.id());
        assert!(refused.to_string().contains(&format!("is in use by process {} (", child.id())), "{refused}");
    }
    assert_eq!(refused.hint().as_deref(), Some("open it with --read-only"));
    let reader = FileStore::open(&path, read_only()).unwrap();
    let second = FileStore::open(&path, read_only()).unwrap();
    assert_eq!(contents(&reader), model);
    assert_eq!(contents(&second), model);
    child.kill().unwrap();
    child.wait().unwrap();
    // Nothing stale is left of the killed process, and readers do not stand in a writer's way.
    let writer = FileStore::open(&path, OpenOptions::default()).unwrap();
    assert_eq!(contents(&writer), model);
}

#[test]
fn the_same_file_twice_in_one_process_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twice.yuanpu");
    let _first = FileStore::open(&path, OpenOptions::default()).unwrap();
    let refused = FileStore::open(&path, OpenOptions::default()).unwrap_err();
    if cfg!(target_os = "linux") && Path::new("/proc/locks").exists() {
        assert!(refused.to_string().ends_with("is in use by this process"), "{refused}");
    }
}

#[test]
fn a_reader_beside_a_writer_sees_one_moment_and_then_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared.yuanpu");
    drop(FileStore::open(&path, narrow()).unwrap());
    let mut model = filled(&path);
    let writer = FileStore::open(&path, OpenOptions::default()).unwrap();
    let reader = FileStore::open(&path, read_only()).unwrap();
    for step in workload(23, 60, 9) {
        let (view, before) = (reader.view().unwrap(), model.clone());
        step.run(&writer).unwrap();
        model.apply(&step);
        assert_eq!(Model::of(&view).unwrap(), before);
        assert_eq!(contents(&reader), model);
    }
    assert!(matches!(reader.append_log(b"no"), Err(StorageError::ReadOnly { .. })));
    assert!(matches!(reader.checkpoint(&mut |_| Ok(vec![])), Err(StorageError::ReadOnly { .. })));
    assert!(matches!(reader.compact(), Err(StorageError::ReadOnly { .. })));
}

#[test]
fn a_killed_writer_loses_nothing_that_it_said_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.yuanpu");
    for round in 0..6_u64 {
        let (mut child, mut lines) = other_process("write", &path);
        let mut promised: u64 = 0;
        for _ in 0..1 + round * 67 % 200 {
            promised = next_line(&mut lines).unwrap().parse().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(said) = next_line(&mut lines) {
            promised = said.parse().unwrap_or(promised);
        }
        let bytes = fs::read(&path).unwrap();
        let reader = FileStore::open(&path, read_only()).unwrap();
        let seen = contents(&reader);
        assert!(seen.sequence >= promised, "round {round}: {} after {promised} were promised", seen.sequence);
        drop(reader);
        assert_eq!(fs::read(&path).unwrap(), bytes, "reading a file that a crash left changes nothing");
        let writer = FileStore::open(&path, OpenOptions::default()).unwrap();
        assert_eq!(contents(&writer), seen);
        assert_eq!(writer.verify(&mut |_| ()).unwrap(), []);
        writer.close().unwrap();
        assert_eq!(check(&path, &mut |_| ()).unwrap().problems, []);
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn reading_leaves_the_file_as_it_was_on_media_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("media.yuanpu");
    let model = filled(&path);
    let before = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let reader = FileStore::open(&path, read_only()).unwrap();
    assert_eq!(contents(&reader), model);
    assert!(reader.is_read_only());
    reader.close().unwrap();
    assert_eq!(check(&path, &mut |_| ()).unwrap().problems, []);
    assert_eq!((fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap()), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is written beside it");
}

#[test]
fn what_is_not_ours_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let other_redb = folder.path().join("other.redb");
    redb_file(&other_redb);
    let newer = folder.path().join("newer.yuanpu");
    let header = Header { version: FORMAT_VERSION + 1, created_by: "yuanpu 99.0".to_string(), front_size: 0 };
    fs::write(&newer, [&header.encode()[..], b"and what only that program knows"].concat()).unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "MATCH (n) RETURN n").unwrap();
    let short = folder.path().join("short.yuanpu");
    fs::write(&short, b"yuanpu").unwrap();
    let expected = [
        (&other_redb, "is not a yuanpu database: it is a redb file of another program"),
        (&newer, "has format 2, written by yuanpu 99.0; this program reads formats up to 1"),
        (&text, "is not a yuanpu database: it begins otherwise"),
        (&short, "is damaged: it ends too early"),
    ];
    for (path, message) in expected {
        let before = fs::read(path).unwrap();
        for options in [OpenOptions::default(), read_only(), OpenOptions { sync: Sync::Off, ..OpenOptions::default() }]
        {
            let refused = FileStore::open(path, options).unwrap_err().to_string();
            assert!(refused.ends_with(message), "{refused}");
            assert_eq!(fs::read(path).unwrap(), before, "{refused}");
        }
    }
    let refused = FileStore::open(folder.path(), OpenOptions::default()).unwrap_err().to_string();
    assert!(refused.ends_with("is not a yuanpu database: it is not a file"), "{refused}");
    let nowhere = folder.path().join("no folder").join("new.yuanpu");
    let refused = FileStore::open(&nowhere, OpenOptions::default()).unwrap_err().to_string();
    assert_eq!(refused, format!("cannot create `{}`", nowhere.display()));
    let missing = folder.path().join("missing.yuanpu");
    assert!(matches!(FileStore::open(&missing, read_only()), Err(StorageError::Io { .. })));
    assert!(!missing.exists());
}

/// Makes a file of the store crate that has tables of our names.
fn redb_file(path: &PathBuf) {
    let database = redb::Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(redb::TableDefinition::<&str, &[u8]>::new("yuanpu")).unwrap();
    transaction.open_table(redb::TableDefinition::<&[u8], &[u8]>::new("chunk")).unwrap();
    transaction.open_table(redb::TableDefinition::<u64, &[u8]>::new("log")).unwrap();
    transaction.commit().unwrap();
}

#[test]
fn an_empty_file_becomes_a_database_and_an_empty_one_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.yuanpu");
    fs::write(&path, b"").unwrap();
    let refused = FileStore::open(&path, read_only()).unwrap_err().to_string();
    assert!(refused.ends_with("it is empty"), "{refused}");
    let model = filled(&path);
    assert_eq!(contents(&FileStore::open(&path, read_only()).unwrap()), model);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_backup_is_made_while_the_store_is_in_use_and_of_a_store_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(&folder.path().join("one.yuanpu"), OpenOptions::default()).unwrap();
    let memory = MemoryStore::new();
    let mut model = Model::default();
    for step in workload(24, 47, 10) {
        step.run(&store).unwrap();
        step.run(&memory).unwrap();
        model.apply(&step);
    }
    for (name, store) in [("file copy.yuanpu", &store as &dyn Store), ("memory copy.yuanpu", &memory)] {
        let path = folder.path().join(name);
        let view = store.view().unwrap();
        Step::Commit(b"too late for the backup".to_vec()).run(store).unwrap();
        backup(&view, &path).unwrap();
        assert!(matches!(backup(&view, &path), Err(StorageError::AlreadyExists { .. })));
        assert_eq!(check(&path, &mut |_| ()).unwrap().problems, []);
        let copy = FileStore::open(&path, OpenOptions::default()).unwrap();
        assert_eq!(contents(&copy), model);
        copy.append_log(b"goes on").unwrap();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn compaction_gives_room_back_and_waits_for_no_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.yuanpu");
    let store = FileStore::open(&path, OpenOptions::default()).unwrap();
    let fill = |count: u32| {
        move |writer: &mut dyn crate::storage::ChunkWriter| {
            writer.clear()?;
            for index in 0..count {
                writer.put(ChunkKey::new(1, &[index]), &vec![index as u8; 50_000])?;
            }
            Ok(vec![1])
        }
    };
    store.checkpoint(&mut fill(200)).unwrap();
    store.checkpoint(&mut fill(3)).unwrap();
    let model = contents(&store);
    let view = store.view().unwrap();
    assert!(matches!(store.compact(), Err(StorageError::Busy { .. })));
    drop(view);
    let reader = FileStore::open(&path, read_only()).unwrap();
    let view = reader.view().unwrap();
    assert!(matches!(store.compact(), Err(StorageError::Busy { .. })));
    assert_eq!(Model::of(&view).unwrap(), model);
    drop(view);
    let before = store.statistics().unwrap().file_size_bytes;
    assert!(store.compact().unwrap());
    let after = store.statistics().unwrap().file_size_bytes;
    assert!(after < before / 4, "{before} bytes before, {after} after");
    assert_eq!(contents(&store), model);
    assert_eq!(contents(&reader), model);
    assert_eq!(store.verify(&mut |_| ()).unwrap(), []);
    store.append_log(b"goes on").unwrap();
    drop((store, reader));
    assert_eq!(check(&path, &mut |_| ()).unwrap().problems, []);
}

#[test]
fn a_file_that_was_only_opened_is_compacted_too() {
    let folder = tempfile::tempdir().unwrap();
    for commits in [0, 1] {
        let path = folder.path().join(format!("opened {commits}.yuanpu"));
        let store = FileStore::open(&path, OpenOptions::default()).unwrap();
        for count in [2_000, 600] {
            let filling = store.checkpoint(&mut |writer| {
                writer.clear()?;
                for index in 0..count {
                    writer.put(ChunkKey::new(1, &[index]), &vec![index as u8; 8_000])?;
                }
                Ok(vec![1])
            });
            filling.unwrap();
        }
        store.close().unwrap();
        let store = FileStore::open(&path, OpenOptions::default()).unwrap();
        (0..commits).for_each(|_| assert!(store.append_log(b"one").is_ok()));
        let before = store.statistics().unwrap().file_size_bytes;
        store.compact().unwrap();
        let after = store.statistics().unwrap().file_size_bytes;
        println!("{commits} commits: {before} bytes before, {after} after");
        assert!(after < before / 2, "{commits} commits: {before} bytes before, {after} after");
    }
}

#[test]
fn a_store_is_read_and_written_by_many_threads() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(&folder.path().join("threads.yuanpu"), OpenOptions::default()).unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..60 {
                    let view = store.view().unwrap();
                    assert_eq!(Model::of(&view).unwrap(), Model::of(&view).unwrap());
                }
            });
        }
        scope.spawn(|| workload(25, 60, 8).iter().for_each(|step| step.run(&*store).unwrap()));
    });
    assert_eq!(store.verify(&mut |_| ()).unwrap(), []);
}

/// The contents of the fixtures; the workload must never change.
fn fixture_steps() -> Vec<Step> {
    workload(41, 8, 5)
}

/// Makes the fixture of this format anew, if `UPDATE` is set.
fn make_fixture(path: &Path) {
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_file(path);
        let store = FileStore::open(path, narrow()).unwrap();
        fixture_steps().iter().for_each(|step| step.run(&store).unwrap());
        store.close().unwrap();
    }
}

#[test]
fn a_file_of_every_released_format_is_opened() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut model = Model::default();
    fixture_steps().iter().for_each(|step| model.apply(step));
    make_fixture(&fixtures.join(format!("format-{FORMAT_VERSION}.database")));
    for version in 1..=FORMAT_VERSION {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.yuanpu");
        fs::copy(fixtures.join(format!("format-{version}.database")), &path).unwrap();
        assert_eq!(check(&path, &mut |_| ()).unwrap().problems, []);
        let reader = FileStore::open(&path, read_only()).unwrap();
        assert_eq!(contents(&reader), model);
        assert_eq!(reader.statistics().unwrap().format_version, version);
        drop(reader);
        let writer = FileStore::open(&path, OpenOptions::default()).unwrap();
        assert_eq!(contents(&writer), model);
        writer.append_log(b"goes on").unwrap();
    }
}

/// The names once bore the process alone: two databases that a process opened at once wrote into one file, and what a killed process
/// left stayed for ever.
#[test]
fn files_are_made_side_by_side_and_those_of_dead_processes_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.db");
    let mut dead = Command::new("true").spawn().unwrap();
    dead.wait().unwrap();
    let left = folder.path().join(format!("graph.db.new-{}", dead.id()));
    let (other, own) = (folder.path().join("other.db.new-1"), folder.path().join("graph.db.new-x"));
    for file in [&left, &other, &own] {
        fs::write(file, "half").unwrap();
    }
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || match FileStore::open(&path, OpenOptions::default()) {
                Ok(store) => store.close(),
                // Another thread has it.
                Err(StorageError::InUse { .. }) => Ok(()),
                Err(error) => Err(error),
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["graph.db", "graph.db.new-x", "other.db.new-1"]);
}
