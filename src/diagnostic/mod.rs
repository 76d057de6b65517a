//! What went wrong, where in the text, and what to try, as plain data; and its drawing with carets.
//!
//! Every room's own error turns into a [`Diagnostic`]; only [`draw`] makes text for people of it. Nothing here prints,
//! and nothing here decides on colours: whoever holds the terminal says whether it wants them.

#[allow(clippy::module_inception)] // The room and its one type bear the same word of the field.
mod diagnostic;
mod render;
mod suggestion;

pub use diagnostic::{Diagnostic, Phase, Severity, Span};
pub use render::{DrawOptions, draw, line_and_column};
pub use suggestion::nearest;
