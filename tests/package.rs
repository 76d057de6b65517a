//! `yuanpu check` on the built-in package, as it is and with something broken in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

fn check(folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    command.arg("check").arg(folder);
    // The documents are not part of the project; whoever has them names their folder.
    if let Some(documents) = env::var_os("YUANPU_DOCUMENTS") {
        command.arg("--documents").arg(documents).arg("--coverage");
    }
    command.output().expect("the program runs")
}

/// Checks a package whose sources are no documents that anyone has.
fn check_alone(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yuanpu")).arg("check").arg(folder).output().expect("the program runs")
}

fn built_in() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of our own");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("it is readable").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("it can be copied");
        }
    }
}

/// Returns the files below a folder, in order, each by its path from there.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below)).expect("it is there") {
            let entry = entry.expect("it is readable");
            let path = below.join(entry.file_name());
            if entry.path().is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn the_built_in_package_is_found_good() {
    let output = check(&built_in());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_check_that_returns_rows_is_a_finding_in_the_words_of_its_comment() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    copy(&built_in(), folder.path());
    let text =
        "// a fund is larger than all others\nMATCH (f:Fund) RETURN f.id AS fund ORDER BY f.size_cny DESC LIMIT 1;\n";
    fs::write(folder.path().join("checks/planted.cypher"), text).expect("it can be written");
    let output = check(folder.path());
    let found = String::from_utf8_lossy(&output.stdout);
    assert_eq!(found, "checks/planted.cypher:2:1: a fund is larger than all others: fund fund/xiongan\n");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_row_that_does_not_fit_is_a_finding_at_its_place() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    copy(&built_in(), folder.path());
    let text = "subject,predicate,value,source,locator\nfund/xiongan,size_cny,much,s002,L187\n";
    fs::write(folder.path().join("statements/planted.csv"), text).expect("it can be written");
    let output = check(folder.path());
    let found = String::from_utf8_lossy(&output.stdout);
    assert_eq!(found, "statements/planted.csv:2:23: `much` is not an integer\n");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn an_exported_package_is_good_and_exports_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let (first, again) = (folder.path().join("first"), folder.path().join("again"));
    let database = folder.path().join("first.yuanpu");
    let run = |arguments: &[&str], path: &Path, from: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
        command.args(arguments).arg(path);
        from.into_iter().for_each(|from| {
            command.arg("--database").arg(from);
        });
        command.output().expect("the program runs")
    };
    let export = |into: &Path, from: Option<&Path>| run(&["export", "package", "-o"], into, from).status.code();
    assert_eq!(export(&first, None), Some(0));
    assert_eq!(export(&first, None), Some(2), "a folder that is not empty is left alone");
    assert_eq!(run(&["import"], &first, Some(&database)).status.code(), Some(0));
    assert_eq!(export(&again, Some(&database)), Some(0));
    let written = files_below(&first);
    assert!(written.iter().any(|path| path.ends_with("statements/s002.csv")), "{written:?}");
    assert_eq!(written, files_below(&again));
    for path in written {
        let read = |folder: &Path| fs::read(folder.join(&path)).expect("it was written");
        assert!(read(&first) == read(&again), "{}", path.display());
    }
    // The same graph, by what it says as triples.
    let triples = |from: Option<&Path>, name: &str| {
        let path = folder.path().join(name);
        assert_eq!(run(&["export", "ntriples", "-o"], &path, from).status.code(), Some(0));
        fs::read(path).expect("it was written")
    };
    assert!(triples(None, "first.nt") == triples(Some(&database), "again.nt"), "the graphs differ");
    let found = check(&first);
    assert_eq!(
        String::from_utf8_lossy(&found.stdout).lines().filter(|line| !line.contains("no claim states")).count(),
        0
    );
}

