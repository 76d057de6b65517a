//! What the pages say of the built-in graph is made from it: the counts in `data/README.md`, and the picture and the tables of `docs/data.md`.
//! `UPDATE=1 cargo test --test data` writes them anew; read the difference before it is committed.
//!
//! A made part of a page stands between `<!-- made: NAME -->` and `<!-- end: NAME -->`; all else on the page is written by hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use toml::{Table, Value};
use yuanpu::{Connection, Database, ResultValue};

/// How many characters of a text an example shows.
const SHOWN: usize = 36;

#[test]
fn the_counts_of_the_readme_are_those_of_the_graph() {
    let mut connection = connection();
    hold("data/README.md", &[("counts", counts(&mut connection))]);
}

#[test]
fn the_page_of_the_graph_shows_all_its_words() {
    let mut connection = connection();
    let words = words();
    let parts = [
        ("picture", picture()),
        ("labels", labels(&mut connection, table(&words, "labels"))),
        ("types", types(&mut connection, table(&words, "types"))),
        ("properties", properties(&mut connection, &words)),
    ];
    hold("docs/data.md", &parts);
}

#[test]
fn every_word_has_a_chinese_and_an_english_name_and_a_term_of_its_own() {
    let words = words();
    let mut wanting = Vec::new();
    for kind in ["labels", "types", "properties"] {
        for (name, declared) in table(&words, kind) {
            let missing = ["zh", "en", "iri"].into_iter().filter(|key| text(declared, key).is_empty());
            wanting.extend(missing.map(|key| format!("{kind}.{name} has no `{key}`")));
        }
    }
    assert_eq!(wanting, Vec::<String>::new());
}

/// Whatever form of its name is typed, as printed in any document, the thing is among those that bear just this name.
#[test]
fn every_form_of_a_name_finds_its_thing() {
    let lost = "MATCH (n:Park|Place|Organization|Person|Policy|Fund|Project) \
         UNWIND [n.name] + coalesce(n.aliases, []) + coalesce(n.nicknames, []) + coalesce(n.misprints, []) \
         + coalesce(n.aliases_en, []) AS form \
         CALL search.names(form, {labels: labels(n), limit: 40}) YIELD node, how \
         WITH n, form, collect(CASE how WHEN 'equal' THEN node END) AS found \
         WHERE NOT n IN found \
         RETURN n.id, form";
    assert_eq!(rows(&mut connection(), lost), Vec::<Vec<String>>::new());
}

/// Of what people type the first answer is what the documents mean by it.
#[test]
fn what_people_type_finds_what_the_documents_mean() {
    let typed = [
        ("沙河园", "park/ganzhou", "misprints"),
        ("黃埔鏈谷", "park/guangzhou-egu", "aliases"),
        ("链十条", "policy/huangpu-2017", "nicknames"),
        ("xxg", "park/hangzhou-xixigu", "aliases"),
        ("謝緯", "person/xie-wei", "name"),
        ("APBC", "park/apbc", "aliases"),
        ("苏九条", "policy/suzhou-2017", "nicknames"),
        ("3+1+N", "project/shibei-3-1-n", "aliases"),
        ("太一科技", "org/taiyiyun", "aliases"),
        ("内幕潜力", "policy/information-consumption", "misprints"),
        ("杭州西湖区（雄岸）", "policy/hangzhou-china-2018", "nicknames"),
        ("Ganzhou", "city/ganzhou", "name_en"),
        ("雄岸基金", "fund/xiongan", "nicknames"),
        ("链湾", "park/qingdao-lianwan", "aliases"),
        ("Su Nine Articles", "policy/suzhou-2017", "aliases_en"),
        ("NDRC", "org/ndrc", "aliases_en"),
    ];
    let mut connection = connection();
    for (text, id, property) in typed {
        let query = format!("CALL search.names('{text}', {{limit: 1}}) YIELD node, property RETURN node.id, property");
        assert_eq!(rows(&mut connection, &query), [[id, property]], "{text}");
    }
}

