//! Who holds a database file, asked of the system at the moment of the refusal.
//!
//! Linux lists advisory locks in `/proc/locks`: the store crate takes a whole-file lock there that bears the process
//! number, and byte locks that do not; `/proc/N/fdinfo` tells which process has the writer's. Nothing is written down
//! beside the file, so nothing can be stale after a crash and nothing is needed on read-only media. Elsewhere the
//! answer is nobody in particular.

use std::path::Path;

use crate::storage::error::Holder;

/// Returns a process that holds locks on a file, a writer before readers; none if the system does not tell.
#[cfg(target_os = "linux")]
pub fn find_holder(path: &Path) -> Option<Holder> {
    use std::os::unix::fs::MetadataExt;

    let metadata = std::fs::metadata(path).ok()?;
    let file = FileName { device: device_name(metadata.dev()), inode: metadata.ino() };
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let holders = lock_holders(&locks, &file);
    let process_id = holders.iter().copied().find(|id| has_write_lock(*id, &file)).or(holders.first().copied())?;
    let name = std::fs::read_to_string(format!("/proc/{process_id}/comm")).ok();
    Some(Holder { process_id, name: name.map(|name| name.trim().to_string()).filter(|name| !name.is_empty()) })
}

/// Returns nobody: this system does not tell.
#[cfg(not(target_os = "linux"))]
pub fn find_holder(_path: &Path) -> Option<Holder> {
    None
}

/// How `/proc/locks` names a file.
#[cfg(target_os = "linux")]
struct FileName {
    device: String,
    inode: u64,
}

/// Writes a device number as `/proc/locks` does: major and minor in hexadecimal.
#[cfg(target_os = "linux")]
fn device_name(device: u64) -> String {
    let major = ((device >> 8) & 0xfff) | ((device >> 32) & 0xffff_f000);
    let minor = (device & 0xff) | ((device >> 12) & 0xffff_ff00);
    format!("{major:02x}:{minor:02x}")
}

/// One line of `/proc/locks` or `fdinfo`, as far as it matters.
#[cfg(target_os = "linux")]
struct LockLine<'a> {
    access: &'a str,
    process_id: Option<u32>,
}

/// Reads a lock's line if it is one of this file, as `1: FLOCK  ADVISORY  READ 4242 08:01:1311 0 EOF`.
#[cfg(target_os = "linux")]
fn parse_lock<'a>(line: &'a str, file: &FileName) -> Option<LockLine<'a>> {
    let mut fields = line.split_whitespace().skip_while(|field| *field != "ADVISORY" && *field != "MANDATORY").skip(1);
    let access = fields.next()?;
    // A lock that belongs to an open file, not to a process, has -1 here.
    let process_id = fields.next()?.parse().ok();
    let (device, inode) = fields.next()?.rsplit_once(':')?;
    (device == file.device && inode.parse() == Ok(file.inode)).then_some(LockLine { access, process_id })
}

#[cfg(target_os = "linux")]
fn lock_holders(locks: &str, file: &FileName) -> Vec<u32> {
    // A line with an arrow is of a process that waits.
    let held = locks.lines().filter(|line| !line.contains("->"));
    let mut holders: Vec<u32> = held.filter_map(|line| parse_lock(line, file)?.process_id).collect();
    holders.dedup();
    holders
}

#[cfg(target_os = "linux")]
fn has_write_lock(process_id: u32, file: &FileName) -> bool {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{process_id}/fdinfo")) else { return false };
    entries.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).any(|text| {
        let mut locks = text.lines().filter(|line| line.starts_with("lock:"));
        locks.any(|line| parse_lock(line, file).is_some_and(|lock| lock.access == "WRITE"))
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn lines_of_other_files_and_of_those_who_wait_are_left_out() {
        let file = FileName { device: device_name(0x801), inode: 1311 };
        let locks = "1: FLOCK  ADVISORY  READ 42 08:01:1311 0 EOF\n\
                     2: OFDLCK ADVISORY  WRITE -1 08:01:1311 4 4\n\
                     3: -> FLOCK  ADVISORY  WRITE 43 08:01:1311 0 EOF\n\
                     4: POSIX  ADVISORY  WRITE 44 08:01:9 0 EOF\n\
                     5: FLOCK  ADVISORY  WRITE 45 08:02:1311 0 EOF\n";
        assert_eq!(lock_holders(locks, &file), [42]);
        assert_eq!(parse_lock("lock:\t1: OFDLCK ADVISORY  WRITE -1 08:01:1311 4 4", &file).unwrap().access, "WRITE");
    }
}
