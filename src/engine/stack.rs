//! A stack of ours: a statement is nested up to a limit, and that limit must fit whatever thread the caller runs on.
//!
//! A further stack is mapped and unmapped, and unmapping stops the other threads of the process for a moment; so the statement of a
//! usual text runs on the stack that is there. What it may need is reckoned from its text, always too much rather than too little.

/// How much stack a statement gets where it needs more than is left: enough for the most levels and clauses that are read, in an
/// unoptimised build too. A page that is never touched costs nothing.
const STACK_SIZE_BYTES: usize = 256 << 20;

/// With this much stack left nothing is reckoned.
const AMPLE_SIZE_BYTES: usize = 64 << 20;

/// What a statement without any nesting may need, values nested to their limit included.
const FLAT_SIZE_BYTES: usize = if cfg!(debug_assertions) { 1 << 20 } else { 384 << 10 };

/// What a level of nesting may need; `tests/nesting.rs` runs every kind at every depth on short stacks.
const LEVEL_SIZE_BYTES: usize = if cfg!(debug_assertions) { 64 << 10 } else { 16 << 10 };

/// What a word may need: each clause has one, and its plan stands on that of the clause before.
const WORD_SIZE_BYTES: usize = if cfg!(debug_assertions) { 32 << 10 } else { 6 << 10 };

/// Runs a task where it has enough stack, whatever it is.
pub(super) fn with_ample_stack<Answer>(task: impl FnOnce() -> Answer) -> Answer {
    stacker::maybe_grow(AMPLE_SIZE_BYTES, STACK_SIZE_BYTES, task)
}

/// Runs a task on the statement of a text where it has enough stack.
pub(super) fn with_stack_for<Answer>(text: &str, task: impl FnOnce() -> Answer) -> Answer {
    match stacker::remaining_stack() {
        Some(left) if left >= AMPLE_SIZE_BYTES => task(),
        Some(left) if left >= needed_for(text) => task(),
        _ => stacker::grow(STACK_SIZE_BYTES, task),
    }
}

/// Reckons how much stack the statement of a text may need.
fn needed_for(text: &str) -> usize {
    let bytes = text.as_bytes();
    let levels =
        bytes.iter().filter(|byte| matches!(byte, b'(' | b'[' | b'{' | b'<' | b'.' | b'+' | b'-' | b'!')).count();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let words = bytes.windows(2).filter(|pair| is_word(pair[0]) && !is_word(pair[1])).count();
    FLAT_SIZE_BYTES + levels * LEVEL_SIZE_BYTES + words * WORD_SIZE_BYTES
}
