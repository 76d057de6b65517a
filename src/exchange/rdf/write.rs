//! RDF export: a graph into one of the file syntaxes.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use oxrdfio::{RdfSerializer, WriterQuadSerializer};

use crate::exchange::ExchangeError;
use crate::graph::Snapshot;
use crate::knowledge::Schema;
use crate::rdf::{Mapping, Term, Triple, View};

use super::loss::{Loss, obstacle};
use super::quads::{each_triple, source_graphs};
use super::rdf_xml::RdfXmlWriter;
use super::read::format_of;
use super::syntax::{ClaimMode, RdfSyntax};
use crate::rdf::library::{subject_to_library, to_library};

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct RdfExport {
    /// The syntax.
    pub syntax: RdfSyntax,
    /// How claims are written; as is usual for the syntax if it is not said.
    pub claims: Option<ClaimMode>,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct RdfExported {
    /// How many triples, those of named graphs included.
    pub triples: u64,
    /// What the syntax could not carry.
    pub losses: Vec<Loss>,
}

/// Writes a graph as RDF: in the same bytes for the same graph.
///
/// # Errors
/// If the syntax cannot carry claims in the way asked for, the schema's terms collide, or the output fails.
pub fn export_rdf(snapshot: &Snapshot, export: RdfExport, output: impl Write) -> Result<RdfExported, ExchangeError> {
    let mode = export.claims.unwrap_or(ClaimMode::usual(export.syntax));
    if !mode.fits(export.syntax) {
        return Err(ExchangeError::Unfit { syntax: export.syntax.name(), mode: mode.name() });
    }
    let mapping = Mapping::of(snapshot.catalogue())?;
    let view = View::new(snapshot.clone(), Arc::new(mapping));
    let mut exporter = Exporter {
        syntax: export.syntax,
        writer: Writer::begin(export.syntax, prefixes(view.mapping().schema()), output)?,
        exported: RdfExported::default(),
    };
    each_triple(&view, mode.form(), |triple| exporter.write(triple, None))?;
    if mode == ClaimMode::NamedGraphs {
        for (source, triples) in source_graphs(&view) {
            triples.iter().try_for_each(|triple| exporter.write(triple, Some(&source)))?;
        }
    }
    exporter.writer.finish()?;
    Ok(exporter.exported)
}

/// Writes triples as RDF, in their order; returns what the syntax could not carry.
///
/// # Errors
/// If the output fails.
pub fn write_triples(
    schema: &Schema,
    triples: &[Triple],
    syntax: RdfSyntax,
    output: impl Write,
) -> Result<RdfExported, ExchangeError> {
    let mut prefixes = prefixes(schema);
    prefixes.retain(|_, namespace| triples.iter().any(|triple| names_below(triple, namespace)));
    let writer = Writer::begin(syntax, prefixes, output)?;
    let mut exporter = Exporter { syntax, writer, exported: RdfExported::default() };
    triples.iter().try_for_each(|triple| exporter.write(triple, None))?;
    exporter.writer.finish()?;
    Ok(exporter.exported)
}

/// Says whether a triple has an IRI in a namespace.
fn names_below(triple: &Triple, namespace: &str) -> bool {
    triple.predicate.starts_with(namespace)
        || [&triple.subject, &triple.object].into_iter().any(|term| match term {
            Term::Iri(iri) => iri.starts_with(namespace),
            Term::Literal(literal) => literal.language.is_none() && literal.datatype.starts_with(namespace),
            Term::Triple(inner) => names_below(inner, namespace),
            Term::Blank(_) => false,
        })
}

/// Returns the prefixes of the schema, and those of the terms that every graph is written with.
pub fn prefixes(schema: &Schema) -> BTreeMap<String, String> {
    let mut prefixes: BTreeMap<String, String> = crate::rdf::PREFIXES
        .iter()
        .map(|(prefix, namespace)| ((*prefix).to_owned(), (*namespace).to_owned()))
        .collect();
    let declared = schema.prefixes.iter();
    let declared: Vec<(&String, &String)> = declared.filter(|(_, namespace)| crate::rdf::is_iri(namespace)).collect();
    // A namespace keeps the prefix that the schema gives it.
    prefixes.retain(|_, namespace| declared.iter().all(|(_, other)| other != &namespace));
    prefixes.extend(declared.into_iter().map(|(prefix, namespace)| (prefix.clone(), namespace.clone())));
    prefixes
}

struct Exporter<Output: Write> {
    syntax: RdfSyntax,
    writer: Writer<Output>,
    exported: RdfExported,
}

impl<Output: Write> Exporter<Output> {
    fn write(&mut self, triple: &Triple, graph: Option<&Term>) -> Result<(), ExchangeError> {
        if let Some(reason) = obstacle(self.syntax, triple) {
            self.exported.losses.push(Loss { triple: triple.clone(), reason });
            return Ok(());
        }
        self.exported.triples += 1;
        Ok(self.writer.write(triple, graph)?)
    }
}

enum Writer<Output: Write> {
    Library(Box<WriterQuadSerializer<Output>>),
    RdfXml(RdfXmlWriter<Output>),
}

impl<Output: Write> Writer<Output> {
    fn begin(syntax: RdfSyntax, prefixes: BTreeMap<String, String>, output: Output) -> io::Result<Self> {
        if syntax == RdfSyntax::RdfXml {
            return Ok(Writer::RdfXml(RdfXmlWriter::begin(output, &prefixes)?));
        }
        let mut serializer = RdfSerializer::from_format(format_of(syntax));
        for (prefix, namespace) in prefixes {
            // A namespace that the syntax refuses as a prefix is written out.
            if let Ok(with_prefix) = serializer.clone().with_prefix(prefix, namespace) {
                serializer = with_prefix;
            }
        }
        Ok(Writer::Library(Box::new(serializer.for_writer(output))))
    }

    fn write(&mut self, triple: &Triple, graph: Option<&Term>) -> io::Result<()> {
        match self {
            Writer::RdfXml(writer) => writer.write(triple),
            Writer::Library(writer) => {
                let Some(triple) = to_library(triple) else { return Ok(()) };
                match graph.and_then(subject_to_library) {
                    Some(graph) => writer.serialize_quad(&triple.in_graph(graph)),
                    None => writer.serialize_triple(&triple),
                }
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        let mut output = match self {
            Writer::Library(writer) => writer.finish()?,
            Writer::RdfXml(writer) => writer.finish()?,
        };
        output.flush()
    }
}
