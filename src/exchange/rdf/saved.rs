//! Answers that last: a query, its lens, the version of the graph, the rows and what they rest on, as a nanopublication in TriG.
//!
//! ```text
//!   <answer>             np:hasAssertion …, np:hasProvenance …, np:hasPublicationInfo …      in <answer#head>
//!   <answer#assertion>   the rows, as the result-set vocabulary of the SPARQL tests writes them
//!   <answer#provenance>  of each row the claims that it rests on, each with source and place
//!   <answer#publication> the query with its parameters and lens, the graph's name and version, when it was asked
//! ```
//! [nanopub.net](https://nanopub.net/guidelines/working_draft/) says what such graphs hold. What is read back is compared by value: element
//! ids, which do not outlive a file, are not written. The name of an answer is made of what it says, so that the same answer has the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};

use oxrdfio::{RdfFormat, RdfSerializer};
use serde_json::json;

use crate::exchange::ExchangeError;
use crate::graph::Snapshot;
use crate::knowledge::ClaimRecord;
use crate::rdf::{ANSWERS, Literal, Quad, TYPE, Term, Triple, answer_terms as terms, is_iri, literal_of, source_base};
use crate::value::{ResultNode, ResultRelationship, ResultValue};

use super::read::{SyntaxFault, quads_of};
use super::syntax::RdfSyntax;
use crate::rdf::library::{subject_to_library, to_library};

/// An answer to be kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedAnswer {
    /// The text of the query.
    pub query: String,
    /// The values of its parameters, as JSON.
    pub parameters: String,
    /// The prefixes that it was read through.
    pub lens: String,
    /// The name of the graph.
    pub graph: String,
    /// The version of its contents.
    pub version: String,
    /// When it was asked, as `xsd:dateTime`.
    pub asked: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<SavedRow>,
}

/// A row of an answer, and what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SavedRow {
    /// The cells; nothing where there is null.
    pub cells: Vec<Option<Literal>>,
    /// What it rests on.
    pub claims: Vec<SavedClaim>,
}

/// A claim as an answer cites it. Texts that are not given are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SavedClaim {
    /// What it is to the row, or why there is none.
    pub state: String,
    /// What it speaks of.
    pub element: String,
    /// The property; empty where existence is spoken of.
    pub property: String,
    /// The value stated.
    pub value: Option<Literal>,
    /// The source's id.
    pub source: String,
    /// The place in the source.
    pub locator: String,
    /// The value in the source's own notation.
    pub as_printed: String,
}

impl SavedRow {
    /// Returns a row to be kept.
    pub fn new(row: &[ResultValue], claims: &[ClaimRecord]) -> SavedRow {
        let mut claims: Vec<SavedClaim> = claims.iter().map(SavedClaim::new).collect();
        claims.sort();
        claims.dedup();
        SavedRow { cells: row.iter().map(cell).collect(), claims }
    }

    /// Returns the cells as one line.
    pub fn line(&self) -> String {
        let cells: Vec<&str> =
            self.cells.iter().map(|cell| cell.as_ref().map_or("NULL", |literal| literal.text.as_str())).collect();
        cells.join(" | ")
    }
}

impl SavedClaim {
    fn new(claim: &ClaimRecord) -> SavedClaim {
        SavedClaim {
            state: claim.state.name().to_owned(),
            element: claim.element.to_string(),
            property: claim.property.to_string(),
            value: cell(&claim.value),
            source: claim.source.to_string(),
            locator: claim.locator.to_string(),
            as_printed: claim.as_printed.to_string(),
        }
    }
}

/// Returns a value as a literal that outlives its graph; nothing of null.
fn cell(value: &ResultValue) -> Option<Literal> {
    match value {
        ResultValue::Null => None,
        ResultValue::List(_) | ResultValue::Map(_) => Some(as_json(value)),
        _ => value.to_value().map_or_else(|_| Some(as_json(value)), |plain| literal_of(&plain, None)),
    }
}

