//! The values a query can speak of, and their laws: literal form, equality, order, arithmetic, null.
//!
//! Values are plain data: a node or relationship is its id, so that nothing here needs a graph. The laws live once, here;
//! `vector/` and `expression/` apply them by the thousand.

// The room's main type bears the room's name.
#[allow(clippy::module_inception)]
mod value;
mod kind;
mod id;
mod map;
mod path;
mod result;
pub mod temporal;
mod error;
mod number;
pub mod limit;
pub mod equality;
pub mod comparison;
pub mod order;
pub mod arithmetic;
mod literal;
mod json;
mod fields;
pub mod construct;
mod component;
mod access;
pub mod convert;
mod value_type;
mod cast;
mod numeral;
pub mod quantity;
#[cfg(test)]
mod laws;

pub use access::{character_count, index, slice, value_property};
pub use cast::cast;
pub use equality::{GroupKey, equals, equivalent};
pub use error::{ValueError, ValueErrorDetail, ValueErrorKind};
pub use id::{NodeId, RelationshipId};
pub use json::{IntegerTooLarge, from_json};
pub use kind::Kind;
pub use literal::{format_float, literal, quote_name, quote_string};
pub use map::Map;
pub use path::Path;
pub use quantity::Quantity;
pub use result::{Expand, NestingTooDeep, ResultNode, ResultPath, ResultRelationship, ResultValue};
pub use value::{RdfLiteral, Value};
pub use value_type::ValueType;
