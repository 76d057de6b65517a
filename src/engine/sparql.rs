//! SPARQL over what a connection sees: the same snapshot, limits and cancellation as for any statement.

use std::io::Write;
use std::time::Instant;

use crate::diagnostic::Diagnostic;
use crate::exchange::ExchangeError;
use crate::exchange::rdf::{prefixes, write_triples};
use crate::executor::Guard;
use crate::graph::Snapshot;
use crate::knowledge::Lens;
use crate::rdf::{Mapping, Triples, View as RdfView};
use crate::sparql::{SparqlAnswer, SparqlQuery, evaluate, warnings};

use super::error::{Error, StateError};
use super::stack::with_ample_stack;
use super::upkeep::check_reads;
use super::{Connection, Database};

pub use crate::exchange::export::WrittenLens;
pub use crate::exchange::rdf::RdfSyntax;

/// The graph that was seen as RDF last: its names are collected once for a version.
#[derive(Debug, Default)]
pub(super) struct TriplesCache {
    kept: Option<(u64, Lens, Triples)>,
}

impl TriplesCache {
    /// Lets go of what is kept.
    pub(super) fn forget(&mut self) {
        self.kept = None;
    }
}

impl Connection {
    /// Answers a SPARQL query over the graph; the prefixes of its schema are declared, and relative IRIs lie below its base.
    ///
    /// The default graph holds what holds in the graph, each source's graph what that source says, and `?claim rdf:reifies <<( ?s ?p ?o )>>`
    /// reads the claims (SPARQL 1.1 Query Language; triple terms after SPARQL 1.2).
    ///
    /// ```
    /// use yuanpu::SparqlAnswer;
    /// let mut connection = yuanpu::Database::builtin()?.connect();
    /// let answer = connection.sparql("SELECT (COUNT(?park) AS ?parks) WHERE { ?park a yp:Park }")?;
    /// let SparqlAnswer::Solutions { variables, rows } = answer else { unreachable!("a query that selects") };
    /// assert_eq!((variables[0].as_str(), rows.len()), ("parks", 1));
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with the text, or what stopped the query.
    pub fn sparql(&mut self, text: &str) -> Result<SparqlAnswer, Error> {
        self.sparql_under(text, WrittenLens::default())
    }

    /// Answers a SPARQL query as [`Connection::sparql`] does, over what sources published until a date say.
    ///
    /// # Errors
    /// As [`Connection::sparql`], and if the date is none.
    pub fn sparql_as_of(&mut self, text: &str, date: &str) -> Result<SparqlAnswer, Error> {
        self.sparql_under(text, WrittenLens { as_of: Some(date), ..WrittenLens::default() })
    }

    /// Answers a SPARQL query as [`Connection::sparql`] does, over the graph as a lens shows it.
    ///
    /// # Errors
    /// As [`Connection::sparql`], and if the lens names a date, source or rule that is none.
    pub fn sparql_under(&mut self, text: &str, lens: WrittenLens<'_>) -> Result<SparqlAnswer, Error> {
        Ok(self.sparql_with_warnings(text, lens)?.0)
    }

    /// Answers a SPARQL query as [`Connection::sparql_under`] does, and warns of predicates and classes that the graph does not know.
    ///
    /// # Errors
    /// As [`Connection::sparql_under`].
    pub fn sparql_with_warnings(
        &mut self,
        text: &str,
        lens: WrittenLens<'_>,
    ) -> Result<(SparqlAnswer, Vec<Diagnostic>), Error> {
        self.began = Instant::now();
        self.cancel_handle().clear();
        if self.open.is_none() {
            self.database().follow()?;
        }
        let answer = self.reading_all(|connection| with_ample_stack(|| connection.evaluate_sparql(text, lens)));
        self.database().relieve();
        answer
    }

    fn evaluate_sparql(&self, text: &str, lens: WrittenLens<'_>) -> Result<(SparqlAnswer, Vec<Diagnostic>), Error> {
        let snapshot = self.view().snapshot;
        let failures = snapshot.read_failures();
        let lens = lens.lens(&snapshot).map_err(|message| StateError::BadLens { message, hint: None })?;
        let triples = self.as_rdf(&snapshot, &lens)?;
        let mapping = triples.view().mapping();
        let declared = prefixes(mapping.schema());
        let declared: Vec<(&str, &str)> =
            declared.iter().map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str())).collect();
        let query = SparqlQuery::read(text, mapping.base(), declared.iter().copied())?;
        let options = self.database().options();
        let memory_limit = self.database().memory_limit_bytes();
        let guard =
            Guard::new(self.cancel_handle().flag(), (self.began, options.timeout), memory_limit, snapshot.loader());
        guard.look()?;
        let answer = evaluate(&triples, &query, guard)?;
        if let Err(error) = check_reads(&snapshot, failures) {
            // The names that are kept were collected without a part of the file.
            self.database().triples().forget();
            return Err(error);
        }
        let warnings = warnings(triples.view(), &query, text, &declared);
        Ok((answer, warnings))
    }

    /// Returns what this connection sees as triples.
    fn as_rdf(&self, snapshot: &Snapshot, lens: &Lens) -> Result<Triples, Error> {
        // What an open transaction wrote has no version of its own.
        let version = self.open.as_ref().is_none_or(|open| open.is_unchanged()).then(|| snapshot.version());
        let mut cache = self.database().triples();
        if let Some((of, under, triples)) = &cache.kept
            && version == Some(*of)
            && under == lens
        {
            return Ok(triples.clone());
        }
        let snapshot = snapshot.under(lens);
        let mapping = Mapping::of(snapshot.catalogue()).map_err(ExchangeError::from)?;
        let triples = Triples::of(RdfView::new(snapshot, mapping.into()));
        if let Some(version) = version {
            cache.kept = Some((version, lens.clone(), triples.clone()));
        }
        Ok(triples)
    }
}

impl Database {
    /// Writes the triples that a query constructed or described; returns what the syntax could not carry, a line each.
    ///
    /// # Errors
    /// If the output fails.
    pub fn write_rdf(
        &self,
        answer: &SparqlAnswer,
        syntax: RdfSyntax,
        output: impl Write,
    ) -> Result<Vec<String>, Error> {
        let SparqlAnswer::Graph(triples) = answer else { return Ok(Vec::new()) };
        let snapshot = self.snapshot();
        let written = write_triples(snapshot.catalogue().schema(), triples, syntax, output)?;
        Ok(written.losses.iter().map(ToString::to_string).collect())
    }

    /// Returns the prefixes under which IRIs of this graph are written short, and the base below which its elements have theirs.
    ///
    /// # Errors
    /// If the schema's terms collide.
    pub fn rdf_prefixes(&self) -> Result<(Vec<(String, String)>, String), Error> {
        let snapshot = self.snapshot();
        let mapping = Mapping::of(snapshot.catalogue()).map_err(ExchangeError::from)?;
        Ok((prefixes(mapping.schema()).into_iter().collect(), mapping.base().to_string()))
    }
}
