//! Whether the program does what an entry asks.

use std::collections::BTreeMap;
use std::path::Path;

use oxrdf::graph::CanonicalizationAlgorithm;
use oxrdf::{BlankNode, Graph, Term, Triple};
use oxrdfio::{RdfFormat, RdfParser};
use sparesults::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use yuanpu::{Database, Error, ErrorClass, ImportHints, ImportSource, RdfSyntax, ResultsFormat, SparqlAnswer};

use super::manifest::Entry;

/// All triples, as SPARQL gives them.
const ALL: &str = "CONSTRUCT WHERE { ?s ?p ?o }";

/// What became of an entry.
pub type Verdict = Result<(), String>;

/// Judges an entry; nothing for what the program does not offer: updates, protocols, entailment.
pub fn judge(entry: &Entry) -> Option<Verdict> {
    let kind = entry.kind.as_str();
    if entry.id.starts_with("rdf/") {
        return match kind {
            _ if kind.contains("Negative") => Some(is_refused(entry)),
            _ if kind.ends_with("Eval") => Some(comes_in_and_out(entry)),
            _ if kind.contains("PositiveSyntax") => Some(import(entry, &entry.action).map(drop)),
            _ => None,
        };
    }
    match kind {
        "PositiveSyntaxTest" | "PositiveSyntaxTest11" => Some(is_understood(entry)),
        "NegativeSyntaxTest" | "NegativeSyntaxTest11" => Some(is_misunderstood(entry)),
        // Graphs with names are what sources say, and not files: such an entry has no counterpart.
        "QueryEvaluationTest" if !entry.has_graphs && !entry.id.contains("entailment") && !names_graphs(entry) => {
            Some(answers(entry))
        }
        _ => None,
    }
}

/// Says whether a query chooses its graphs itself (`FROM`, `FROM NAMED`).
fn names_graphs(entry: &Entry) -> bool {
    std::fs::read_to_string(&entry.action).is_ok_and(|text| text.lines().any(|line| line.starts_with("FROM ")))
}

fn import(entry: &Entry, file: &Path) -> Result<Database, String> {
    let database = Database::in_memory();
    add(&database, entry, file)?;
    Ok(database)
}

fn add(database: &Database, entry: &Entry, file: &Path) -> Result<(), String> {
    let folder = entry.base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // The action of a syntax test has its own base; data of a query lies beside the query.
    let base = if file == entry.action { entry.base.clone() } else { format!("{folder}/{name}") };
    let source = ImportSource::of(file, ImportHints { base: Some(&base), ..ImportHints::default() })?;
    database.import(&[source], &mut |_| {}, None).map(drop).map_err(|error| error.to_string())
}

fn is_refused(entry: &Entry) -> Verdict {
    match import(entry, &entry.action) {
        Ok(_) => Err("it was read".to_owned()),
        Err(words) if words.contains(".rs") => Err(format!("it was refused in the wrong words: {words}")),
        Err(_) => Ok(()),
    }
}

fn comes_in_and_out(entry: &Entry) -> Verdict {
    let database = import(entry, &entry.action)?;
    let wanted = graph_of(entry.result.as_deref().ok_or("the entry names no result")?, &entry.base)?;
    let found = triples(&database, ALL)?;
    same_graph(&wanted, &found.iter().filter(|triple| wanted.contains(*triple) || !is_ours(*triple)).collect())
}

/// Says whether a triple is what the graph adds to those that came in: words about its vocabulary, and the property that holds a node's IRI.
fn is_ours(triple: oxrdf::TripleRef<'_>) -> bool {
    const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
    const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let subject = triple.subject.to_string();
    let declares = [format!("{RDFS}Resource"), format!("{RDFS}Class"), format!("{RDF}Property")];
    let object = triple.object.to_string();
    // What a named graph says is a claim by that graph.
    subject.contains("//example.org/yuanpu/")
        || subject.contains("claim=")
        || triple.predicate.as_str().contains("//example.org/yuanpu/")
        || object.contains("//example.org/yuanpu/")
        || declares.iter().any(|class| object == format!("<{class}>"))
        || triple.predicate.as_str() == format!("{RDFS}label")
}

