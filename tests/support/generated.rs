//! The laws of support over generated queries on generated graphs, whose facts are partly claimed, partly not.

use std::collections::BTreeMap;

use super::asked::{Claims, ask, check_that_cited_claims_carry, check_that_nothing_else_carries, elements, only};
use crate::graph::{Snapshot, Transaction};
use crate::knowledge::{Claim, Rank, Schema, SourceDeclaration, Statement, Subject};
use crate::oracle::{Blueprint, Chance, Generator, TEXTS, plain, setting, with_room};
use crate::value::{NodeId, Value};

/// How many queries a plain test run draws.
const USUAL_QUERIES: u64 = 150;
/// How many queries share a graph.
const QUERIES_A_GRAPH: u64 = 6;
/// Of how many rows of a query the support is found again.
const ROWS: usize = 3;

/// Gives most facts of a graph claims of two or three sources; some of them state something else and do not win.
pub fn claimed(snapshot: Snapshot, chance: &mut Chance) -> Snapshot {
    let mut graph = Transaction::begin(snapshot.clone());
    let text = |text: &str| text.to_owned();
    let source = SourceDeclaration { label: text("Source"), id: text("id"), ..SourceDeclaration::default() };
    graph.declare_schema(Schema { source: Some(source), ..Schema::default() }).expect("it can be declared");
    let (label, key) = (graph.label("Source").expect("a name"), graph.property_key("id").expect("a name"));
    let sources: Vec<NodeId> = ["s1", "s2", "s3"]
        .into_iter()
        .map(|id| {
            let node = graph.create_node(&[label]).expect("there is room");
            graph.set_node_property(node, key, Value::string(id)).expect("it can be stored");
            node
        })
        .collect();
    for subject in elements(&snapshot) {
        if chance.percent(15) {
            continue;
        }
        if chance.percent(60) {
            let claim = Claim::new(subject, Statement::Existence { labels: Vec::new() }, *chance.one(&sources));
            graph.add_claim(claim).expect("it can be claimed");
        }
        let properties = match subject {
            Subject::Node(node) => snapshot.node_properties(node),
            Subject::Relationship(relationship) => snapshot.relationship_properties(relationship),
        };
        for (key, value) in properties {
            if chance.percent(20) {
                continue;
            }
            let name = snapshot.catalogue().property_key_name(key).clone();
            let mut add = |value: &Value, rank: Rank, source: NodeId| {
                let statement = Statement::Property { key: name.clone(), value: value.clone() };
                let mut claim = Claim::new(subject, statement, source);
                claim.details.rank = rank;
                graph.add_claim(claim).expect("it can be claimed");
            };
            add(&value, Rank::Preferred, *chance.one(&sources));
            if chance.percent(40) {
                add(&value, Rank::Normal, *chance.one(&sources));
            }
            if chance.percent(40) {
                add(&Value::string(chance.one(&TEXTS)), Rank::Normal, *chance.one(&sources));
            }
        }
    }
    graph.commit().expect("nothing is left hanging").0
}

/// Says why the third law is not asked of a query: something in it can be taken away by facts that are not cited.
fn exempt(text: &str) -> Option<&'static str> {
    let has = |word: &str| text.contains(word);
    if has("SKIP") || has("LIMIT") || has("OFFSET") {
        return Some("a place in order");
    }
    if has("NOT ") && (has("EXISTS") || has("COUNT {") || has("(n")) {
        return Some("negation");
    }
    None
}

#[test]
fn generated_rows_are_cited_for_what_they_rest_on() {
    with_room(|| {
        let (first, queries) = (setting("YUANPU_SUPPORT_SEED", 1), setting("YUANPU_SUPPORT_QUERIES", USUAL_QUERIES));
        let mut graph: Option<(Snapshot, Snapshot)> = None;
        let mut wrong = Vec::new();
        let mut met: BTreeMap<&str, u64> = BTreeMap::new();
        for seed in first..first + queries {
            if graph.is_none() || seed % QUERIES_A_GRAPH == 0 {
                let mut chance = Chance::new(seed ^ 0x51_0000);
                let snapshot = claimed(Blueprint::draw(&mut chance).build().snapshot, &mut chance);
                let bare = only(&snapshot, &Claims::new());
                graph = Some((snapshot, bare));
            }
            let (snapshot, bare) = graph.as_ref().expect("it was just drawn");
            let text = plain(&Generator::new(&mut Chance::new(seed ^ 0xC17E)).reading_query(None));
            let Ok(rows) = ask(snapshot, &text) else {
                *met.entry("refused").or_default() += 1;
                continue;
            };
            let exempt = exempt(&text);
            // Rows whose key is missing are one group, and what loses its key joins it.
            let groups = ["count(", "sum(", "avg(", "min(", "max(", "collect("].iter().any(|word| text.contains(word));
            *met.entry(exempt.unwrap_or("checked whole")).or_default() += 1;
            let without_claims = ask(bare, &text).unwrap_or_default();
            for row in rows.iter().take(ROWS) {
                let told = |why: String| format!("seed {seed}: {text}\n  {}: {why}", row.text);
                let stays = without_claims.iter().any(|other| other.text == row.text);
                if row.claims.is_empty() && !stays && exempt.is_none() {
                    wrong.push(told("nothing is cited".to_owned()));
                }
                if let Err(why) = check_that_cited_claims_carry(snapshot, &text, &rows, row) {
                    wrong.push(told(why));
                }
                *met.entry("rows").or_default() += 1;
                if exempt.is_none()
                    && !(groups && row.text.contains("Null"))
                    && let Err(why) = check_that_nothing_else_carries(snapshot, &text, row)
                {
                    wrong.push(told(why));
                }
            }
        }
        println!("{met:?}");
        assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
        assert!(queries < USUAL_QUERIES || met["rows"] > queries / 2, "too few queries give rows: {met:?}");
    });
}