fn connection() -> Connection {
    Database::builtin().expect("the built-in graph opens").connect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn words() -> Table {
    let text = fs::read_to_string(root().join("data/graph.toml")).expect("the manifest is readable");
    text.parse().expect("the manifest is TOML")
}

fn table<'w>(words: &'w Table, kind: &str) -> &'w Table {
    words[kind].as_table().expect("the manifest has this table")
}

fn text<'w>(declared: &'w Value, key: &str) -> &'w str {
    declared.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list(declared: &Value, key: &str) -> String {
    let items = declared.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// Holds the made parts of a page against what they should be, or writes them.
fn hold(page: &str, parts: &[(&str, String)]) {
    let path = root().join(page);
    let old = fs::read_to_string(&path).expect("the page is there");
    let fresh = parts.iter().fold(old.clone(), |page, (name, made)| with_part(&page, name, made));
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, fresh).expect("the page can be written");
        return;
    }
    let differing = old.lines().zip(fresh.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(fresh == old, "{page} is out of date, first here: {differing:#?}; `UPDATE=1` writes it anew");
}

fn with_part(page: &str, name: &str, made: &str) -> String {
    let (begin, end) = (format!("<!-- made: {name} -->\n"), format!("<!-- end: {name} -->"));
    let (before, rest) = page.split_once(&begin).expect("the page says where the part begins");
    let (_, behind) = rest.split_once(&end).expect("the page says where the part ends");
    format!("{before}{begin}{made}{end}{behind}")
}

/// The rows of an answer, each value as text for a cell.
fn rows(connection: &mut Connection, query: &str) -> Vec<Vec<String>> {
    let answer = connection.run(query, ()).unwrap_or_else(|error| panic!("{query}\n{error}"));
    assert!(answer.warnings.is_empty(), "{query} names what is there");
    answer.rows.iter().map(|row| row.iter().map(shown).collect()).collect()
}

fn one(connection: &mut Connection, query: &str) -> String {
    let rows = rows(connection, query);
    rows.into_iter().next().and_then(|row| row.into_iter().next()).unwrap_or_default()
}

fn shown(value: &ResultValue) -> String {
    let text = match value {
        ResultValue::Null => String::new(),
        ResultValue::String(text) => text.to_string(),
        ResultValue::Float(float) => format!("{float:?}"),
        ResultValue::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        ResultValue::Boolean(truth) => truth.to_string(),
        ResultValue::Integer(integer) => integer.to_string(),
        ResultValue::Date(date) => date.to_string(),
        ResultValue::PartialDate(date) => date.to_string(),
        other => panic!("no property holds {other:?}"),
    };
    let mut short: String = text.replace('|', "\\|").chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        short.push('…');
    }
    short
}

/// Writes a table with this head.
fn written(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        writeln!(text, "| {} |", row.join(" | ")).expect("text grows");
    }
    text
}

fn counts(connection: &mut Connection) -> String {
    let totals = [
        ("nodes", "MATCH (n) RETURN count(*)"),
        ("relationships", "MATCH ()-[r]->() RETURN count(*)"),
        ("claims", "CALL claims.sources() YIELD claims RETURN sum(claims)"),
        ("disputed facts", "CALL claims.conflicts() YIELD property RETURN count(*)"),
    ];
    let totals: Vec<Vec<String>> =
        totals.into_iter().map(|(what, query)| vec![what.to_owned(), one(connection, query)]).collect();
    let sources = rows(
        connection,
        "CALL claims.sources() YIELD source, id, title, kind, claims WHERE claims > 0 \
         RETURN id, kind, claims, title ORDER BY id",
    );
    let disputed = rows(
        connection,
        "CALL claims.conflicts() YIELD property, tie \
         RETURN property, count(*), sum(CASE WHEN tie THEN 1 ELSE 0 END) ORDER BY property",
    );
    let labels = rows(connection, "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) ORDER BY label");
    [
        written(&["in all", "number"], &totals),
        written(&["source", "kind", "claims", "title"], &sources),
        written(&["disputed property", "facts", "of them ties"], &disputed),
        written(&["label", "nodes"], &labels),
    ]
    .join("\n")
}