fn as_json(value: &ResultValue) -> Literal {
    Literal::typed(json(value).to_string(), terms::JSON)
}

/// Returns a value as JSON; elements without their ids.
fn json(value: &ResultValue) -> serde_json::Value {
    let object = |entries: &[(smol_str::SmolStr, ResultValue)]| {
        serde_json::Value::Object(entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect())
    };
    let node = |node: &ResultNode| json!({ "labels": node.labels, "properties": object(&node.properties) });
    let relationship = |held: &ResultRelationship| json!({ "type": held.kind, "properties": object(&held.properties) });
    match value {
        ResultValue::Null => serde_json::Value::Null,
        ResultValue::Boolean(truth) => json!(truth),
        ResultValue::Integer(number) => json!(number),
        ResultValue::String(text) => json!(text),
        ResultValue::List(items) => serde_json::Value::Array(items.iter().map(json).collect()),
        ResultValue::Map(entries) => object(entries),
        ResultValue::Node(held) => node(held),
        ResultValue::Relationship(held) => relationship(held),
        ResultValue::Path(path) => json!({
            "nodes": path.nodes.iter().map(|held| node(held)).collect::<Vec<_>>(),
            "relationships": path.relationships.iter().map(|held| relationship(held)).collect::<Vec<_>>(),
        }),
        // Floats too: 1.0 is not 1.
        other => cell(other)
            .map_or(serde_json::Value::Null, |literal| json!({ "value": literal.text, "type": literal.datatype })),
    }
}

impl SavedAnswer {
    /// Writes the answer as TriG; the base of the graph's ids names its sources.
    ///
    /// # Errors
    /// If the output fails.
    pub fn write(&self, snapshot: &Snapshot, output: impl Write) -> Result<(), ExchangeError> {
        let mut serializer = RdfSerializer::from_format(RdfFormat::TriG);
        for (prefix, namespace) in terms::PREFIXES {
            if let Ok(with_prefix) = serializer.clone().with_prefix(*prefix, *namespace) {
                serializer = with_prefix;
            }
        }
        let mut writer = serializer.for_writer(output);
        for quad in self.quads(&source_base(snapshot.catalogue().schema())) {
            let graph = quad.graph.as_ref().and_then(subject_to_library);
            if let (Some(triple), Some(graph)) = (to_library(&quad.triple), graph) {
                writer.serialize_quad(&triple.in_graph(graph))?;
            }
        }
        Ok(writer.finish()?.flush()?)
    }

    /// Returns the answer's IRI: the same for the same question, rows and citations.
    fn name(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n{}\n", self.query, self.parameters, self.graph, self.version);
        for row in &self.rows {
            let _ = writeln!(text, "{:?}", row);
        }
        format!("{ANSWERS}{:08x}{:08x}", crc32c::crc32c(text.as_bytes()), text.len())
    }

    fn quads(&self, base: &str) -> Vec<Quad> {
        let name = self.name();
        let mut writing = Writing { quads: Vec::new(), graph: format!("{name}#head"), name, base: base.to_owned() };
        let answer = writing.iri("");
        writing.say(&answer, TYPE, Term::Iri(terms::NANOPUBLICATION.into()));
        for (predicate, graph) in [
            (terms::HAS_ASSERTION, "#assertion"),
            (terms::HAS_PROVENANCE, "#provenance"),
            (terms::HAS_PUBLICATION_INFO, "#publication"),
        ] {
            let graph = writing.iri(graph);
            writing.say(&answer, predicate, graph);
        }
        self.assert_rows(&mut writing);
        self.tell_provenance(&mut writing);
        writing.begin("#publication");
        let told = [
            (terms::QUERY, Literal::plain(&self.query)),
            (terms::PARAMETERS, Literal::typed(&self.parameters, terms::JSON)),
            (terms::LENS, Literal::plain(&self.lens)),
            (terms::GRAPH, Literal::plain(&self.graph)),
            (terms::VERSION, Literal::plain(&self.version)),
            (terms::CREATED, Literal::typed(&self.asked, terms::DATE_TIME)),
        ];
        for (predicate, literal) in told.into_iter().filter(|(_, literal)| !literal.text.is_empty()) {
            writing.say(&answer, predicate, Term::Literal(literal));
        }
        writing.quads
    }

