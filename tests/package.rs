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

/// Runs the program with a database and returns what it printed; all of it must go well.
fn done(arguments: &[&str], database: &Path) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    let output = program.args(arguments).arg("--database").arg(database).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Exports a database as a package, imports that, exports again, and asserts that files, indexes and constraints are the same; returns
/// the folder of the package and the second database.
fn there_and_back(folder: &Path, database: &Path) -> (PathBuf, PathBuf) {
    let (first, again, second) = (folder.join("first"), folder.join("again"), folder.join("second.yuanpu"));
    let name = |path: &Path| path.to_str().expect("a path of ours").to_owned();
    done(&["export", "package", "-o", &name(&first)], database);
    done(&["import", &name(&first)], &second);
    done(&["export", "package", "-o", &name(&again)], &second);
    assert_eq!(files_below(&first), files_below(&again));
    for path in files_below(&first) {
        let read = |folder: &Path| fs::read_to_string(folder.join(&path)).expect("it was written");
        assert_eq!(read(&first), read(&again), "{}", path.display());
    }
    for shown in
        ["SHOW INDEXES", "SHOW CONSTRAINTS", "SHOW GRAPH TYPES", "SHOW SETTINGS WHERE name STARTS WITH 'graph'"]
    {
        let rows = |database: &Path| {
            let mut rows: Vec<String> =
                done(&["query", shown, "--format", "csv"], database).lines().map(str::to_owned).collect();
            rows.sort();
            rows
        };
        assert_eq!(rows(database), rows(&second), "{shown}");
    }
    let found = check_alone(&first);
    assert_eq!(String::from_utf8_lossy(&found.stdout), "", "{}", String::from_utf8_lossy(&found.stderr));
    (first, second)
}

/// A small package without sources, imported into a database.
fn small_cities(folder: &Path) -> PathBuf {
    let (package, database) = (folder.join("cities"), folder.join("cities.yuanpu"));
    fs::create_dir_all(&package).expect("a folder of our own");
    let manifest = "[graph]\nname = \"cities\"\nkey = \"id\"\n[labels.City]\n[labels.Tag]\n[types.ROAD_TO]\nproperties = [\"since\"]\n[properties.id]\n\
                    type = \"string\"\n[properties.name]\ntype = \"string\"\n[properties.size]\ntype = \"integer\"\n[properties.since]\ntype = \"integer\"\n";
    let statements = "subject,predicate,value,object\na,name,Suzhou,\na,size,12,\nb,name,Wuxi,\nb,size,7,\na,ROAD_TO,,b\na,ROAD_TO.since,1908,b\n";
    fs::write(package.join("graph.toml"), manifest).expect("it can be written");
    fs::write(package.join("entities.csv"), "id,labels\na,City\nb,City\nt,Tag\n").expect("it can be written");
    fs::write(package.join("statements.csv"), statements).expect("it can be written");
    done(&["import", package.to_str().expect("a path of ours")], &database);
    database
}

/// A bar in a label was read as the border between two.
#[test]
fn labels_with_bars_come_back() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let database = small_cities(folder.path());
    done(&["query", "MATCH (c {id: 'a'}) SET c:`A|B`:`C\\\\D`"], &database);
    done(&["query", "CREATE (:`Doc|1` {id: 'd', name: 'one'})"], &database);
    let (_, second) = there_and_back(folder.path(), &database);
    let labels = "MATCH (n) UNWIND labels(n) AS label RETURN n.id AS id, label ORDER BY id, label";
    let rows = |database: &Path| done(&["query", labels, "--format", "csv"], database);
    assert_eq!(rows(&second), rows(&database));
    assert!(rows(&second).contains("A|B") && rows(&second).contains("Doc|1"), "{}", rows(&second));
}

