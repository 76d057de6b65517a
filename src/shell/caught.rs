//! A fault of ours, caught at the outermost place: a statement that panics must not take the session with it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::engine::is_reading_store;

/// What a fault said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault(pub(super) String);

/// Runs a task; a panic comes back as a value. What the panic hook writes goes to standard error as ever.
pub(super) fn caught<Answer>(task: impl FnOnce() -> Answer) -> Result<Answer, Fault> {
    // The connection is safe to go on with: an open transaction in which the statement wrote is rolled back whole, and nothing was published.
    catch_unwind(AssertUnwindSafe(task)).map_err(|payload| Fault(words(&*payload)))
}

/// Takes the words from panics inside the store crate: there they mean a damaged file, and come to the user as that error.
pub(super) fn keep_quiet_in_store() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_reading_store() {
            usual(panic);
        }
    }));
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    format!("internal error: {}", text.unwrap_or_else(|| "a fault without words".to_owned()))
}
