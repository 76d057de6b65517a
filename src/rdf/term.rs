//! RDF terms as plain data (RDF 1.2 Concepts, section 3), with their N-Triples form as `Display`.

use std::fmt::{self, Write};

use smol_str::SmolStr;

use super::vocabulary::{rdf, xsd};

/// An IRI, a blank node, a literal, or a triple as a term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// An absolute IRI.
    Iri(SmolStr),
    /// A blank node, by its label.
    Blank(SmolStr),
    /// A literal.
    Literal(Literal),
    /// A triple term.
    Triple(Box<Triple>),
}

/// Text with a datatype, and with a language where it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Literal {
    /// The lexical form.
    pub text: SmolStr,
    /// The datatype's IRI.
    pub datatype: SmolStr,
    /// The language tag (BCP 47); where a base direction is given, it follows two hyphens: `ar--rtl`.
    pub language: Option<SmolStr>,
}

/// A subject, a predicate's IRI and an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Triple {
    /// What is spoken of.
    pub subject: Term,
    /// The predicate's IRI.
    pub predicate: SmolStr,
    /// What is said of it.
    pub object: Term,
}

impl Literal {
    /// Returns a literal of a datatype.
    pub fn typed(text: impl AsRef<str>, datatype: &'static str) -> Literal {
        Literal { text: SmolStr::new(text), datatype: SmolStr::new_static(datatype), language: None }
    }

    /// Returns plain text.
    pub fn plain(text: impl AsRef<str>) -> Literal {
        Literal::typed(text, xsd::STRING)
    }

    /// Returns text in a language; the tag is written in one way, since tags are the same in any case.
    pub fn tagged(text: impl AsRef<str>, language: &str) -> Literal {
        let datatype = if language.contains("--") { rdf::DIR_LANG_STRING } else { rdf::LANG_STRING };
        Literal {
            text: SmolStr::new(text),
            datatype: SmolStr::new_static(datatype),
            language: Some(usual_case(language)),
        }
    }

    /// Says whether this is text without language or datatype.
    pub fn is_plain(&self) -> bool {
        self.language.is_none() && self.datatype == xsd::STRING
    }
}

/// Returns a language tag in the case that BCP 47 recommends (RFC 5646, section 2.1.1): `zh-Hant-TW`.
fn usual_case(tag: &str) -> SmolStr {
    let (language, direction) = tag.split_once("--").unwrap_or((tag, ""));
    let subtags = language.split('-').enumerate().map(|(place, subtag)| match (place, subtag.len()) {
        (0, _) => subtag.to_ascii_lowercase(),
        (_, 2) => subtag.to_ascii_uppercase(),
        (_, 4) => {
            let mut letters = subtag.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect()
        }
        _ => subtag.to_ascii_lowercase(),
    });
    let language = subtags.collect::<Vec<_>>().join("-");
    if direction.is_empty() { language.into() } else { smol_str::format_smolstr!("{language}--{direction}") }
}

impl Term {
    /// Returns the IRI, if this is one.
    pub fn as_iri(&self) -> Option<&SmolStr> {
        match self {
            Term::Iri(iri) => Some(iri),
            _ => None,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Iri(iri) => write!(formatter, "<{iri}>"),
            Term::Blank(label) => write!(formatter, "_:{label}"),
            Term::Literal(literal) => literal.fmt(formatter),
            Term::Triple(triple) => write!(formatter, "<<( {triple} )>>"),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_char('"')?;
        for character in self.text.chars() {
            match character {
                '"' => formatter.write_str("\\\"")?,
                '\\' => formatter.write_str("\\\\")?,
                '\n' => formatter.write_str("\\n")?,
                '\r' => formatter.write_str("\\r")?,
                '\t' => formatter.write_str("\\t")?,
                character if character.is_control() => write!(formatter, "\\u{:04X}", u32::from(character))?,
                character => formatter.write_char(character)?,
            }
        }
        formatter.write_char('"')?;
        match &self.language {
            Some(language) => write!(formatter, "@{language}"),
            None if self.datatype == xsd::STRING => Ok(()),
            None => write!(formatter, "^^<{}>", self.datatype),
        }
    }
}

impl fmt::Display for Triple {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} <{}> {}", self.subject, self.predicate, self.object)
    }
}
