//! Syntax tree and catalogue to bound query: every name resolved, every type checked, before any data is touched.

pub mod bound;
