//! SPARQL over the built-in graph: each query beside the Cypher query that asks the same, and the program's formats.

use std::collections::BTreeSet;

use yuanpu::{Database, RdfTerm, ResultValue, SparqlAnswer, WrittenLens};

fn text_of(term: Option<&RdfTerm>) -> String {
    match term {
        None => "null".to_owned(),
        Some(RdfTerm::Literal(literal)) => literal.text.to_string(),
        Some(RdfTerm::Iri(iri)) => iri.strip_prefix("https://example.org/yuanpu/id/").unwrap_or(iri).to_owned(),
        Some(other) => other.to_string(),
    }
}

fn sparql(text: &str) -> BTreeSet<Vec<String>> {
    sparql_under(text, WrittenLens::default())
}

fn sparql_under(text: &str, lens: WrittenLens<'_>) -> BTreeSet<Vec<String>> {
    let mut connection = Database::builtin().expect("the built-in graph").connect();
    match connection.sparql_under(text, lens) {
        Ok(SparqlAnswer::Solutions { rows, .. }) => {
            let count = rows.len();
            let found: BTreeSet<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|term| text_of(term.as_ref())).collect()).collect();
            assert_eq!(found.len(), count, "a row came twice: {text}");
            found
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn cypher(text: &str) -> BTreeSet<Vec<String>> {
    let mut connection = Database::builtin().expect("the built-in graph").connect();
    let answer = connection.run(text, ()).expect("an answer");
    let written = |value: &ResultValue| match value {
        ResultValue::String(text) => text.to_string(),
        ResultValue::Integer(number) => number.to_string(),
        ResultValue::Null => "null".to_owned(),
        other => format!("{other:?}"),
    };
    answer.rows.iter().map(|row| row.iter().map(written).collect()).collect()
}

#[test]
fn both_languages_answer_the_same() {
    let pairs = [
        ("SELECT ?p ?name { ?p a yp:Park ; yp:name ?name }", "MATCH (p:Park) RETURN p.id, p.name"),
        (
            "SELECT ?p { ?p a yp:Park ; yp:locatedIn/yp:partOf* <province/zhejiang> } GROUP BY ?p",
            "MATCH (p:Park)-[:LOCATED_IN]->()-[:PART_OF*0..]->({id: 'province/zhejiang'}) RETURN DISTINCT p.id",
        ),
        (
            "SELECT ?p ?f { ?p a yp:Park OPTIONAL { ?f yp:backs ?p } }",
            "MATCH (p:Park) OPTIONAL MATCH (f:Fund)-[:BACKS]->(p) RETURN p.id, f.id",
        ),
        (
            "SELECT ?p { ?p a yp:Park FILTER NOT EXISTS { ?f yp:backs ?p } }",
            "MATCH (p:Park) WHERE NOT EXISTS { (:Fund)-[:BACKS]->(p) } RETURN p.id",
        ),
        (
            "SELECT ?f ?size { ?f a yp:Fund ; yp:sizeCny ?size FILTER(?size > 1000000000) }",
            "MATCH (f:Fund) WHERE f.size_cny > 1000000000 RETURN f.id, f.size_cny",
        ),
        (
            "SELECT ?c (COUNT(DISTINCT ?p) AS ?n) { ?p a yp:Park ; yp:locatedIn ?c } GROUP BY ?c",
            "MATCH (p:Park)-[:LOCATED_IN]->(c) RETURN c.id, count(DISTINCT p)",
        ),
        (
            "SELECT ?p ?rank { ?o a qb:Observation ; yp:rank ?rank ; yp:rankedPark ?p }",
            "MATCH (p:Park)-[r:RANKED_IN]->() RETURN p.id, r.rank",
        ),
        (
            "SELECT (COUNT(?claim) AS ?n) { ?claim a yp:Claim }",
            "CALL claims.sources() YIELD claims RETURN sum(claims) AS n",
        ),
    ];
    for (lhs, rhs) in pairs {
        let (lhs_rows, rhs_rows) = (sparql(lhs), cypher(rhs));
        assert!(!rhs_rows.is_empty(), "{rhs}");
        assert_eq!(lhs_rows, rhs_rows, "{lhs}\n{rhs}");
    }
}

/// Runs `yuanpu sparql` as a person does.
fn program(text: &str, options: &[&str]) -> (String, String, Option<i32>) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yuanpu"));
    let output = command.arg("sparql").arg(text).args(options).output().expect("the program runs");
    let text_of = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (text_of(output.stdout), text_of(output.stderr), output.status.code())
}