    fn assert_rows(&self, writing: &mut Writing) {
        writing.begin("#assertion");
        let rows = writing.iri("#rows");
        writing.say(&rows, TYPE, Term::Iri(terms::RESULT_SET.into()));
        for (place, column) in self.columns.iter().enumerate() {
            // The names alone have no order; a column of its own keeps it, and keeps names that stand twice apart.
            let node = writing.iri(&format!("#column{}", place + 1));
            writing.say(&rows, terms::COLUMN, node.clone());
            writing.say(&node, terms::PLACE, Term::Literal(integer(place + 1)));
            writing.say(&node, terms::VARIABLE, Term::Literal(Literal::plain(column)));
            writing.say(&rows, terms::RESULT_VARIABLE, Term::Literal(Literal::plain(column)));
        }
        for (number, row) in self.rows.iter().enumerate() {
            let node = writing.iri(&format!("#row{}", number + 1));
            writing.say(&rows, terms::SOLUTION, node.clone());
            writing.say(&node, terms::INDEX, Term::Literal(integer(number + 1)));
            for (place, literal) in row.cells.iter().enumerate() {
                let Some(literal) = literal else { continue };
                let cell = writing.iri(&format!("#row{}-{}", number + 1, place + 1));
                let column = writing.iri(&format!("#column{}", place + 1));
                writing.say(&node, terms::BINDING, cell.clone());
                let name = Literal::plain(self.columns.get(place).map_or("", String::as_str));
                writing.say(&cell, terms::VARIABLE, Term::Literal(name));
                writing.say(&cell, terms::COLUMN, column);
                writing.say(&cell, terms::VALUE, Term::Literal(literal.clone()));
            }
        }
    }

