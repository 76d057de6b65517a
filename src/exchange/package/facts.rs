//! What a package says, typed and resolved: nodes, relationships and claims, in an order that its files do not decide.
//!
//! Nodes and relationships are numbered here from 0; whoever puts them into a graph knows which slots they got. Everything wrong is
//! collected, nothing is guessed.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::exchange::Finding;
use crate::knowledge::{Claim, Schema, Subject};
use crate::value::Value;

use super::files::PackageFiles;
use super::indexes::{IndexFact, read_indexes};
use super::manifest::{check_schema, read_manifest};
use super::place::Misfit;
use super::rows::{EMPTY, Package, RowPlace, TextId};

/// What a package says.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What it declares.
    pub schema: Schema,
    /// The nodes, in order of id.
    pub nodes: Vec<NodeFact>,
    /// The relationships.
    pub relationships: Vec<RelationshipFact>,
    /// The claims; their subjects and sources are numbers of nodes and relationships here.
    pub claims: Vec<Claim>,
    /// The row that each claim stands in, as its place among the package's statements.
    pub rows: Vec<u32>,
    /// Properties that nobody claims; of subjects as claims have them.
    pub unsourced: Vec<(Subject, SmolStr, Value)>,
    /// The indexes and constraints beside the labels' keys.
    pub indexes: Vec<IndexFact>,
}

/// A node.
#[derive(Clone, Debug)]
pub struct NodeFact {
    /// Its id.
    pub id: SmolStr,
    /// Its labels, in order of name.
    pub labels: Vec<SmolStr>,
    /// What the catalogue of sources says of it, without claims.
    pub properties: Vec<(SmolStr, Value)>,
}

/// A relationship.
#[derive(Clone, Debug)]
pub struct RelationshipFact {
    /// Its type.
    pub kind: SmolStr,
    /// The number of the node it starts at.
    pub start: u32,
    /// The number of the node it ends at.
    pub end: u32,
}

/// No node has this number.
pub const NO_NODE: u32 = u32::MAX;

impl Facts {
    /// Reads what a package of files says.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(files: &PackageFiles) -> Result<Facts, Vec<Finding>> {
        Facts::of_files(&Package::read(files)?, files)
    }

    /// Returns what a package of files says, its rows already read.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn of_files(package: &Package, files: &PackageFiles) -> Result<Facts, Vec<Finding>> {
        match Facts::of(package) {
            Ok(mut facts) => {
                facts.indexes = read_indexes(files, &facts.schema)?;
                Ok(facts)
            }
            Err(misfits) => {
                let mut findings = misfits.located(package, files);
                let schema = read_manifest(&package.manifest).ok();
                findings.extend(schema.and_then(|schema| read_indexes(files, &schema).err()).into_iter().flatten());
                findings.sort();
                Err(findings)
            }
        }
    }

    /// Returns what a package says.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn of(package: &Package) -> Result<Facts, Misfits> {
        let schema = read_manifest(&package.manifest).map_err(Misfits::of_manifest)?;
        let mut resolver = Resolver {
            package,
            node_of_text: vec![NO_NODE; package.texts.len()],
            source_texts: BTreeSet::new(),
            facts: Facts { schema, ..Facts::default() },
            misfits: Misfits::default(),
        };
        resolver.misfits.manifest = check_schema(&package.manifest, &resolver.facts.schema);
        resolver.add_nodes();
        resolver.add_statements();
        if resolver.misfits.is_empty() { Ok(resolver.facts) } else { Err(resolver.misfits) }
    }
}

/// All that is wrong with a package.
#[derive(Clone, Debug, Default)]
pub struct Misfits {
    /// What is wrong with `graph.toml`.
    pub manifest: Vec<Finding>,
    /// What is wrong with rows.
    pub rows: Vec<Misfit>,
}

impl Misfits {
    fn of_manifest(finding: Finding) -> Misfits {
        Misfits { manifest: vec![finding], rows: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.manifest.is_empty() && self.rows.is_empty()
    }

    /// Returns the findings, in order of place.
    pub fn located(self, package: &Package, files: &PackageFiles) -> Vec<Finding> {
        let rows = self.rows.into_iter().map(|misfit| misfit.locate(package, files));
        let mut findings: Vec<Finding> = self.manifest.into_iter().chain(rows).collect();
        findings.sort();
        findings
    }
}

/// What is known while a package is resolved.
pub(super) struct Resolver<'p> {
    pub(super) package: &'p Package,
    /// The number of the node that a text is the id of.
    pub(super) node_of_text: Vec<u32>,
    /// The texts that are ids of sources.
    pub(super) source_texts: BTreeSet<TextId>,
    pub(super) facts: Facts,
    pub(super) misfits: Misfits,
}

impl Resolver<'_> {
    /// Notes something wrong with a cell.
    pub(super) fn refuse(&mut self, misfit: Misfit) {
        self.misfits.rows.push(misfit);
    }

    /// Returns the number of the node of an id; notes it where there is none.
    pub(super) fn node(&mut self, id: TextId, row: RowPlace, column: &'static str) -> u32 {
        let node = self.node_of_text[id as usize];
        if node == NO_NODE {
            let name = self.package.text(id).clone();
            let misfit = match id {
                EMPTY => Misfit::new(row, column, format!("`{column}` is empty")),
                _ => Misfit::new(row, column, format!("no node has the id `{name}`")),
            };
            let known = self.facts.nodes.iter().map(|node| node.id.as_str());
            let misfit = misfit.nearest(&name, known);
            self.refuse(misfit);
        }
        node
    }
}
