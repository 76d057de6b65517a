//! Opening and making database files: everything that is refused is refused here, before a byte of the file changes.
//!
//! Order of the questions: is it a file, ours (magic number), of a known format (header), free (locks), sound enough to
//! open (store crate), whole (log, directory)? Only then are the first writes let through.
//! A new file is made under another name and linked to its own when it is complete.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::FileBackend;
use redb::{Builder, ConcurrencyMode, Database, DatabaseError, ReadOnlyDatabase, ReadableDatabase};

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::file::front::Front;
use crate::storage::file::holder::find_holder;
use crate::storage::file::medium::{Backend, Disk, Floor, Locking, Medium};
use crate::storage::file::moment::{LOST_COMMIT, Moment, directory_of, read_moment};
use crate::storage::file::tables::{
    CHUNKS, DIRECTORY_KEY, LOG, META, TAIL_KEY, Tables, drop_tables, guarded, translate,
};
use crate::storage::file::temporary::{remove_left_behind, temporary_name};
use crate::storage::frame::{BadHeader, DIRECTORY_KIND, FORMAT_VERSION, HEADER_LIMIT_BYTES, Header, Tail, frame};
use crate::storage::store::{OpenOptions, Sync};

/// The first bytes of every file that is the store crate's alone.
const STORE_MAGIC: [u8; 9] = *b"redb\x1a\n\xa9\r\n";

/// An open handle of the store crate.
pub(super) enum Handle {
    /// One that may write; if the medium stays on probation, only to memory.
    Write(Database),
    /// One beside which another process may write.
    Read(ReadOnlyDatabase),
}

impl Handle {
    /// Begins to read.
    pub(super) fn tables(&self, path: &Path) -> Result<Tables, StorageError> {
        guarded(path, || {
            let transaction = match self {
                Handle::Write(database) => database.begin_read(),
                Handle::Read(database) => database.begin_read(),
            };
            Tables::open(&transaction.map_err(|error| translate("read", path, error))?, path)
        })
    }
}

/// A file that has been found to be ours and whole.
pub(super) struct Opened {
    pub(super) handle: Handle,
    pub(super) medium: Arc<Medium>,
    pub(super) front: Front,
    pub(super) directory: Arc<Directory>,
}

/// What is opened: a path, or a disk of the tests.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    Path(PathBuf),
    Disk(Arc<dyn Disk>),
}

/// Opens an origin, making it if that is asked.
pub(super) fn open(origin: &Origin, path: &Path, options: &OpenOptions) -> Result<Opened, StorageError> {
    match origin {
        Origin::Path(path) => open_path(path, options),
        Origin::Disk(disk) => {
            let medium = medium(path, Floor::Disk(disk.clone()), Locking::AsAsked, options)?;
            open_writing(path, medium, options, sharing(options.sync)).map_err(|refusal| refusal.into_error(path))
        }
    }
}

fn open_path(path: &Path, options: &OpenOptions) -> Result<Opened, StorageError> {
    let may_create = options.create && !options.read_only;
    match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && may_create => create(path, options, false)?,
        Err(source) => return Err(StorageError::io("open", path, source)),
        Ok(metadata) if !metadata.is_file() => return Err(foreign(path, "it is not a file")),
        Ok(metadata) if metadata.len() == 0 && may_create => create(path, options, true)?,
        Ok(_) => {}
    }
    if options.read_only { open_for_reading(path, options) } else { open_for_writing(path, options) }
}

