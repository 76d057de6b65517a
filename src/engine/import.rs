//! Bringing whole files into a database: graph packages, folders with `import.toml`, files of rows, RDF.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::exchange::package::{MANIFEST, import_package};
#[cfg(feature = "rdf")]
use crate::exchange::rdf::{RdfImport, RdfSyntax};
use crate::exchange::{
    CsvImport, FolderImport, ImportProgress, ImportReport, NODES_FILE, TableFormat, TableImport, is_part,
};
use crate::graph::{Snapshot, Transaction};
use crate::vector::Threads;

use super::{Database, Error};

/// Something to import, and how it is to be read.
#[derive(Clone, Debug)]
pub struct ImportSource {
    path: PathBuf,
    form: Form,
}

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Package,
    Folder,
    /// What `export csv` wrote.
    Rows,
    Table {
        format: TableFormat,
        label: String,
        key: Option<String>,
    },
    #[cfg(feature = "rdf")]
    Rdf {
        syntax: RdfSyntax,
        base: Option<String>,
    },
}

/// What the files themselves do not say.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportHints<'a> {
    /// The label of the nodes in files of rows.
    pub label: Option<&'a str>,
    /// The property that tells those nodes apart.
    pub key: Option<&'a str>,
    /// What relative IRIs in RDF files are resolved against.
    pub base: Option<&'a str>,
}

impl ImportSource {
    /// Returns what a path holds: a folder with `graph.toml` or `import.toml`, or with what `export csv` wrote; an RDF file; or a file of rows, whose nodes get the label given
    /// and are told apart by the key, if one is given.
    ///
    /// # Errors
    /// In words, if the path cannot be read or nothing says how.
    pub fn of(path: &Path, hints: ImportHints<'_>) -> Result<ImportSource, String> {
        let name = path.display();
        let found = std::fs::metadata(path).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
        #[cfg(feature = "rdf")]
        if let Some(syntax) = path.extension().and_then(|extension| RdfSyntax::of_extension(extension.to_str()?))
            && !found.is_dir()
        {
            let form = Form::Rdf { syntax, base: hints.base.map(str::to_owned) };
            return Ok(ImportSource { path: path.to_owned(), form });
        }
        let form = if found.is_dir() {
            if path.join(MANIFEST).is_file() {
                Form::Package
            } else if path.join("import.toml").is_file() {
                Form::Folder
            } else if is_part(&path.join(NODES_FILE)) {
                Form::Rows
            } else {
                return Err(format!("`{name}` has neither a `{MANIFEST}` nor an `import.toml`"));
            }
        } else {
            let known = "known are .csv, .tsv, .jsonl, .ndjson, .ttl, .nt, .nq, .trig, .jsonld, .rdf, and folders";
            let format = TableFormat::of(path).ok_or_else(|| format!("`{name}` is in no known format; {known}"))?;
            // A pipe is read once only.
            if found.is_file() && path.extension().is_some_and(|extension| extension == "csv") && is_part(path) {
                return Err(format!(
                    "`{name}` is one of the two files of `export csv`; name the folder that they are in"
                ));
            }
            let label = hints.label.ok_or_else(|| format!("`{name}` does not say the label of its nodes; name it"))?;
            Form::Table { format, label: label.to_owned(), key: hints.key.map(str::to_owned) }
        };
        Ok(ImportSource { path: path.to_owned(), form })
    }

    /// Says whether it comes in whole or not at all, so that no row of it can be put aside.
    pub fn is_whole(&self) -> bool {
        matches!(self.form, Form::Package | Form::Rows)
    }

    fn load(
        &self,
        base: &Snapshot,
        threads: &Threads,
        mut progress: &mut dyn FnMut(&ImportProgress),
        bad_rows: Option<&mut dyn Write>,
    ) -> Result<(Snapshot, ImportReport), Error> {
        let progress = &mut progress;
        let bad_rows = bad_rows.map(|writer| writer as &mut dyn Write);
        match &self.form {
            Form::Package => {
                let mut transaction = Transaction::begin_load(base.clone());
                import_package(&mut transaction, &self.path, progress)?;
                let (graph, _) = transaction.commit()?;
                let nodes = graph.node_count() - base.node_count();
                let relationships = graph.relationship_count() - base.relationship_count();
                Ok((graph, ImportReport { nodes, relationships, bad_rows: 0 }))
            }
            Form::Rows => Ok(CsvImport { folder: self.path.clone(), threads, progress }.run(base)?),
            Form::Folder => Ok(FolderImport::new(&self.path, threads, progress, bad_rows).run(base)?),
            #[cfg(feature = "rdf")]
            Form::Rdf { syntax, base: iri } => {
                let (path, syntax, iri) = (self.path.clone(), *syntax, iri.as_deref());
                Ok(RdfImport { path, syntax, base: iri, progress, bad_rows }.run(base)?)
            }
            Form::Table { format, label, key } => {
                let (path, format, key) = (self.path.clone(), *format, key.as_deref());
                Ok(TableImport { path, format, label, key, threads, progress, bad_rows }.run(base)?)
            }
        }
    }
}

impl Database {
    /// Imports all sources, in order, or nothing of them. Bad rows are put aside where a writer for them is given, and refused otherwise.
    ///
    /// # Errors
    /// Whatever is wrong with the files, a key that is there twice, and the disk's errors; the database is as it was then.
    pub fn import(
        &self,
        sources: &[ImportSource],
        progress: &mut dyn FnMut(&ImportProgress),
        mut bad_rows: Option<&mut dyn Write>,
    ) -> Result<ImportReport, Error> {
        self.load(|base| {
            let (mut graph, mut total) = (base.clone(), ImportReport::default());
            for source in sources {
                let aside = bad_rows.as_mut().map(|writer| &mut **writer as &mut dyn Write);
                let (loaded, brought) = source.load(&graph, self.threads(), progress, aside)?;
                graph = loaded;
                total += brought;
            }
            Ok((graph, total))
        })
    }
}
