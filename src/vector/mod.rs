//! Values by the thousand: typed columns with nulls, and batches of them.
//!
//! A batch has a place (slot) for every variable of the query; a column holds the values of one variable for all rows of the batch.

mod arrays;
mod batch;
mod bitmap;
mod column;
mod dictionary;
mod threads;

pub use arrays::Arrays;
pub use batch::{Batch, Slot};
pub use bitmap::Bitmap;
pub use column::{Column, ColumnBuilder, NO_ID};
pub use dictionary::Dictionary;
pub use threads::{InOrder, Threads};