/// Reads what a file says of itself, and refuses what is not ours or newer; none of a file with nothing in it.
fn read_header(path: &Path, floor: &Floor) -> Result<Option<Header>, StorageError> {
    let failed = |source| StorageError::io("open", path, source);
    let size = floor.size().map_err(failed)?;
    if size == 0 {
        return Ok(None);
    }
    let mut start = vec![0; size.min(HEADER_LIMIT_BYTES as u64) as usize];
    floor.read(0, &mut start).map_err(failed)?;
    let header = Header::decode(&start).map_err(|fault| match fault {
        BadHeader::Foreign if start.starts_with(&STORE_MAGIC) => foreign(path, "it is a redb file of another program"),
        BadHeader::Foreign => foreign(path, "it begins otherwise"),
        BadHeader::CutOff => StorageError::damaged(path, "it ends too early"),
        BadHeader::Damaged => StorageError::damaged(path, "its header has a wrong checksum"),
    })?;
    if header.version > FORMAT_VERSION {
        return Err(StorageError::NewerVersion {
            path: path.to_path_buf(),
            found: header.version,
            supported: FORMAT_VERSION,
            written_by: header.created_by,
        });
    }
    if size <= u64::from(header.front_size) {
        return Err(StorageError::damaged(path, "it ends too early"));
    }
    Ok(Some(header))
}

fn foreign(path: &Path, reason: &str) -> StorageError {
    StorageError::Foreign { path: path.to_path_buf(), reason: reason.to_string() }
}

/// Why one way of opening did not work; another may.
enum Refusal {
    /// The file system has no byte-range locks.
    NoRangeLocks,
    /// The file needs a repair, which this way of opening cannot make.
    NeedsRepair,
    Final(StorageError),
}

impl Refusal {
    fn into_error(self, path: &Path) -> StorageError {
        match self {
            Refusal::Final(error) => error,
            Refusal::NoRangeLocks => StorageError::io("lock", path, io::Error::from(io::ErrorKind::Unsupported)),
            Refusal::NeedsRepair => StorageError::damaged(path, "it needs a repair"),
        }
    }
}

fn open_for_writing(path: &Path, options: &OpenOptions) -> Result<Opened, StorageError> {
    let attempt = |mode| open_writing(path, writable(path, options)?, options, mode);
    match attempt(sharing(options.sync)) {
        Err(Refusal::NoRangeLocks) => attempt(ConcurrencyMode::ExclusiveWriter),
        outcome => outcome,
    }
    .map_err(|refusal| refusal.into_error(path))
}

/// Returns who may share a file with its writer. Without syncs there are commits that only the writer knows, so that
/// nobody else may look at the file meanwhile.
fn sharing(sync: Sync) -> ConcurrencyMode {
    match sync {
        Sync::Full => ConcurrencyMode::SingleWriter,
        Sync::Off => ConcurrencyMode::ExclusiveWriter,
    }
}

fn writable(path: &Path, options: &OpenOptions) -> Result<Arc<Medium>, Refusal> {
    let file = File::options().read(true).write(true).open(path).map_err(|source| {
        Refusal::Final(match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StorageError::NotWritable { path: path.to_path_buf(), source }
            }
            _ => StorageError::io("open", path, source),
        })
    })?;
    medium_of_file(path, file, Locking::AsAsked, options).map_err(Refusal::Final)
}

fn readable(path: &Path, locking: Locking, options: &OpenOptions) -> Result<Arc<Medium>, StorageError> {
    let file = File::open(path).map_err(|source| StorageError::io("open", path, source))?;
    medium_of_file(path, file, locking, options)
}

fn medium_of_file(
    path: &Path,
    file: File,
    locking: Locking,
    options: &OpenOptions,
) -> Result<Arc<Medium>, StorageError> {
    let backend = FileBackend::new(file).map_err(|error| translate("open", path, error))?;
    medium(path, Floor::File(backend), locking, options)
}

/// Takes what bytes are in, having found them to be ours or none at all.
fn medium(path: &Path, floor: Floor, locking: Locking, options: &OpenOptions) -> Result<Arc<Medium>, StorageError> {
    let (header, is_new) = match read_header(path, &floor)? {
        Some(header) => (header, false),
        None if options.create && !options.read_only => (Header::current(options.front_size), true),
        None => return Err(foreign(path, "it is empty")),
    };
    Medium::on_probation(floor, header, is_new, locking).map_err(|source| StorageError::io("open", path, source))
}

