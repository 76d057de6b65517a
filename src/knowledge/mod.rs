//! The words of the knowledge model: what a claim, a source, a lens and a declared schema are, and which claim wins.
//!
//! Plain data and its laws. How claims are found again is the graph's business.

mod agreement;
mod claim;
mod lens;
mod record;
mod resolution;
mod schema;

pub use agreement::{compatible, days_meant};
pub use claim::{Claim, ClaimDetails, ClaimId, Comparator, Rank, Statement, Subject, last_day};
pub use lens::Lens;
pub use record::{ClaimRecord, ClaimState};
pub use resolution::{ClaimRule, Evidence, Reason, Resolution, resolve};
#[cfg(test)]
pub use schema::UnitDeclaration;
pub use schema::{
    GraphDeclaration, LabelDeclaration, PropertyDeclaration, Schema, SourceDeclaration, TypeDeclaration, ValueType,
};
