//! RDF/XML, written so that it is well-formed whatever the graph holds.
//!
//! Every subject is an `rdf:Description` and every class an `rdf:type`: no name of XML is made of what the graph calls its things, only of
//! predicates, and those that end in no name have been left out before. Carriage returns are written as references, because readers of XML
//! would take them for line feeds.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::rdf::{Literal, Term, Triple};

use super::loss::local_name;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// Writes triples as RDF/XML; triples of one subject should come together.
pub(super) struct RdfXmlWriter<Output: Write> {
    output: Output,
    /// Prefixes by what they stand for.
    prefixes: BTreeMap<String, String>,
    subject: Option<Term>,
}

impl<Output: Write> RdfXmlWriter<Output> {
    /// Begins a document with these prefixes.
    pub(super) fn begin(mut output: Output, prefixes: &BTreeMap<String, String>) -> io::Result<Self> {
        let mut by_namespace: BTreeMap<String, String> = BTreeMap::new();
        for (prefix, namespace) in prefixes.iter().filter(|(prefix, _)| is_prefix(prefix)) {
            by_namespace.entry(namespace.clone()).or_insert_with(|| prefix.clone());
        }
        by_namespace.insert(RDF.to_owned(), "rdf".to_owned());
        output.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF")?;
        let mut sorted: Vec<(&String, &String)> =
            by_namespace.iter().map(|(namespace, prefix)| (prefix, namespace)).collect();
        sorted.sort_unstable();
        for (prefix, namespace) in sorted {
            write!(output, "\n    xmlns:{prefix}=\"{}\"", escaped(namespace))?;
        }
        output.write_all(b">\n")?;
        Ok(RdfXmlWriter { output, prefixes: by_namespace, subject: None })
    }

    /// Writes a triple whose predicate ends in a name of XML.
    pub(super) fn write(&mut self, triple: &Triple) -> io::Result<()> {
        if self.subject.as_ref() != Some(&triple.subject) {
            self.close_subject()?;
            writeln!(self.output, "  <rdf:Description {}>", reference("rdf:about", &triple.subject))?;
            self.subject = Some(triple.subject.clone());
        }
        self.output.write_all(b"    ")?;
        self.write_statement(triple)?;
        self.output.write_all(b"\n")
    }

    /// Ends the document and returns the output.
    pub(super) fn finish(mut self) -> io::Result<Output> {
        self.close_subject()?;
        self.output.write_all(b"</rdf:RDF>\n")?;
        Ok(self.output)
    }

    fn close_subject(&mut self) -> io::Result<()> {
        match self.subject.take() {
            Some(_) => self.output.write_all(b"  </rdf:Description>\n"),
            None => Ok(()),
        }
    }

    fn write_statement(&mut self, triple: &Triple) -> io::Result<()> {
        let (namespace, local) = local_name(&triple.predicate).unwrap_or((RDF, "value"));
        let (name, declaration) = match self.prefixes.get(namespace) {
            Some(prefix) => (format!("{prefix}:{local}"), String::new()),
            None => (format!("ns:{local}"), format!(" xmlns:ns=\"{}\"", escaped(namespace))),
        };
        match &triple.object {
            term @ (Term::Iri(_) | Term::Blank(_)) => {
                write!(self.output, "<{name}{declaration} {}/>", reference("rdf:resource", term))
            }
            Term::Literal(literal) => {
                write!(self.output, "<{name}{declaration}{}>{}</{name}>", kind(literal), escaped(&literal.text))
            }
            Term::Triple(inner) => {
                write!(self.output, "<{name}{declaration} rdf:version=\"1.2\" rdf:parseType=\"Triple\">")?;
                write!(self.output, "<rdf:Description {}>", reference("rdf:about", &inner.subject))?;
                self.write_statement(inner)?;
                write!(self.output, "</rdf:Description></{name}>")
            }
        }
    }
}

/// Returns the attribute that names a resource.
fn reference(attribute: &str, term: &Term) -> String {
    match term {
        Term::Iri(iri) => format!("{attribute}=\"{}\"", escaped(iri)),
        Term::Blank(label) => format!("rdf:nodeID=\"{}\"", escaped(label)),
        Term::Literal(_) | Term::Triple(_) => String::new(),
    }
}

/// Returns the attributes that say what kind of literal it is.
fn kind(literal: &Literal) -> String {
    match literal.language.as_deref().map(|tag| tag.split_once("--").unwrap_or((tag, ""))) {
        Some((language, "")) => format!(" xml:lang=\"{}\"", escaped(language)),
        Some((language, direction)) => format!(
            " xml:lang=\"{}\" rdf:version=\"1.2\" xmlns:its=\"http://www.w3.org/2005/11/its\" its:version=\"2.0\" its:dir=\"{direction}\"",
            escaped(language)
        ),
        None if literal.is_plain() => String::new(),
        None => format!(" rdf:datatype=\"{}\"", escaped(&literal.datatype)),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Says whether a prefix of the schema can be one of XML, where those that begin with `xml` are taken.
fn is_prefix(prefix: &str) -> bool {
    !prefix.is_empty()
        && !prefix.to_ascii_lowercase().starts_with("xml")
        && prefix != "ns"
        && prefix.starts_with(|character: char| character.is_ascii_alphabetic())
        && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