/// The schema as the program draws it.
fn picture() -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    let output = command.args(["export", "mermaid"]).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    format!("```mermaid\n{}```\n", String::from_utf8(output.stdout).expect("a picture is text"))
}

fn labels(connection: &mut Connection, words: &Table) -> String {
    let row = |(label, declared): (&String, &Value)| {
        let count = one(connection, &format!("MATCH (n:{label}) RETURN count(*)"));
        let example = one(connection, &format!("MATCH (n:{label}) RETURN n.name ORDER BY n.id LIMIT 1"));
        let zh = text(declared, "zh").to_owned();
        vec![format!("`{label}`"), zh, list(declared, "aliases"), text(declared, "en").to_owned(), count, example]
    };
    written(&["label", "中文", "also", "English", "nodes", "example"], &words.iter().map(row).collect::<Vec<_>>())
}

fn types(connection: &mut Connection, words: &Table) -> String {
    let row = |(kind, declared): (&String, &Value)| {
        let count = one(connection, &format!("MATCH ()-[r:{kind}]->() RETURN count(*)"));
        let pattern = format!("MATCH (a)-[r:{kind}]->(b)");
        let example = format!("{pattern} RETURN a.name + ' → ' + b.name ORDER BY a.id, b.id LIMIT 1");
        let example = if count == "0" { String::new() } else { one(connection, &example) };
        let name = match list(declared, "properties") {
            properties if properties.is_empty() => format!("`{kind}`"),
            properties => format!("`{kind}` ({properties})"),
        };
        let ends = format!("{} → {}", list(declared, "from"), list(declared, "to"));
        let zh = [text(declared, "zh").to_owned(), list(declared, "aliases")];
        let zh = zh.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
        vec![name, zh, ends, count, example]
    };
    written(
        &["type (its properties)", "中文", "from → to", "number", "example"],
        &words.iter().map(row).collect::<Vec<_>>(),
    )
}

fn properties(connection: &mut Connection, words: &Table) -> String {
    let row = |(key, declared): (&String, &Value)| {
        let of_nodes = format!("MATCH (n) WHERE n.`{key}` IS NOT NULL");
        let of_steps = format!("MATCH (a)-[r]->(b) WHERE r.`{key}` IS NOT NULL");
        let nodes = one(connection, &format!("{of_nodes} RETURN count(*)"));
        let steps = one(connection, &format!("{of_steps} RETURN count(*)"));
        let query = match nodes.as_str() {
            "0" => format!("{of_steps} RETURN type(r), r.`{key}` ORDER BY a.id, b.id LIMIT 1"),
            _ => format!("{of_nodes} RETURN n.id, n.`{key}` ORDER BY n.id LIMIT 1"),
        };
        let example = rows(connection, &query).into_iter().next().map(|row| format!("`{}`: {}", row[0], row[1]));
        let kind = text(declared, "type");
        let kind = if list_valued(declared) { format!("{kind}, many") } else { kind.to_owned() };
        let zh = [text(declared, "zh").to_owned(), list(declared, "aliases")];
        let zh = zh.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
        let unit = text(declared, "unit").to_owned();
        vec![format!("`{key}`"), zh, kind, unit, nodes, steps, example.unwrap_or_default()]
    };
    let head = ["property", "中文", "type", "unit", "nodes", "relationships", "example"];
    written(&head, &table(words, "properties").iter().map(row).collect::<Vec<_>>())
}

fn list_valued(declared: &Value) -> bool {
    declared.get("many").and_then(Value::as_bool).unwrap_or_default()
}
