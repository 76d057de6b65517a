//! A database: the graph as it is now, the right to write it, the procedures, and plans made before.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::exchange::package::{load_builtin, load_package};
use crate::graph::{self, Change, Snapshot};
use crate::procedure::Registry;
use crate::value::{ResultValue, Value};
use crate::vector::Threads;

use super::database_file::DatabaseFile;
use super::error::{Error, StateError};
use super::lens::LensCache;
use super::parameters::plain;
use super::plan_cache::PlanCache;
use super::retired::Retired;
#[cfg(feature = "rdf")]
use super::sparql::TriplesCache;
use super::stack::with_ample_stack;
use super::writer::{WritePermit, Writer};
use super::{CancelHandle, Connection, Options, machine};

/// This share of the memory limit may hold parts of the file between statements.
const CLEAN_SHARE: usize = 4;

/// A graph that connections read and write. A clone is another handle of the same graph; any thread may hold one.
///
/// ```
/// let database = yuanpu::Database::in_memory();
/// let mut connection = database.connect();
/// connection.run("CREATE (:City {name: 'Suzhou'})", ())?;
/// let answer = connection.run("MATCH (c:City) RETURN c.name AS name", ())?;
/// assert_eq!(answer.columns, ["name"]);
/// # Ok::<(), yuanpu::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Database {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    current: RwLock<Published>,
    retired: Retired,
    writer: Arc<Writer>,
    procedures: RwLock<Procedures>,
    plans: Mutex<PlanCache>,
    lenses: Mutex<LensCache>,
    /// The names of the last graph that was seen as RDF.
    #[cfg(feature = "rdf")]
    triples: Mutex<TriplesCache>,
    /// Where it is kept; none if in memory only.
    file: Option<DatabaseFile>,
    options: Options,
    memory_limit_bytes: usize,
    threads: Threads,
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Whoever wants to hear of an error calls `close`; what was committed is in the file without it.
        if let Some(file) = &self.file {
            let current = self.current.get_mut().unwrap_or_else(PoisonError::into_inner);
            let _ = file.close(&current.snapshot);
        }
    }
}

/// The graph that a statement begins with.
#[derive(Clone, Debug, Default)]
pub(super) struct Published {
    /// The graph.
    pub(super) snapshot: Snapshot,
    /// How often names, schema or indexes have changed.
    pub(super) catalogue_version: u64,
}

/// The procedures that a statement can call.
#[derive(Clone, Debug, Default)]
pub(super) struct Procedures {
    /// The procedures.
    pub(super) registry: Arc<Registry>,
    /// How often they have changed.
    pub(super) version: u64,
}

impl Database {
    /// Returns an empty graph in memory.
    pub fn in_memory() -> Database {
        Database::in_memory_with(Options::default())
    }

    /// Returns an empty graph in memory that behaves as told.
    pub fn in_memory_with(options: Options) -> Database {
        Database::from_snapshot(Snapshot::empty(), options)
    }

    /// Returns the graph that is built into the program; what is written to it stays in memory.
    ///
    /// ```
    /// let mut connection = yuanpu::Database::builtin()?.connect();
    /// let answer = connection.run("MATCH (f:Fund {id: 'fund/xiongan'}) RETURN f.size_cny AS yuan", ())?;
    /// assert_eq!(answer.columns, ["yuan"]);
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    ///
    /// # Errors
    /// None, if the program was built from a package that its own check found good.
    pub fn builtin() -> Result<Database, Error> {
        Database::builtin_with(Options::default())
    }

    /// Returns the graph that is built into the program, behaving as told.
    ///
    /// # Errors
    /// As [`Database::builtin`].
    pub fn builtin_with(options: Options) -> Result<Database, Error> {
        Ok(Database::from_snapshot(load_builtin()?, options))
    }

    /// Returns the graph of the package in a folder; what is written to it stays in memory.
    ///
    /// # Errors
    /// All that is wrong with the package's files, each with its place.
    pub fn from_package(folder: impl AsRef<Path>, options: Options) -> Result<Database, Error> {
        Ok(Database::from_snapshot(load_package(folder.as_ref())?, options))
    }

    /// Returns a graph in memory that begins as a snapshot.
    pub(crate) fn from_snapshot(snapshot: Snapshot, options: Options) -> Database {
        Database::new(snapshot, None, options)
    }

    /// Returns a graph that begins as a snapshot and is kept in a file, if one is given.
    pub(super) fn new(snapshot: Snapshot, file: Option<DatabaseFile>, options: Options) -> Database {
        let memory_limit_bytes = options.memory_limit_bytes.unwrap_or_else(machine::half_of_memory_bytes);
        let shared = Shared {
            current: RwLock::new(Published { snapshot, catalogue_version: 0 }),
            retired: Retired::default(),
            writer: Arc::default(),
            procedures: RwLock::default(),
            plans: Mutex::default(),
            lenses: Mutex::default(),
            #[cfg(feature = "rdf")]
            triples: Mutex::default(),
            file,
            threads: options.threads.map_or_else(Threads::default, Threads::new),
            options,
            memory_limit_bytes,
        };
        Database { shared: Arc::new(shared) }
    }

    /// Says whether both are handles of the same graph.
    pub(super) fn is_same(&self, other: &Database) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Returns a new connection.
    pub fn connect(&self) -> Connection {
        Connection::new(self.clone())
    }

