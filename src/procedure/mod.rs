//! What CALL can call.

mod signature;

pub use signature::{Field, FieldKind, Signature};