#[test]
fn an_export_carries_indexes_and_constraints_of_every_kind() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let database = small_cities(folder.path());
    for statement in [
        "CREATE INDEX by_name FOR (c:City) ON (c.name)",
        "CREATE INDEX `by, two` FOR (c:City) ON (c.name, c.size)",
        "CREATE INDEX unused FOR (v:Village) ON (v.`odd|name`)",
        "CREATE TEXT INDEX words FOR (c:City) ON (c.name)",
        "CREATE INDEX roads FOR ()-[r:ROAD_TO]-() ON (r.since)",
        "CREATE CONSTRAINT one_name FOR (c:City) REQUIRE c.name IS UNIQUE",
        "CREATE CONSTRAINT one_pair FOR (c:City) REQUIRE (c.size, c.name) IS UNIQUE",
        "CREATE CONSTRAINT has_size FOR (c:City) REQUIRE c.size IS NOT NULL",
        "CREATE CONSTRAINT tag_key FOR (t:Tag) REQUIRE t.id IS NODE KEY",
        "CREATE CONSTRAINT own_key FOR (t:Tag) REQUIRE (t.id, t.name) IS UNIQUE",
        "CREATE CONSTRAINT road_key FOR ()-[r:ROAD_TO]-() REQUIRE r.since IS RELATIONSHIP KEY",
        "CREATE CONSTRAINT number FOR (c:City) REQUIRE c.size IS :: INTEGER | FLOAT",
        "CREATE CONSTRAINT texts FOR (t:Tag) REQUIRE t.name IS :: STRING | LIST<STRING NOT NULL>",
        "CREATE CONSTRAINT year FOR ()-[r:ROAD_TO]-() REQUIRE r.since IS :: INTEGER NOT NULL",
    ] {
        done(&["query", statement], &database);
    }
    let (package, _) = there_and_back(folder.path(), &database);
    let text = fs::read_to_string(package.join("indexes.csv")).expect("it was written");
    let expected = "name,kind,entity,label,properties,type\nVillage_id_key,none,node,Village,id,\n\"by, two\",range,node,City,name|size,\nby_name,range,node,City,name,\n\
                    has_size,not null,node,City,size,\nnumber,type,node,City,size,INTEGER | FLOAT\none_name,unique,node,City,name,\n\
                    one_pair,unique,node,City,size|name,\nown_key,unique,node,Tag,id|name,\nroad_key,key,relationship,ROAD_TO,since,\n\
                    roads,range,relationship,ROAD_TO,since,\ntag_key,key,node,Tag,id,\ntexts,type,node,Tag,name,STRING | LIST<STRING NOT NULL>\n\
                    unused,range,node,Village,odd\\|name,\nwords,text,node,City,name,\nyear,type,relationship,ROAD_TO,since,INTEGER NOT NULL\n";
    assert_eq!(text, expected);
    // What a constraint refuses keeps the package out, and is a finding.
    let more = "name,kind,entity,label,properties\none_size,unique,node,City,size\nroad_name,not null,relationship,ROAD_TO,name\n";
    fs::write(package.join("indexes.csv"), more).expect("it can be written");
    let found = check_alone(&package);
    let words = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(words.starts_with("indexes.csv:3: ") && words.contains("`road_name`"), "{words}");
    assert_eq!(found.status.code(), Some(3));
    let third = folder.path().join("third.yuanpu");
    let refused = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .arg("import")
        .arg(&package)
        .arg("--database")
        .arg(&third)
        .output()
        .expect("the program runs");
    assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(!third.exists(), "a file made for nothing is taken away");
}

#[test]
fn an_export_carries_graph_types_and_closed_graphs() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let database = small_cities(folder.path());
    for statement in [
        "CREATE GRAPH TYPE family AS {(:Person {name :: STRING NOT NULL, born INTEGER}), (:Person)-[:CHILD_OF {since :: DATE}]->(:Person)}",
        "ALTER GRAPH SET TYPE {(:City {name :: STRING NOT NULL, size :: INTEGER}), (:Tag), \
         (:City)-[:ROAD_TO {since :: INTEGER}]->(:City)}",
        "CREATE INDEX by_name FOR (c:City) ON (c.name)",
    ] {
        done(&["query", statement], &database);
    }
    let (_, second) = there_and_back(folder.path(), &database);
    // A label that may have no properties has none in the second either.
    for database in [&database, &second] {
        let refused = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
            .args(["query", "CREATE (:Tag {id: 'u', name: 'blue'})", "--database"])
            .arg(database)
            .output()
            .expect("the program runs");
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(words.contains("does not know the property `name` of `:Tag`"), "{words}");
    }
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
