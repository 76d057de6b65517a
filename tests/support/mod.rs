//! What CITE says is held against the graph: support is found again by taking claims away and asking anew.
//!
//! For a row and the claims `C` that it is cited for:
//!
//! 1. **Something is cited.** If the row is not there once all claims are gone, `C` is not empty.
//! 2. **What is cited carries.** Without `C` the row is gone, or has changed, or says that it is unsourced, or is cited for other claims; without
//!    those too it is the same again, until none is left.
//! 3. **Nothing else carries.** With nothing but `C` the row is still there. This holds for rows that more facts could not take away; what
//!    stands below two negations, a place in order (SKIP) and the choice of LIMIT rest on claims that are not cited, and docs/claims.md says so.
//!
//! Taking claims away is done as a lens does it: elements that lose all their support go. Here it is done claim by claim, in a transaction of
//! the store, and not by the lens.

mod asked;
mod built_in;
mod generated;
mod marked;