fn open_for_reading(path: &Path, options: &OpenOptions) -> Result<Opened, StorageError> {
    let beside_a_writer = || {
        let medium = readable(path, Locking::AsAsked, options).map_err(Refusal::Final)?;
        let builder = builder(options, ConcurrencyMode::SingleWriter);
        let database = guarded(path, || Ok(builder.open_read_only_with_backend(Backend(medium.clone()))));
        let database = database.map_err(Refusal::Final)?.map_err(|error| refusal(path, error))?;
        let opened = accept(path, Handle::Read(database), medium).map_err(Refusal::Final)?;
        // The file may grow while it is read.
        opened.medium.look_through();
        Ok(opened)
    };
    match beside_a_writer() {
        // A crash left it, and nobody writes: the repair is made in memory, and the file stays as it is.
        Err(Refusal::NoRangeLocks | Refusal::NeedsRepair) => {
            let medium = readable(path, Locking::SharedOnly, options)?;
            let database = start(path, &medium, &builder(options, ConcurrencyMode::ExclusiveWriter));
            accept(path, Handle::Write(database.map_err(|refusal| refusal.into_error(path))?), medium)
        }
        outcome => outcome.map_err(|refusal| refusal.into_error(path)),
    }
}

/// Opens a file without letting any write through, and has the store crate verify every page of it.
pub(super) fn open_verifying(path: &Path, options: &OpenOptions) -> Result<Opened, StorageError> {
    let medium = readable(path, Locking::SharedOnly, options)?;
    let mut builder = builder(options, ConcurrencyMode::ExclusiveWriter);
    builder.set_check_integrity_on_open(true);
    let database = start(path, &medium, &builder).map_err(|refusal| refusal.into_error(path))?;
    accept(path, Handle::Write(database), medium)
}

fn builder(options: &OpenOptions, mode: ConcurrencyMode) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(options.cache_bytes).set_concurrency_mode(mode);
    builder
}

fn start(path: &Path, medium: &Arc<Medium>, builder: &Builder) -> Result<Database, Refusal> {
    guarded(path, || Ok(builder.create_with_backend(Backend(medium.clone()))))
        .map_err(Refusal::Final)?
        .map_err(|error| refusal(path, error))
}

fn refusal(path: &Path, error: DatabaseError) -> Refusal {
    match error {
        DatabaseError::RepairAborted => Refusal::NeedsRepair,
        DatabaseError::Storage(redb::StorageError::Unsupported) => Refusal::NoRangeLocks,
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            Refusal::Final(StorageError::InUse { path: path.to_path_buf(), holder: find_holder(path) })
        }
        other => Refusal::Final(translate("open", path, other)),
    }
}

/// Opens a medium for writing; an empty one becomes a new database.
fn open_writing(
    path: &Path,
    medium: Arc<Medium>,
    options: &OpenOptions,
    mode: ConcurrencyMode,
) -> Result<Opened, Refusal> {
    let database = start(path, &medium, &builder(options, mode))?;
    if medium.is_new() {
        initialize(path, &database).map_err(Refusal::Final)?;
    }
    let opened = accept(path, Handle::Write(database), medium).map_err(Refusal::Final)?;
    let accepted = opened.medium.accept().and_then(|()| opened.front.clear_rest(&opened.medium));
    accepted.map_err(|source| Refusal::Final(StorageError::io("write", path, source)))?;
    Ok(opened)
}

/// Writes the empty directory and the empty log of a new database.
fn initialize(path: &Path, database: &Database) -> Result<(), StorageError> {
    let work = || -> Result<(), redb::Error> {
        let mut transaction = database.begin_write()?;
        transaction.set_quick_repair(true);
        let directory = frame(DIRECTORY_KIND, &[], &Directory::default().encode());
        let mut meta = transaction.open_table(META)?;
        meta.insert(DIRECTORY_KEY, directory.as_slice())?;
        drop(meta);
        transaction.open_table(CHUNKS)?;
        transaction.open_table(LOG)?.insert(TAIL_KEY, Tail::default().encode().as_slice())?;
        transaction.commit()?;
        Ok(())
    };
    guarded(path, || work().map_err(|error| translate("write", path, error)))
}