#[test]
fn an_export_names_the_indexes_that_a_package_cannot_hold() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let (database, first) = (folder.path().join("small.yuanpu"), folder.path().join("first"));
    let run = |arguments: &[&str], path: &Path| {
        Command::new(env!("CARGO_BIN_EXE_yuanpu")).args(arguments).arg(path).output().expect("the program runs")
    };
    assert_eq!(run(&["export", "package", "-o"], &first).stderr, b"", "the built-in graph has keys alone");
    let imported = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .arg("import")
        .arg(&first)
        .arg("--database")
        .arg(&database)
        .output()
        .expect("the program runs");
    assert!(imported.status.success());
    for statement in [
        "CREATE INDEX park_area FOR (p:Park) ON (p.name, p.id)",
        "CREATE CONSTRAINT park_name FOR (p:Park) REQUIRE p.id IS NOT NULL",
    ] {
        assert!(run(&["query", statement, "--database"], &database).status.success(), "{statement}");
    }
    let again = folder.path().join("again");
    let exported = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .args(["export", "package", "--database"])
        .arg(&database)
        .arg("-o")
        .arg(&again)
        .output()
        .expect("the program runs");
    assert!(exported.status.success());
    let expected = "warning: a package has no place for indexes and constraints but the labels' keys: `park_area`, `park_name` left out\n";
    assert_eq!(String::from_utf8_lossy(&exported.stderr), expected);
    assert_eq!(files_below(&again), files_below(&first));
}

#[test]
fn a_number_may_be_written_as_it_is_printed() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let package = folder.path().join("small");
    fs::create_dir_all(package.join("statements")).expect("a folder of our own");
    fs::create_dir_all(package.join("entities")).expect("a folder of our own");
    let manifest = "[graph]\nname = \"small\"\nkey = \"id\"\n[source]\nlabel = \"Source\"\nid = \"id\"\ntitle = \"title\"\ndate = \"published\"\n\
                    kind = \"kind\"\n[units.yuan]\nzh = \"元\"\n[units.square_metre]\nzh = \"平方米\"\n[labels.Fund]\n[labels.Source]\n[properties.id]\ntype = \"string\"\n\
                    [properties.title]\ntype = \"string\"\n[properties.published]\ntype = \"date\"\n[properties.kind]\ntype = \"string\"\n\
                    [properties.size]\ntype = \"integer\"\nunit = \"yuan\"\n[properties.area]\ntype = \"float\"\n";
    let statements = "subject,predicate,value,object,key,unit,comparator,as_printed,source,attributed_to,locator,as_of,rank,note\n\
                      f1,size,约10亿元,,,,,,s1,,L1,,,\nf2,size,最高100万元,,,,,最高补贴100万元,s1,,L2,,,\nf3,area,超过3.2万平方米,,,,,,s1,,L3,,,\n";
    fs::write(package.join("graph.toml"), manifest).expect("it can be written");
    fs::write(package.join("sources.csv"), "id,title,published,kind\ns1,a report,2019-05,report\n")
        .expect("it can be written");
    fs::write(package.join("entities/funds.csv"), "id,labels\nf1,Fund\nf2,Fund\nf3,Fund\n").expect("it can be written");
    fs::write(package.join("statements/s1.csv"), statements).expect("it can be written");
    let found = check_alone(&package);
    assert_eq!(String::from_utf8_lossy(&found.stdout), "", "{}", String::from_utf8_lossy(&found.stderr));
    let database = folder.path().join("small.yuanpu");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
        let output = command.args(arguments).arg("-d").arg(&database).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run(&["import", package.to_str().expect("a path of ours")]);
    let query = "MATCH (f:Fund) CALL claims.of(f) YIELD property, value, unit, comparator, asPrinted WITH * WHERE property <> 'id' AND value IS NOT NULL \
                 RETURN f.id AS id, value, unit, comparator, asPrinted ORDER BY id";
    let rows = run(&["query", query, "--format", "csv"]);
    assert_eq!(
        rows,
        "id,value,unit,comparator,asPrinted\nf1,1000000000,,about,约10亿元\nf2,1000000,,at_most,最高补贴100万元\nf3,32000.0,square_metre,more_than,超过3.2万平方米\n"
    );
    let wrong = statements.replace("约10亿元", "约10亿美元");
    fs::write(package.join("statements/s1.csv"), wrong).expect("it can be written");
    assert_eq!(
        String::from_utf8_lossy(&check_alone(&package).stdout),
        "statements/s1.csv:2:9: `约10亿美元` is not an integer\n"
    );
}
