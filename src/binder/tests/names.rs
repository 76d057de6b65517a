//! Names of the graph: aliases become canonical, unknown ones earn a warning with the nearest.

use smol_str::SmolStr;

use crate::binder::{Binder, Environment, KnownNames, NameKind};
use crate::diagnostic::Diagnostic;
use crate::procedure::Signature;
use crate::syntax::parse_statement;

/// A graph with a few names.
struct Known;

impl KnownNames for Known {
    fn resolve_alias(&self, kind: NameKind, name: &str) -> Option<SmolStr> {
        match (kind, name) {
            (NameKind::Label, "人物") => Some("Person".into()),
            (NameKind::RelationshipType, "住在") => Some("LIVES_IN".into()),
            (NameKind::PropertyKey, "名称") => Some("name".into()),
            _ => None,
        }
    }

    fn knows(&self, kind: NameKind, name: &str) -> bool {
        self.all(kind).iter().any(|known| known == name)
    }

    fn all(&self, kind: NameKind) -> Vec<SmolStr> {
        match kind {
            NameKind::Label => vec!["Person".into(), "City".into()],
            NameKind::RelationshipType => vec!["LIVES_IN".into()],
            NameKind::PropertyKey => vec!["name".into(), "founded".into()],
        }
    }
}

fn bind(text: &str) -> (String, Vec<Diagnostic>) {
    let statement = parse_statement(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let procedures: Vec<Signature> = Vec::new();
    let environment = Environment { names: &Known, procedures: &procedures, parameters: None };
    let binding = Binder::bind(&statement, text, &environment).unwrap_or_else(|error| panic!("{text}: {error}"));
    (crate::binder::print::print(&binding.query), binding.warnings)
}

fn warnings(text: &str) -> Vec<String> {
    let written = |warning: Diagnostic| {
        let hints: String = warning.hints.iter().map(|hint| format!("; {hint}")).collect();
        format!("{}: {}{hints}", warning.detail, warning.message)
    };
    bind(text).1.into_iter().map(written).collect()
}

#[test]
fn aliases_become_canonical() {
    let text =
        "MATCH (p:人物 {名称: 'a'})-[:住在]->(c) WHERE p.名称 = 'b' SET c.名称 = 'c' RETURN p {.名称}, {名称: 1}.名称";
    let expected = "\
match (0:Person) (1) (0)-[2:LIVES_IN]->(1) where Equal(0.name, String(\"a\")), Equal(0.name, String(\"b\"))
set [1.name = String(\"c\")]
";
    let (shown, warned) = bind(text);
    assert!(shown.starts_with(expected), "{shown}");
    // A key of a map is what it is written as; a key of a projected map too, read from the canonical property.
    assert!(shown.contains("Pair(\"名称\", Property(Slot(Slot(0)), \"name\"))"), "{shown}");
    assert!(shown.contains("{名称: Integer(1)}.名称"), "{shown}");
    assert!(warned.is_empty(), "{warned:?}");
}

#[test]
fn unknown_names_earn_one_warning_each() {
    assert_eq!(
        warnings("MATCH (p:Persom)-[:LIVS_IN]->(:Persom) WHERE p.nane = 1 AND p.nane < 2 AND p:Quite RETURN p.name"),
        [
            "UnknownLabel: no node has label `Persom`; did you mean `Person`?",
            "UnknownType: no relationship has type `LIVS_IN`; did you mean `LIVES_IN`?",
            "UnknownProperty: nothing has a property `nane`; did you mean `name`?",
            "UnknownLabel: no node has label `Quite`; `SHOW LABELS` lists what there is",
        ]
    );
}

#[test]
fn what_the_statement_writes_is_known() {
    assert!(
        warnings("CREATE (n:New {k: 1})-[:NEW]->() WITH 1 AS one MATCH (m:New {k: 1})-[:NEW]->() RETURN m.k")
            .is_empty()
    );
    assert!(warnings("MERGE (n:New {k: 1}) RETURN n.k").is_empty());
    assert!(warnings("MATCH (n) SET n += $map RETURN n.k").is_empty());
    assert!(warnings("WITH {k: 1} AS map RETURN map.k").is_empty());
}
