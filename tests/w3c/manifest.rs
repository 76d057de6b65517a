//! The manifests of the suites: what each entry asks, read from their Turtle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oxrdf::{Graph, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use oxrdfio::{RdfFormat, RdfParser};

const MANIFEST: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const QUERY: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// One entry of a manifest.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Folder and name: `rdf/rdf11/rdf-turtle/IRI_subject`.
    pub id: String,
    /// The last part of its class: `TestTurtleEval`.
    pub kind: String,
    /// The file that is read, or holds the query.
    pub action: PathBuf,
    /// The files of the default graph of a query.
    pub data: Vec<PathBuf>,
    /// Whether the query is asked of named graphs too.
    pub has_graphs: bool,
    /// What must come out.
    pub result: Option<PathBuf>,
    /// The IRI that the action is read under.
    pub base: String,
}

/// Returns the entries of all manifests below a folder, in order of their ids.
pub fn entries(root: &Path) -> Vec<Entry> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(listed) = std::fs::read_dir(&folder) else { continue };
        for path in listed.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "manifest.ttl") {
                found.extend(entries_of(root, &path).into_iter().map(|entry| (entry.id.clone(), entry)));
            }
        }
    }
    found.into_values().collect()
}

fn entries_of(root: &Path, manifest: &Path) -> Vec<Entry> {
    let folder = manifest.parent().expect("a file lies in a folder");
    let here = folder.strip_prefix(root).expect("it was found below").display().to_string();
    // The suites name their base by the folder on the web; the place below it is the same.
    let base = format!("https://w3c.github.io/rdf-tests/{here}/");
    let text = std::fs::read(manifest).expect("the suite is readable");
    let parser = RdfParser::from_format(RdfFormat::Turtle).with_base_iri(format!("{base}manifest.ttl"));
    let quads = parser.expect("the base is an IRI").for_slice(&text);
    let graph: Graph = quads.map(|quad| oxrdf::Triple::from(quad.expect("a manifest is Turtle"))).collect();
    let manifest = Manifest { graph, base: base.clone(), folder: folder.to_owned() };
    let tests = manifest.graph.iter().filter(|triple| triple.predicate.as_str() == TYPE);
    let tests = tests.filter_map(|triple| match triple.object {
        oxrdf::TermRef::NamedNode(class) if class.as_str().contains("Test") => {
            Some((triple.subject.into_owned(), class.as_str().to_owned()))
        }
        _ => None,
    });
    tests.filter_map(|(test, class)| manifest.entry(&here, test, &class)).collect()
}

struct Manifest {
    graph: Graph,
    base: String,
    folder: PathBuf,
}

impl Manifest {
    fn entry(&self, here: &str, test: NamedOrBlankNode, class: &str) -> Option<Entry> {
        let NamedOrBlankNode::NamedNode(name) = &test else { return None };
        let name = name.as_str().rsplit(['#', '/']).next()?.to_owned();
        let action = self.all(&test, MANIFEST, "action").pop()?;
        let (files, data, graphs) = match &action {
            Term::BlankNode(node) => {
                let node = NamedOrBlankNode::from(node.clone());
                let files = self.all(&node, QUERY, "query");
                (files, self.all(&node, QUERY, "data"), self.all(&node, QUERY, "graphData"))
            }
            _ => (vec![action], Vec::new(), Vec::new()),
        };
        let file = self.path(files.first()?)?;
        let base = format!("{}{}", self.base, file.strip_prefix(&self.folder).ok()?.display());
        Some(Entry {
            id: format!("{here}/{name}"),
            kind: class.rsplit('#').next()?.to_owned(),
            action: file,
            data: data.iter().filter_map(|term| self.path(term)).collect(),
            has_graphs: !graphs.is_empty(),
            result: self.all(&test, MANIFEST, "result").first().and_then(|term| self.path(term)),
            base,
        })
    }

    fn all(&self, subject: &NamedOrBlankNode, namespace: &str, name: &str) -> Vec<Term> {
        let predicate = NamedNode::new_unchecked(format!("{namespace}{name}"));
        let predicate: NamedNodeRef<'_> = predicate.as_ref();
        self.graph.objects_for_subject_predicate(subject, predicate).map(oxrdf::TermRef::into_owned).collect()
    }

    fn path(&self, term: &Term) -> Option<PathBuf> {
        let Term::NamedNode(node) = term else { return None };
        Some(self.folder.join(node.as_str().strip_prefix(&self.base)?))
    }
}