fn ask(database: &Database, entry: &Entry) -> Result<SparqlAnswer, Error> {
    let text = std::fs::read_to_string(&entry.action).unwrap_or_default();
    database.connect().sparql(&format!("BASE <{}>\n{text}", entry.base))
}

fn is_understood(entry: &Entry) -> Verdict {
    match ask(&Database::in_memory(), entry) {
        // What a query does when it runs is no matter of syntax.
        Err(error) if error.class() == ErrorClass::Statement => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn is_misunderstood(entry: &Entry) -> Verdict {
    match ask(&Database::in_memory(), entry) {
        Ok(_) => Err("it was understood".to_owned()),
        Err(_) => Ok(()),
    }
}

fn answers(entry: &Entry) -> Verdict {
    let database = Database::in_memory();
    for file in &entry.data {
        add(&database, entry, file).map_err(|words| format!("data: {words}"))?;
    }
    let answer = ask(&database, entry).map_err(|error| error.to_string())?;
    let wanted = entry.result.as_deref().ok_or("the entry names no result")?;
    if let SparqlAnswer::Graph(_) = &answer {
        return same_graph(&graph_of(wanted, &entry.base)?, &read_triples(&database, &answer)?);
    }
    let mut written = Vec::new();
    answer.write(ResultsFormat::Json, &mut written).map_err(|error| error.to_string())?;
    let found = rows_of(&written, QueryResultsFormat::Json)?;
    let bytes = std::fs::read(wanted).map_err(|error| error.to_string())?;
    let expected = match wanted.extension().and_then(|extension| extension.to_str()) {
        Some("srx") => rows_of(&bytes, QueryResultsFormat::Xml)?,
        Some("srj") => rows_of(&bytes, QueryResultsFormat::Json)?,
        Some("tsv") => rows_of(&bytes, QueryResultsFormat::Tsv)?,
        _ => return rows_as_rdf(&graph_of(wanted, &entry.base)?, &found),
    };
    let (expected, found) = if is_reduced(entry) { (expected.once(), found.once()) } else { (expected, found) };
    if expected == found { Ok(()) } else { Err(format!("rows differ: {expected:?} was wanted, {found:?} came")) }
}

/// Says whether equal rows may be left out.
fn is_reduced(entry: &Entry) -> bool {
    std::fs::read_to_string(&entry.action).is_ok_and(|text| text.contains("SELECT REDUCED"))
}

fn triples(database: &Database, query: &str) -> Result<Graph, String> {
    let answer = database.connect().sparql(query).map_err(|error| error.to_string())?;
    read_triples(database, &answer)
}

fn read_triples(database: &Database, answer: &SparqlAnswer) -> Result<Graph, String> {
    let mut text = Vec::new();
    let lost = database.write_rdf(answer, RdfSyntax::NTriples, &mut text).map_err(|error| error.to_string())?;
    if !lost.is_empty() {
        return Err(format!("not written: {}", lost.join("; ")));
    }
    parse(&text, RdfFormat::NTriples, "http://example.org/")
}

fn graph_of(file: &Path, base: &str) -> Result<Graph, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let format = RdfFormat::from_extension(extension).ok_or("an unknown syntax")?;
    parse(&bytes, format, base)
}

fn parse(bytes: &[u8], format: RdfFormat, base: &str) -> Result<Graph, String> {
    let parser = RdfParser::from_format(format).with_base_iri(base).map_err(|error| error.to_string())?;
    let quads: Result<Vec<_>, _> = parser.for_slice(bytes).collect();
    Ok(quads.map_err(|error| error.to_string())?.into_iter().map(Triple::from).collect())
}

fn same_graph(wanted: &Graph, found: &Graph) -> Verdict {
    let canonical = |graph: &Graph| {
        let mut graph = graph.clone();
        graph.canonicalize(CanonicalizationAlgorithm::Unstable);
        let mut lines: Vec<String> = graph.iter().map(|triple| triple.to_string()).collect();
        lines.sort();
        lines
    };
    let (wanted, found) = (canonical(wanted), canonical(found));
    let missing: Vec<&String> = wanted.iter().filter(|line| !found.contains(line)).collect();
    let added: Vec<&String> = found.iter().filter(|line| !wanted.contains(line)).collect();
    match missing.is_empty() && added.is_empty() {
        true => Ok(()),
        false => Err(format!("missing {missing:?}, added {added:?}")),
    }
}

/// Solutions or a truth value, comparable: the rows as a sorted list, blank nodes by the order in which a row names them.
#[derive(Debug, PartialEq)]
enum Rows {
    Boolean(bool),
    Solutions(Vec<BTreeMap<String, String>>),
}

impl Rows {
    fn once(mut self) -> Rows {
        if let Rows::Solutions(rows) = &mut self {
            rows.dedup();
        }
        self
    }
}

fn rows_of(bytes: &[u8], format: QueryResultsFormat) -> Result<Rows, String> {
    let reader = QueryResultsParser::from_format(format).for_reader(bytes).map_err(|error| error.to_string())?;
    let solutions = match reader {
        ReaderQueryResultsParserOutput::Boolean(truth) => return Ok(Rows::Boolean(truth)),
        ReaderQueryResultsParserOutput::Solutions(solutions) => solutions,
    };
    let mut rows = Vec::new();
    for solution in solutions {
        let solution = solution.map_err(|error| error.to_string())?;
        let cells = solution.iter().map(|(variable, term)| (variable.as_str().to_owned(), term.clone()));
        rows.push(row_of(cells));
    }
    rows.sort();
    Ok(Rows::Solutions(rows))
}

fn row_of(cells: impl Iterator<Item = (String, Term)>) -> BTreeMap<String, String> {
    let cells: BTreeMap<String, Term> = cells.collect();
    let mut seen: Vec<BlankNode> = Vec::new();
    cells.into_iter().map(|(name, term)| (name, spelled(&term, &mut seen))).collect()
}

/// Returns a term's text; numbers that are equal in value and datatype are spelled alike, since engines write them in different ways.
fn spelled(term: &Term, seen: &mut Vec<BlankNode>) -> String {
    match term {
        Term::BlankNode(node) => {
            let place = seen.iter().position(|known| known == node).unwrap_or_else(|| {
                seen.push(node.clone());
                seen.len() - 1
            });
            format!("_:{place}")
        }
        Term::Literal(literal) => {
            let datatype = literal.datatype().as_str().rsplit('#').next().unwrap_or_default();
            match literal.value().parse::<f64>() {
                Ok(number) if matches!(datatype, "decimal" | "double" | "float") => format!("{number} {datatype}"),
                _ => literal.to_string(),
            }
        }
        other => other.to_string(),
    }
}

/// Compares rows with a result that is written as a graph, in the vocabulary of result sets.
fn rows_as_rdf(graph: &Graph, found: &Rows) -> Verdict {
    const RESULT: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";
    let term = |name: &str| oxrdf::NamedNode::new_unchecked(format!("{RESULT}{name}"));
    if let Some(truth) = graph.triples_for_predicate(&term("boolean")).next() {
        let oxrdf::TermRef::Literal(literal) = truth.object else { return Err("the result is no literal".to_owned()) };
        let wanted = Rows::Boolean(literal.value() == "true");
        return if *found == wanted { Ok(()) } else { Err(format!("{wanted:?} was wanted")) };
    }
    let mut rows = Vec::new();
    for solution in graph.triples_for_predicate(&term("solution")) {
        let oxrdf::TermRef::BlankNode(solution) = solution.object else { continue };
        let bindings = graph.objects_for_subject_predicate(solution, &term("binding"));
        let cells = bindings.filter_map(|binding| {
            let oxrdf::TermRef::BlankNode(binding) = binding else { return None };
            let name = graph.object_for_subject_predicate(binding, &term("variable"))?;
            let value = graph.object_for_subject_predicate(binding, &term("value"))?;
            let oxrdf::TermRef::Literal(name) = name else { return None };
            Some((name.value().to_owned(), value.into_owned()))
        });
        rows.push(row_of(cells));
    }
    rows.sort();
    let wanted = Rows::Solutions(rows);
    if *found == wanted { Ok(()) } else { Err(format!("rows differ: {wanted:?} was wanted, {found:?} came")) }
}
