//! How much memory the machine has, for the limit that holds where nobody named one.

/// The limit where the machine does not tell.
const UNKNOWN_MEMORY_BYTES: usize = 4 << 30;

/// Returns half of the memory that this process can hope for, in bytes.
pub(super) fn half_of_memory_bytes() -> usize {
    let machine = machine_bytes().unwrap_or(UNKNOWN_MEMORY_BYTES);
    group_bytes().map_or(machine, |group| group.min(machine)) / 2
}

/// Reads the machine's memory where Linux says it.
fn machine_bytes() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// Reads the limit of the control group, under which containers run.
fn group_bytes() -> Option<usize> {
    std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok()?.trim().parse().ok()
}
