//! A stack of ours: a statement is nested up to a limit, and that limit must fit whatever thread the caller runs on.

/// How much stack a statement may need at the nesting limit, in an unoptimised build too.
const STACK_SIZE_BYTES: usize = 256 << 20;

/// Below this much stack left, a statement gets a stack of its own; a page that is never touched costs nothing.
const ENOUGH_SIZE_BYTES: usize = 64 << 20;

/// Runs a task where it has enough stack.
pub(super) fn with_enough_stack<Answer>(task: impl FnOnce() -> Answer) -> Answer {
    stacker::maybe_grow(ENOUGH_SIZE_BYTES, STACK_SIZE_BYTES, task)
}