    /// Adds a procedure that looks up rows: of each row the first values are what the arguments must equal, the others its results.
    ///
    /// ```
    /// use yuanpu::ResultValue;
    /// let database = yuanpu::Database::in_memory();
    /// let rows = vec![vec![ResultValue::Integer(512), ResultValue::string("Suzhou")]];
    /// database.register_table("area.city(code :: INTEGER?) :: (city :: STRING?)", &rows)?;
    /// let answer = database.connect().run("CALL area.city(512) YIELD city RETURN city", ())?;
    /// assert_eq!(answer.rows[0][0], ResultValue::string("Suzhou"));
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the signature cannot be read, if a row has another number of values than it names, or if one of them is a graph element.
    pub fn register_table(&self, signature: &str, rows: &[Vec<ResultValue>]) -> Result<(), Error> {
        let rows = rows.iter().map(|row| row.iter().map(plain).collect()).collect::<Result<_, String>>();
        let rows = rows.map_err(|message| Error::from(StateError::BadProcedure { message }))?;
        self.register_rows(signature, rows)
    }

    /// Adds a procedure that looks up rows.
    pub(crate) fn register_rows(&self, signature: &str, rows: Vec<Vec<Value>>) -> Result<(), Error> {
        let mut procedures = self.shared.procedures.write().unwrap_or_else(PoisonError::into_inner);
        let registered = Arc::make_mut(&mut procedures.registry).register_table(signature, rows);
        procedures.version += 1;
        registered.map_err(|message| StateError::BadProcedure { message }.into())
    }

    /// Returns the graph as the last commit left it.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.published().snapshot
    }

    pub(super) fn published(&self) -> Published {
        self.shared.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn procedures(&self) -> Procedures {
        self.shared.procedures.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn plans(&self) -> MutexGuard<'_, PlanCache> {
        self.shared.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lenses(&self) -> MutexGuard<'_, LensCache> {
        self.shared.lenses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(feature = "rdf")]
    pub(super) fn triples(&self) -> MutexGuard<'_, TriplesCache> {
        self.shared.triples.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn options(&self) -> &Options {
        &self.shared.options
    }

    /// Returns the threads that long work is shared among.
    pub(super) fn threads(&self) -> &Threads {
        &self.shared.threads
    }

    pub(super) fn memory_limit_bytes(&self) -> usize {
        self.shared.memory_limit_bytes
    }

    /// Waits for the right to write.
    pub(super) fn acquire_writer(&self, cancel: &CancelHandle) -> Result<WritePermit, Error> {
        if self.shared.options.read_only {
            return Err(StateError::ReadOnly.into());
        }
        self.shared.writer.acquire(self.shared.options.lock_timeout, cancel)
    }

    /// Makes what a transaction wrote the graph that statements begin with, once it is safe in the file; whoever has the permit is alone
    /// here.
    pub(super) fn publish(&self, transaction: graph::Transaction, _permit: &WritePermit) -> Result<(), Error> {
        let (snapshot, changes) = transaction.commit()?;
        if changes.is_empty() {
            return Ok(());
        }
        if let Some(file) = &self.shared.file {
            file.commit(&changes, &snapshot)?;
        }
        self.replace(snapshot.clone(), changes.iter().any(is_of_catalogue));
        if let Some(file) = &self.shared.file {
            file.fold_if_due(&snapshot);
        }
        Ok(())
    }

    /// Lets statements begin with another graph, which the file has if there is one.
    pub(super) fn replace(&self, snapshot: Snapshot, with_catalogue: bool) {
        let mut current = self.shared.current.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut current.snapshot, snapshot);
        current.catalogue_version += u64::from(with_catalogue);
        // Whoever begins to read does not wait until what only the graph before held is freed.
        drop(current);
        self.shared.retired.add(before);
    }

    /// Lets statements begin with what another process has committed to a file that is only read here.
    pub(super) fn follow(&self) -> Result<(), Error> {
        match self.file() {
            Some(file) if self.shared.options.read_only => {
                Ok(with_ample_stack(|| file.follow(|snapshot| self.replace(snapshot, true)))?)
            }
            _ => Ok(()),
        }
    }

    /// Gives memory back where a statement has ended: graphs that nobody reads any more, and parts of the file that are held unchanged, once
    /// they are more than a quarter of the limit.
    pub(super) fn relieve(&self) {
        self.shared.retired.relieve();
        let Some(file) = self.file() else { return };
        let kept_bytes = self.shared.memory_limit_bytes / CLEAN_SHARE;
        if file.clean_size_bytes() <= kept_bytes {
            return;
        }
        // Whoever writes began from the graph that is to be replaced; the next statement tries again.
        let Some(_permit) = self.shared.writer.try_acquire() else { return };
        self.lenses().clear();
        #[cfg(feature = "rdf")]
        self.triples().forget();
        file.forget();
        let snapshot = self.snapshot().give_back(kept_bytes / 2);
        self.replace(snapshot, false);
    }

    /// Returns the file that the graph is kept in; none if in memory only.
    pub(super) fn file(&self) -> Option<&DatabaseFile> {
        self.shared.file.as_ref()
    }
}

/// Says whether a change is one of names, schema or indexes, which plans depend on.
pub(super) fn is_of_catalogue(change: &Change) -> bool {
    matches!(
        change,
        Change::Label(_)
            | Change::RelationshipType(_)
            | Change::PropertyKey(_)
            | Change::Schema(_)
            | Change::CreateIndex(_)
            | Change::DropIndex(_)
    )
}