    fn tell_provenance(&self, writing: &mut Writing) {
        writing.begin("#provenance");
        let mut numbers: BTreeMap<&SavedClaim, usize> = BTreeMap::new();
        let assertion = writing.iri("#assertion");
        let sources: std::collections::BTreeSet<&str> =
            self.rows.iter().flat_map(|row| &row.claims).map(|claim| claim.source.as_str()).collect();
        for source in sources {
            if let Some(source) = writing.source(source) {
                writing.say(&assertion, terms::WAS_DERIVED_FROM, source);
            }
        }
        let mut told = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            let node = writing.iri(&format!("#row{}", number + 1));
            for claim in &row.claims {
                let next = numbers.len() + 1;
                let claim_number = *numbers.entry(claim).or_insert_with(|| {
                    told.push(claim);
                    next
                });
                let claim_node = writing.iri(&format!("#claim{claim_number}"));
                writing.say(&node, terms::RESTS_ON, claim_node);
            }
        }
        for (place, claim) in told.into_iter().enumerate() {
            let node = writing.iri(&format!("#claim{}", place + 1));
            writing.say(&node, TYPE, Term::Iri(terms::CLAIM.into()));
            let texts = [
                (terms::STATE, &claim.state),
                (terms::ELEMENT, &claim.element),
                (terms::PROPERTY, &claim.property),
                (terms::SOURCE_ID, &claim.source),
                (terms::LOCATOR, &claim.locator),
                (terms::AS_PRINTED, &claim.as_printed),
            ];
            for (predicate, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
                writing.say(&node, predicate, Term::Literal(Literal::plain(text)));
            }
            if let Some(value) = &claim.value {
                writing.say(&node, terms::STATED_VALUE, Term::Literal(value.clone()));
            }
            if let Some(source) = writing.source(&claim.source) {
                writing.say(&node, terms::HAD_PRIMARY_SOURCE, source);
            }
        }
    }

    /// Reads an answer that was written.
    ///
    /// # Errors
    /// If the text is no TriG, or holds no answer.
    pub fn read(input: impl Read) -> Result<SavedAnswer, ExchangeError> {
        let quads = parse(input)?;
        let said = Said::of(&quads);
        let no_answer = || ExchangeError::NoAnswer;
        let answer = quads
            .iter()
            .map(|quad| &quad.triple)
            .find(|triple| triple.predicate == TYPE && triple.object == Term::Iri(terms::NANOPUBLICATION.into()));
        let answer = answer.ok_or_else(no_answer)?.subject.clone();
        let query = said.text(&answer, terms::QUERY).ok_or_else(no_answer)?;
        let rows = quads.iter().map(|quad| &quad.triple);
        let mut rows =
            rows.filter(|triple| triple.object == Term::Iri(terms::RESULT_SET.into())).map(|triple| &triple.subject);
        let rows = rows.next_back().ok_or_else(no_answer)?.clone();
        let mut columns: Vec<(usize, &Term)> =
            said.all(&rows, terms::COLUMN).map(|column| (said.number(column, terms::PLACE), column)).collect();
        columns.sort();
        let mut solutions: Vec<(usize, &Term)> =
            said.all(&rows, terms::SOLUTION).map(|row| (said.number(row, terms::INDEX), row)).collect();
        solutions.sort();
        let text = |predicate| said.text(&answer, predicate).unwrap_or_default();
        Ok(SavedAnswer {
            query,
            parameters: text(terms::PARAMETERS),
            lens: text(terms::LENS),
            graph: text(terms::GRAPH),
            version: text(terms::VERSION),
            asked: text(terms::CREATED),
            columns: columns.iter().map(|(_, column)| said.text(column, terms::VARIABLE).unwrap_or_default()).collect(),
            rows: solutions.iter().map(|(_, row)| said.row(row, &columns)).collect(),
        })
    }
}

fn parse(input: impl Read) -> Result<Vec<Quad>, ExchangeError> {
    let syntax = RdfSyntax::TriG;
    let refused = |fault: SyntaxFault| match fault {
        SyntaxFault::Read(cause) => cause.into(),
        SyntaxFault::Text { place, message } => {
            let place = place.map_or(String::new(), |(line, column)| format!("line {line}, column {column}: "));
            ExchangeError::Syntax { syntax: syntax.name(), place, message }
        }
    };
    quads_of(syntax, None, input)?.map(|quad| quad.map_err(refused)).collect()
}

fn integer(number: usize) -> Literal {
    Literal::typed(number.to_string(), terms::INTEGER)
}

/// Quads on their way out, all of one answer.
struct Writing {
    quads: Vec<Quad>,
    graph: String,
    name: String,
    base: String,
}

impl Writing {
    fn begin(&mut self, graph: &str) {
        self.graph = format!("{}{graph}", self.name);
    }

    fn iri(&self, behind: &str) -> Term {
        Term::Iri(format!("{}{behind}", self.name).into())
    }

    /// Returns the IRI of a source, where its id makes one.
    fn source(&self, id: &str) -> Option<Term> {
        let iri = format!("{}{id}", self.base);
        (!id.is_empty() && is_iri(&iri)).then(|| Term::Iri(iri.into()))
    }

    fn say(&mut self, subject: &Term, predicate: &str, object: Term) {
        let triple = Triple { subject: subject.clone(), predicate: predicate.into(), object };
        self.quads.push(Quad { graph: Some(Term::Iri(self.graph.as_str().into())), triple });
    }
}

/// What is said of each subject, by predicate.
struct Said<'q>(BTreeMap<(&'q Term, &'q str), Vec<&'q Term>>);