#[test]
fn formats_are_the_standard_ones() {
    let query = "SELECT ?name { <city/hangzhou> yp:name ?name }";
    assert_eq!(program(query, &["-f", "csv"]).0, "name\r\n杭州市\r\n");
    assert_eq!(program(query, &["-f", "tsv"]).0, "?name\n\"杭州市\"@zh-Hans\n");
    let json: serde_json::Value = serde_json::from_str(&program(query, &[]).0).expect("JSON");
    assert_eq!(json["results"]["bindings"][0]["name"]["xml:lang"], "zh-Hans");
    assert!(program(query, &["-f", "xml"]).0.contains("<binding name=\"name\">"));
    assert_eq!(program("ASK { <city/hangzhou> a yp:City }", &["-f", "table"]).0, "true\n");
    let constructed =
        program("CONSTRUCT { ?c a yp:Found } { ?c a yp:City ; yp:name ?n FILTER(STR(?n) = '杭州市') }", &[]);
    assert!(constructed.0.contains("d:city\\/hangzhou a yp:Found"), "{}", constructed.0);
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_its_status() {
    let (out, error, status) = program("SELECT ?园 { ?园 foo:bar 1 }", &[]);
    assert_eq!((out.as_str(), status), ("", Some(4)));
    assert!(error.contains("the prefix of `foo:bar` is not declared"), "{error}");
    assert_eq!(program("ASK { }", &["-f", "tutle"]).2, Some(2));
    assert!(program("ASK { }", &["-f", "tutle"]).1.contains("did you mean `turtle`?"));
    assert_eq!(program("SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", &[]).2, Some(4));
    assert_eq!(program("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", &["--timeout", "200ms"]).2, Some(1));
}

#[test]
fn a_lens_and_the_graphs_of_sources_are_seen() {
    let count = |text: &str, options: &[&str]| -> i64 {
        let out = program(text, &[&["-f", "csv"], options].concat()).0;
        out.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or_else(|| panic!("{out}"))
    };
    let parks = "SELECT (COUNT(?p) AS ?n) { ?p a yp:Park }";
    let early = count(parks, &["--as-of", "2019-12-31"]);
    assert!(0 < early && early < count(parks, &[]), "{early}");
    assert_eq!(program(parks, &["--as-of", "2019-13"]).2, Some(1));
    let said = count("SELECT (COUNT(*) AS ?n) { GRAPH <s000> { ?s ?p ?o } }", &[]);
    assert!(said > 0 && said < count("SELECT (COUNT(*) AS ?n) { GRAPH <s002> { ?s ?p ?o } }", &[]));
    // The words about the vocabulary lie in the graph with the name of the whole, and not among the facts.
    let words = "rdfs:label ?word . ?term a rdfs:Class";
    assert_eq!(count(&format!("SELECT (COUNT(*) AS ?n) {{ ?term {words} }}"), &[]), 0);
    assert!(count(&format!("SELECT (COUNT(*) AS ?n) {{ GRAPH <> {{ ?term {words} }} }}"), &[]) > 10);
}

#[test]
fn both_languages_see_the_same_through_a_lens() {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let (one, two) = (ids(&["s003"]), ids(&["s001", "s002"]));
    let lens = WrittenLens::default();
    let lenses = [
        (WrittenLens { according_to: &one, ..lens }, "ACCORDING TO s003"),
        (WrittenLens { according_to: &one, only: true, ..lens }, "ACCORDING TO ONLY s003"),
        (WrittenLens { according_to: &two, as_of: Some("2023"), ..lens }, "ACCORDING TO s001, s002 AS OF 2023"),
        (WrittenLens { resolve_by: Some("earliest"), ..lens }, "RESOLVE BY earliest"),
        (WrittenLens { resolve_by: Some("majority"), as_of: Some("2021"), ..lens }, "RESOLVE BY majority AS OF 2021"),
    ];
    let pairs = [
        ("SELECT ?p ?name { ?p a yp:Park ; yp:name ?name }", "MATCH (p:Park) RETURN p.id, p.name"),
        (
            "SELECT ?p ?n { ?p a yp:Park ; yp:companiesCount ?n }",
            "MATCH (p:Park) WHERE p.companies_count IS NOT NULL RETURN p.id, p.companies_count",
        ),
    ];
    for (lens, prefix) in lenses {
        for (in_sparql, in_cypher) in pairs {
            let found = sparql_under(in_sparql, lens);
            assert_eq!(found, cypher(&format!("{prefix} {in_cypher}")), "{prefix}: {in_sparql}");
        }
    }
    let counted = |options: &[&str]| {
        let out = program("SELECT (COUNT(?p) AS ?n) { ?p a yp:Park }", &[&["-f", "csv"], options].concat()).0;
        out.lines().nth(1).and_then(|line| line.trim().parse::<i64>().ok()).unwrap_or_else(|| panic!("{out}"))
    };
    let seen = cypher("ACCORDING TO s003 MATCH (p:Park) RETURN count(p)");
    assert_eq!(seen, BTreeSet::from([vec![counted(&["--according-to", "s003"]).to_string()]]));
    assert!(counted(&["--according-to", "s003"]) < counted(&["--resolve-by", "latest"]));
    let (_, words, status) = program("ASK { }", &["--according-to", "s03"]);
    assert!(status == Some(1) && words.contains("no source has the id `s03`; did you mean `s003`?"), "{words}");
    assert_eq!(program("ASK { }", &["--resolve-by", "newest"]).2, Some(1));
}

/// Runs the examples of docs/rdf.md: a block of SPARQL and the block of text behind it, which is what the program writes.
#[test]
fn the_examples_of_the_page_give_what_it_shows() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rdf.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let mut made = String::new();
    let mut rest = page.as_str();
    let mut examples = 0;
    while let Some(begin) = rest.find("```sparql\n") {
        let (before, after) = rest.split_at(begin + "```sparql\n".len());
        let (query, after) = after.split_once("```\n").expect("a block ends");
        let shown = after.trim_start().strip_prefix("```text\n").expect("a block of text follows");
        let (_, after) = shown.split_once("```\n").expect("a block ends");
        let is_graph = query.contains("CONSTRUCT") || query.contains("DESCRIBE");
        let (out, error, _) = program(query, &["-f", if is_graph { "ntriples" } else { "table" }]);
        assert_eq!(error, "", "{query}");
        made += &format!("{before}{query}```\n\n```text\n{out}```\n");
        (rest, examples) = (after, examples + 1);
    }
    made += rest;
    assert!(examples >= 5, "{examples}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).expect("the page can be written");
    } else {
        assert!(made == page, "docs/rdf.md is not what the program gives; run with UPDATE=1 and read the difference");
    }
}

