//! Shortcuts of running: ways by which operators give what they would give anyway with less work, each with a name by which it is
//! switched off. No plan shows them; tests compare the answers with and without each.

/// Groups are found and integers summed in one pass over values as they lie in a chunk.
pub const TALLY: &str = "tally";

/// A filter right below such groups marks rows instead of listing them.
pub const MARKED_TALLY: &str = "marked_tally";

/// Numbers of neighbours that an aggregation multiplies with are read where they lie, without a column.
pub const COUNTED_STEPS: &str = "counted_steps";

/// Neighbours whose rows are only counted by node are read where they lie, without rows.
pub const COUNTED_ENDS: &str = "counted_ends";

/// Elements of a scan that follow each other are a run, not a list.
pub const RUNS: &str = "runs";

/// Properties of rows that only the result shows are looked at for the first rows alone.
pub const FIRST_KEYS: &str = "first_keys";

/// Strings and floats that are grouped have numbers.
pub const CODED_KEYS: &str = "coded_keys";

/// Keys that follow from a node are computed once for each node.
pub const NODE_KEYS: &str = "node_keys";

/// What is told apart is computed only for the rows that come first.
pub const DISTINCT_KEYS: &str = "distinct_keys";

/// What follows from one property is evaluated once for each of its values.
pub const VALUES_ONCE: &str = "values_once";

/// All rows are sorted by one number each.
pub const SORTED_NUMBERS: &str = "sorted_numbers";

/// Elements that rows rest on are marked, without making the rows.
pub const MARKED_ELEMENTS: &str = "marked_elements";

/// The neighbours of a node that many rows share are marked, for the other nodes to be looked up.
pub const MARKED_NEIGHBOURS: &str = "marked_neighbours";

/// Walks to a known end are given up where a search from that end says that they cannot get there.
pub const WAY_BACK: &str = "way_back";

/// All of them.
pub const ALL: [&str; 14] = [
    TALLY,
    MARKED_TALLY,
    COUNTED_STEPS,
    COUNTED_ENDS,
    RUNS,
    FIRST_KEYS,
    WAY_BACK,
    CODED_KEYS,
    NODE_KEYS,
    DISTINCT_KEYS,
    VALUES_ONCE,
    SORTED_NUMBERS,
    MARKED_ELEMENTS,
    MARKED_NEIGHBOURS,
];
