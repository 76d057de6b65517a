//! The values a query can speak of, and their laws: literal form, equality, order, arithmetic, null.
//!
//! Values are plain data: a node or relationship is its id, so that nothing here needs a graph. The laws live once, here;
//! `vector/` and `expression/` apply them by the thousand.

mod id;
mod kind;
mod map;
mod path;
mod result;
pub mod temporal;
mod value;

pub use id::{NodeId, RelationshipId};
pub use kind::Kind;
pub use map::Map;
pub use path::Path;
pub use result::{Expand, NestingTooDeep, ResultNode, ResultPath, ResultRelationship, ResultValue};
pub use value::{RdfLiteral, Value};