/// Returns the lines of a query's rows as CSV, without the header.
fn csv(text: &str) -> Vec<String> {
    let (out, error, status) = program(text, &["-f", "csv"]);
    assert_eq!(status, Some(0), "{text}\n{error}");
    out.lines().skip(1).map(|line| line.trim_end().to_owned()).collect()
}

fn holds(text: &str) -> bool {
    let (out, error, status) = program(text, &["-f", "table"]);
    assert_eq!(status, Some(0), "{text}\n{error}");
    out.trim() == "true"
}

#[test]
fn dates_and_years_are_compared() {
    let before = csv("SELECT ?x { ?x yp:launched ?d FILTER(?d < '2018-01-01'^^xsd:date) } ORDER BY ?x");
    assert!(before.iter().any(|line| line.ends_with("park/hangzhou-xixigu")), "{before:?}");
    assert!(holds("ASK { FILTER('2017'^^xsd:gYear < '2018'^^xsd:gYear) }"));
    assert!(holds("ASK { FILTER('2017-12'^^xsd:gYearMonth > '2017-04'^^xsd:gYearMonth) }"));
    assert!(holds("ASK { FILTER(xsd:date('2017-04-28') = '2017-04-28'^^xsd:date) }"));
    assert_eq!(csv("SELECT (YEAR(?d) AS ?y) { <park/hangzhou-xixigu> yp:launched ?d }"), ["2017"]);
}

