//! Text to syntax tree and back; the nesting limit, the keywords; the only room that knows the parser library.

pub mod ast;
pub mod error;

pub use error::{SyntaxError, SyntaxErrorKind};
