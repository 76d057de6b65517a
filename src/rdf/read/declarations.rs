//! The schema out of its declarations: what the graph has declared already stays, what is new is added.

use serde::Deserialize;

use crate::graph::{IndexDefinition, IndexKind, IndexTarget, Transaction};
use crate::knowledge::{
    GraphDeclaration, LabelDeclaration, PropertyDeclaration, Schema, SourceDeclaration, TypeDeclaration,
};
use crate::rdf::name::IRI_PROPERTY;
use crate::rdf::term::Term;
use crate::rdf::vocabulary::{own, rdf};

use super::ReadError;
use super::triples::Triples;

/// A declaration, by what it is of.
#[derive(Deserialize)]
#[serde(untagged)]
enum Declaration {
    Label { label: String, declared: LabelDeclaration },
    Type { r#type: String, declared: TypeDeclaration },
    Property { property: String, declared: PropertyDeclaration },
    Graph(Box<GraphPart>),
}

/// What is declared of the whole graph.
#[derive(Deserialize)]
struct GraphPart {
    #[serde(default)]
    graph: GraphDeclaration,
    #[serde(default)]
    source: Option<SourceDeclaration>,
    #[serde(flatten)]
    rest: Schema,
}

/// Adds what a file declares to the schema.
pub(super) fn read_declarations(transaction: &mut Transaction, triples: &Triples) -> Result<(), ReadError> {
    let mut schema = Schema::clone(transaction.view().catalogue().schema());
    for triple in triples.iter().filter(|triple| triple.predicate == own::DECLARATION) {
        let Term::Literal(literal) = &triple.object else { continue };
        if literal.datatype != rdf::JSON {
            continue;
        }
        let declaration: Declaration = serde_json::from_str(&literal.text)
            .map_err(|error| ReadError::Declaration { text: literal.text.to_string(), message: error.to_string() })?;
        add(&mut schema, declaration);
    }
    if schema != **transaction.view().catalogue().schema() {
        transaction.declare_schema(schema)?;
    }
    Ok(())
}

fn add(schema: &mut Schema, declaration: Declaration) {
    match declaration {
        Declaration::Label { label, declared } => {
            schema.labels.entry(label).or_insert(declared);
        }
        Declaration::Type { r#type, declared } => {
            schema.types.entry(r#type).or_insert(declared);
        }
        Declaration::Property { property, declared } => {
            schema.properties.entry(property).or_insert(declared);
        }
        Declaration::Graph(part) => {
            if schema.graph == GraphDeclaration::default() {
                schema.graph = part.graph;
            }
            schema.source = schema.source.take().or(part.source);
            for (prefix, namespace) in part.rest.prefixes {
                schema.prefixes.entry(prefix).or_insert(namespace);
            }
            for (name, unit) in part.rest.units {
                schema.units.entry(name).or_insert(unit);
            }
        }
    }
}

/// Makes each label's key unique, which also indexes it; a label without one has its nodes' IRIs for it. Where values come twice, the label
/// stays without.
pub(super) fn make_keys_unique(transaction: &mut Transaction) {
    let catalogue = transaction.view().catalogue();
    let schema = catalogue.schema().clone();
    let mut wanted = Vec::new();
    for (label, name) in catalogue.labels() {
        let declared = schema.labels.contains_key(name.as_str());
        let property = schema.key_of(name).filter(|_| declared).unwrap_or(IRI_PROPERTY);
        let Some(key) = catalogue.property_key_id(property) else { continue };
        if property == IRI_PROPERTY && transaction.view().statistics().node_values(Some(label), key) == 0 {
            continue;
        }
        let name = smol_str::format_smolstr!("{name}_{property}_key");
        let definition = IndexDefinition::single(name, IndexTarget::Node(label), key, IndexKind::Unique);
        if !catalogue.indexes().iter().any(|other| other.is_same(&definition)) {
            wanted.push(definition);
        }
    }
    for definition in wanted {
        let _ = transaction.create_index(definition);
    }
}
