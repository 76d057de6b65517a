//! Tests of the room: what is read, what is refused and how, and that printing comes back.

mod suite;