#[test]
fn a_path_of_no_step_relates_every_term_to_itself() {
    assert!(holds("ASK { <nope> yp:partOf* <nope> }"));
    assert!(!holds("ASK { <nope> yp:partOf* <nope2> }"));
    assert!(!holds("ASK { <nope> yp:partOf+ <nope> }"));
    let base = "https://example.org/yuanpu/id/";
    assert_eq!(csv("SELECT ?x { <nope> yp:partOf? ?x }"), [format!("{base}nope")]);
    assert_eq!(csv("SELECT ?x { ?x ^yp:partOf* <nope> }"), [format!("{base}nope")]);
    assert_eq!(csv("SELECT ?x { 7 yp:partOf* ?x }"), ["7"]);
    // A term of the graph is given once, and in a graph that does not know it, too.
    assert_eq!(csv("SELECT ?x { <city/hangzhou> yp:backs* ?x }"), [format!("{base}city/hangzhou")]);
    assert_eq!(csv("SELECT ?x { GRAPH <s001> { <fund/xiongan> yp:partOf* ?x } }"), [format!("{base}fund/xiongan")]);
    assert_eq!(csv("SELECT ?name { '杭州市'@zh-Hans ^yp:name* ?c . ?c yp:name ?name }"), ["杭州市"]);
}

#[test]
fn all_named_graphs_are_ranged_over() {
    let graphs = csv("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g");
    assert_eq!(graphs, csv("SELECT DISTINCT ?g { GRAPH ?g { } } ORDER BY ?g"));
    assert_eq!(graphs[0], "https://example.org/yuanpu/id/", "the graph with the name of the whole");
    assert!(graphs.len() > 1 && holds("ASK { GRAPH <> { ?s ?p ?o } }"));
}

#[test]
fn texts_of_all_terms_are_joined() {
    let joined =
        |what: &str, values: &str| csv(&format!("SELECT (GROUP_CONCAT({what}) AS ?c) {{ VALUES ?x {{ {values} }} }}"));
    assert_eq!(joined("?x", "1 2"), ["1 2"]);
    assert_eq!(joined("?x; SEPARATOR='|'", "'a'@en 'b'@fr true <x:y>"), ["a|b|true|x:y"]);
    assert_eq!(joined("DISTINCT ?x", "1 1 '1' 2"), ["1 1 2"], "a number is no text");
    assert_eq!(joined("?x; SEPARATOR=''", ""), [""]);
}

#[test]
fn terms_that_the_graph_does_not_know_are_told() {
    let (_, error, status) = program("SELECT ?p { ?p a yp:Prak ; yp:naem ?n }", &["-f", "csv"]);
    assert_eq!(status, Some(0));
    assert!(
        error.contains("nothing is of the class `yp:Prak`") && error.contains("did you mean `yp:Park`?"),
        "{error}"
    );
    assert!(error.contains("no triple has the predicate `yp:naem`"), "{error}");
    assert!(error.contains("did you mean `yp:name`?"), "{error}");
    let (_, error, _) =
        program("SELECT ?x { ?x (yp:partOf|yp:partof)+ ?y FILTER NOT EXISTS { ?x yp:nmae ?n } } LIMIT 1", &[]);
    assert!(
        error.contains("`yp:partof`") && error.contains("`yp:nmae`") && !error.contains("predicate `yp:partOf`"),
        "{error}"
    );
    let (_, error, _) = program("SELECT ?x，?y { ?x a yp:Park }", &["-f", "csv"]);
    assert!(error.contains("a part of the name `?x，`"), "{error}");
    let (_, error, _) = program("SELECT * { GRAPH <> { ?t rdfs:label ?l } ?p a schema:Place } LIMIT 1", &["-f", "csv"]);
    assert!(!error.contains("rdfs:label"), "{error}");
}

#[test]
fn columns_stand_in_the_order_of_the_text() {
    let header = |text: &str| program(text, &["-f", "csv"]).0.lines().next().map(str::to_owned);
    assert_eq!(header("SELECT * { ?z a yp:Park ; yp:name ?a }").as_deref(), Some("z,a"));
    assert_eq!(header("SELECT DISTINCT * { ?z a yp:Park ; yp:name ?a } LIMIT 1").as_deref(), Some("z,a"));
    assert_eq!(program("SELECT * {}", &["-f", "table"]).0, "1 row without columns\n");
}

#[test]
fn triples_are_written_with_the_prefixes_that_they_use() {
    let (out, ..) = program("CONSTRUCT { ?p a schema:Place } { ?p a yp:Park } LIMIT 2", &[]);
    let prefixes = out.lines().filter(|line| line.starts_with("@prefix")).count();
    assert!(prefixes <= 3 && out.contains("@prefix schema:"), "{out}");
}
