//! The program `yuanpu`.
fn main() {}
