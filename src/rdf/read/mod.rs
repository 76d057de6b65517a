//! Triples read as facts: our own as what they were written from, others as new labels, relationship types and properties.
//!
//! ```text
//!   triples ── declarations ──> schema ── Mapping
//!           ── own terms ─────> nodes, properties, relationships, claims
//!           ── what the graph so far would write again ──> nothing: it repeats what is there
//!           ── the rest ──────> new terms are declared, each with its IRI, and read as own
//!           ── what is left ──> Unread, triple by triple
//! ```
//! All triples of a file are held and in order, unless it is long: see [`read_long`].

mod claims;
mod declarations;
mod facts;
mod foreign;
mod graphs;
mod long;
mod repeated;
mod roles;
mod triples;

use std::sync::Arc;

use hashbrown::HashMap;

use crate::graph::{GraphError, Transaction};

use super::code::Code;
use super::error::MappingError;
use super::mapping::Mapping;
use super::term::{Term, Triple};
use super::view::View;

pub use long::read_long;
pub use triples::Quad;

use long::Long;
use triples::Triples;

/// A triple that no fact of the graph was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The triple.
    pub triple: Triple,
    /// Why.
    pub reason: &'static str,
}

/// What reading brought into the graph.
#[derive(Clone, Debug, Default)]
pub struct ReadReport {
    /// How many nodes were made.
    pub nodes: u64,
    /// How many relationships were made.
    pub relationships: u64,
    /// How many claims were made.
    pub claims: u64,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// Why triples cannot be read into a graph.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The graph refused what the triples say.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The terms declared collide.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A declaration is none.
    #[error("the declaration `{text}` cannot be read: {message}")]
    Declaration {
        /// The JSON text.
        text: String,
        /// What is wrong.
        message: String,
    },
}

/// What is known while triples are read.
struct Reader<'t> {
    transaction: &'t mut Transaction,
    mapping: Arc<Mapping>,
    /// The graph as it was before the triples at hand.
    view: View,
    /// What the file's terms stand for.
    codes: HashMap<Term, Code>,
    report: ReadReport,
    /// What is known besides where a file is read in parts.
    long: Option<Long>,
}

/// Reads quads into a transaction; the transaction is to be given up if this fails.
///
/// # Errors
/// If a declaration cannot be read or collides with another, or the graph refuses a fact.
pub fn read_quads(transaction: &mut Transaction, quads: Vec<Quad>) -> Result<ReadReport, ReadError> {
    let (triples, graphs) = Triples::split(quads);
    declarations::read_declarations(transaction, &triples)?;
    foreign::intern_names(transaction, &foreign::uses(&triples))?;
    let mut reader = Reader::begin(transaction)?;
    reader.read_facts(&triples)?;
    let rest = reader.not_repeated(triples);
    reader.read_foreign(rest)?;
    reader.read_graphs(graphs)?;
    declarations::make_keys_unique(reader.transaction);
    Ok(reader.report)
}

impl<'t> Reader<'t> {
    fn begin(transaction: &'t mut Transaction) -> Result<Reader<'t>, ReadError> {
        let mapping = Arc::new(Mapping::of(transaction.view().catalogue())?);
        let view = View::new(transaction.view().clone(), mapping.clone());
        Ok(Reader { transaction, mapping, view, codes: HashMap::new(), report: ReadReport::default(), long: None })
    }

    /// Sees the graph as it is now, with the terms that it has now.
    fn look_again(&mut self) -> Result<(), ReadError> {
        self.mapping = Arc::new(Mapping::of(self.transaction.view().catalogue())?);
        self.view = View::new(self.transaction.view().clone(), self.mapping.clone());
        Ok(())
    }

    /// Returns what a term of the file stands for.
    fn code(&self, term: &Term) -> Code {
        match self.codes.get(term) {
            Some(code) => code.clone(),
            None => match term {
                // Labels of blank nodes mean something within their file only.
                Term::Blank(_) => Code::Other(Arc::new(term.clone())),
                _ => self.view.code(term.clone()),
            },
        }
    }

    fn leave(&mut self, triple: &Triple, reason: &'static str) {
        self.report.unread.push(Unread { triple: triple.clone(), reason });
    }
}