/// Asks an open file the last question: is it whole?
fn accept(path: &Path, handle: Handle, medium: Arc<Medium>) -> Result<Opened, StorageError> {
    let read = |handle: &Handle| {
        check_slots(path, &medium)?;
        let Moment { tables, front, .. } = read_moment(path, handle, &medium, None)?;
        let directory = directory_of(path, &tables, &front, None);
        drop_tables(path, Some(tables));
        Ok((front, directory?))
    };
    match read(&handle) {
        Ok((front, directory)) => Ok(Opened { handle, medium, front, directory }),
        Err(error) => {
            // What closing a damaged file writes stays in memory; a panic on the way says nothing new.
            let _ = guarded(path, || {
                drop(handle);
                Ok(())
            });
            Err(error)
        }
    }
}

/// Refuses a file whose header names the older of its two last commits although it was closed in peace.
///
/// The store crate's header (its docs/design.md) has flags at byte 9 (1: the second slot is current, 2: not closed in
/// peace) and two commit slots at 64 and 192, each with its transaction number at 104. A flipped first flag would
/// bring back the commit before the last without a word.
fn check_slots(path: &Path, medium: &Medium) -> Result<(), StorageError> {
    let mut header = [0; 320];
    if medium.pages_size_bytes().is_ok_and(|size| size < header.len() as u64) {
        return Ok(());
    }
    medium.read_pages(0, &mut header).map_err(|source| StorageError::io("read", path, source))?;
    let flags = header[9];
    let transaction = |slot: usize| crate::storage::frame::read_u64(&header, 64 + 128 * slot + 104);
    let (current, other) = if flags & 1 == 0 { (0, 1) } else { (1, 0) };
    if flags & 2 == 0 && transaction(other) > transaction(current) {
        return Err(StorageError::damaged(path, LOST_COMMIT));
    }
    Ok(())
}

/// Makes a new database under another name, and gives it its own once it is complete.
fn create(path: &Path, options: &OpenOptions, replace: bool) -> Result<(), StorageError> {
    remove_left_behind(path);
    let temporary = temporary_name(path);
    let outcome = write_new(&temporary, options, |_| Ok(())).and_then(|()| match publish(&temporary, path, replace) {
        // Somebody else was faster: theirs is opened.
        Err(StorageError::AlreadyExists { .. }) => Ok(()),
        outcome => outcome,
    });
    let _ = std::fs::remove_file(&temporary);
    outcome.map_err(|error| error.about(path))
}

/// Writes a complete database under a temporary name, filled by `fill`.
pub(super) fn write_new(
    temporary: &Path,
    options: &OpenOptions,
    fill: impl FnOnce(&Opened) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let failed = |source| StorageError::io("create", temporary, source);
    let file = File::options().read(true).write(true).create(true).truncate(true).open(temporary).map_err(failed)?;
    let medium = medium_of_file(temporary, file, Locking::AsAsked, options)?;
    let opened = open_writing(temporary, medium, options, ConcurrencyMode::ExclusiveWriter);
    let opened = opened.map_err(|refusal| refusal.into_error(temporary))?;
    fill(&opened)?;
    if let Handle::Write(database) = opened.handle {
        guarded(temporary, || database.close().map_err(|error| translate("write", temporary, error)))?;
    }
    File::open(temporary).and_then(|file| file.sync_all()).map_err(failed)
}

/// Gives a complete file its name, in place of an empty file or of none.
pub(super) fn publish(temporary: &Path, path: &Path, replace: bool) -> Result<(), StorageError> {
    let failed = |source| StorageError::io("create", path, source);
    if replace {
        std::fs::rename(temporary, path).map_err(failed)?;
    } else {
        match std::fs::hard_link(temporary, path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(StorageError::AlreadyExists { path: path.to_path_buf() });
            }
            // Some file systems have no links.
            Err(_) => std::fs::rename(temporary, path).map_err(failed)?,
        }
    }
    // The name must survive a power failure too. Not every system can sync a folder.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}
