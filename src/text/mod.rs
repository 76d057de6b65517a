//! How names are folded, cut and compared: traditional and simplified, width, bigrams, pinyin, distance; and how wide text
//! is drawn.
//!
//! Look-up folds both sides the same way ([`fold`]); a text index holds the [`bigrams`] of the folded text; search ranks
//! names by how they match ([`NameQuery`]). Nothing here knows what the names are of.

mod bigram;
mod display;
mod distance;
mod fold;
mod name_match;
mod pinyin;
mod variant;

pub use bigram::{Bigram, bigrams, bigrams_wanted};
pub use display::{cut, padding, visible, width, wrap};
pub use distance::{distance, distance_within};
pub use fold::fold_each;
pub use name_match::{NameMatch, NameQuery, NameScore};
pub use pinyin::{initials, pinyin, pinyin_plain};
pub use variant::{has_han, is_traditional};
