//! The names under which files are made before they get their own, and what dead processes left under such names.
//!
//! ```text
//!   graph.yuanpu.new-4242-0      the file, the process, how many that process has made before
//! ```
//! A process that is killed leaves its file. Whoever makes a file of the same name next takes it away, if the process is gone and nobody
//! holds a lock on what it left: a process of another machine, or of a container with numbers of its own, is not seen among the processes.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many names this process has given. Two databases may be opened at once in one process.
static GIVEN: AtomicU64 = AtomicU64::new(0);

/// Returns a name beside a file's own that nobody else has.
pub(super) fn temporary_name(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".new-{}-{}", std::process::id(), GIVEN.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

/// Takes away what dead processes left of this file; what cannot be looked at stays.
pub(super) fn remove_left_behind(path: &Path) {
    let (Some(own), Some(folder)) = (path.file_name().and_then(OsStr::to_str), path.parent()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let process_id = entry.file_name().to_str().and_then(|name| maker(name, own));
        if process_id.is_some_and(is_gone) && is_free(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Returns the process that made a file of this name for a file of that name, if it is such a name.
fn maker(name: &str, own: &str) -> Option<u32> {
    let process_id = name.strip_prefix(own)?.strip_prefix(".new-")?;
    // Earlier versions wrote the process alone.
    let (process_id, count) = process_id.split_once('-').unwrap_or((process_id, "0"));
    count.bytes().all(|byte| byte.is_ascii_digit()).then(|| process_id.parse().ok())?
}

/// Says whether no process has this number, as far as the system tells; only Linux does.
fn is_gone(process_id: u32) -> bool {
    Path::new("/proc/self").exists() && !Path::new("/proc").join(process_id.to_string()).exists()
}

/// Says whether nobody holds a lock on a file.
fn is_free(path: &Path) -> bool {
    File::options().read(true).write(true).open(path).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_twice() {
        let names: Vec<PathBuf> = (0..3).map(|_| temporary_name(Path::new("a/graph.db"))).collect();
        assert!(names[0] != names[1] && names[1] != names[2], "{names:?}");
        assert!(names.iter().all(|name| name.parent() == Some(Path::new("a"))));
        let own = std::process::id();
        assert_eq!(maker(names[0].file_name().and_then(OsStr::to_str).expect("it is text"), "graph.db"), Some(own));
    }

    #[test]
    fn only_names_of_ours_are_known() {
        for (name, found) in [
            ("g.new-7-0", Some(7)),
            ("g.new-7", Some(7)),
            ("g.new-x", None),
            ("g.new-7-x", None),
            ("h.new-7", None),
            ("g.news", None),
        ] {
            assert_eq!(maker(name, "g"), found, "{name}");
        }
    }
}
