//! Why a schema cannot be seen as RDF.

use smol_str::SmolStr;
use thiserror::Error;

/// What is wrong with the terms that a schema declares.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MappingError {
    /// A term is no IRI, and its prefix is not declared.
    #[error("the term `{term}` of {owner} is no IRI, and none of the prefixes begins it")]
    NoIri {
        /// The term as declared.
        term: SmolStr,
        /// What declares it, with its sort.
        owner: String,
    },
    /// Two declarations would write the same triples.
    #[error("{owner} and {other} have the same term `{iri}`: what one writes would be read as the other")]
    SameTerm {
        /// The term, written out.
        iri: SmolStr,
        /// What declares it.
        owner: String,
        /// What declared it before.
        other: String,
    },
}
