//! SPARQL over the snapshot, lent as a dataset. Nothing stands here yet; CHANGELOG names it among the known limits.