impl<'q> Said<'q> {
    fn of(quads: &'q [Quad]) -> Said<'q> {
        let mut said: BTreeMap<(&Term, &str), Vec<&Term>> = BTreeMap::new();
        for Quad { triple, .. } in quads {
            said.entry((&triple.subject, triple.predicate.as_str())).or_default().push(&triple.object);
        }
        Said(said)
    }

    fn all<'a>(&'a self, subject: &'a Term, predicate: &'a str) -> impl Iterator<Item = &'q Term> + 'a {
        self.0.get(&(subject, predicate)).into_iter().flatten().copied()
    }

    fn literal(&self, subject: &Term, predicate: &str) -> Option<Literal> {
        let found = self.all(subject, predicate).next();
        if let Some(Term::Literal(literal)) = found { Some(literal.clone()) } else { None }
    }

    fn text(&self, subject: &Term, predicate: &str) -> Option<String> {
        self.literal(subject, predicate).map(|literal| literal.text.to_string())
    }

    fn number(&self, subject: &Term, predicate: &str) -> usize {
        self.text(subject, predicate).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    fn row(&self, row: &Term, columns: &[(usize, &Term)]) -> SavedRow {
        let mut cells = vec![None; columns.len()];
        for binding in self.all(row, terms::BINDING) {
            let column = self.all(binding, terms::COLUMN).next();
            if let Some(place) = columns.iter().position(|(_, known)| Some(*known) == column) {
                cells[place] = self.literal(binding, terms::VALUE);
            }
        }
        let mut claims: Vec<SavedClaim> = self.all(row, terms::RESTS_ON).map(|claim| self.claim(claim)).collect();
        claims.sort();
        SavedRow { cells, claims }
    }

    fn claim(&self, claim: &Term) -> SavedClaim {
        let text = |predicate| self.text(claim, predicate).unwrap_or_default();
        SavedClaim {
            state: text(terms::STATE),
            element: text(terms::ELEMENT),
            property: text(terms::PROPERTY),
            value: self.literal(claim, terms::STATED_VALUE),
            source: text(terms::SOURCE_ID),
            locator: text(terms::LOCATOR),
            as_printed: text(terms::AS_PRINTED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::ClaimState;

    #[test]
    fn what_was_written_is_read_again() {
        let claim = ClaimRecord {
            element: "tower/a".into(),
            property: "height".into(),
            value: ResultValue::Float(300.0),
            source: "s1".into(),
            locator: "L7".into(),
            as_printed: "三百\u{0}米\n\"".into(),
            ..ClaimRecord::new(ClaimState::Winner)
        };
        let list = ResultValue::List(vec![ResultValue::Float(1.0), ResultValue::Integer(1), ResultValue::Null]);
        let answer = SavedAnswer {
            query: "CITE MATCH (t)\nRETURN t.name, t.name".into(),
            parameters: "{\"x\":1}".into(),
            lens: "AS OF '2019'".into(),
            graph: "towers".into(),
            version: "1".into(),
            asked: "2026-01-02T03:04:05Z".into(),
            columns: vec!["a b".into(), "a b".into(), "c".into()],
            rows: vec![
                SavedRow::new(&[ResultValue::string("塔"), ResultValue::Null, list], &[claim.clone(), claim]),
                SavedRow::new(&[ResultValue::Null, ResultValue::Integer(2), ResultValue::Float(2.5)], &[]),
            ],
        };
        let mut text = Vec::new();
        answer.write(&Snapshot::empty(), &mut text).expect("a vector takes all");
        assert_eq!(SavedAnswer::read(text.as_slice()).expect("it is an answer"), answer);
        let mut again = Vec::new();
        answer.write(&Snapshot::empty(), &mut again).expect("a vector takes all");
        assert_eq!(again, text, "the same answer gives the same bytes");
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert!(matches!(SavedAnswer::read("<a:b> <a:c> <a:d> .".as_bytes()), Err(ExchangeError::NoAnswer)));
        assert!(matches!(SavedAnswer::read("no TriG".as_bytes()), Err(ExchangeError::Syntax { .. })));
    }
}
