//! Bound query to logical plan, to a better one, to the physical plan; prints both.

mod build;
pub mod logical;
pub mod physical;
