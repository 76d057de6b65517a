//! `run SCRIPT…`: runs script files, stops at the first error.

use super::arguments::{Arguments, RunArguments};
use super::commands::After;
use super::ending::Ending;
use super::session::Session;

/// Runs the scripts in order, in one session.
pub(super) fn run(arguments: &Arguments, scripts: &RunArguments) -> Ending {
    let mut session = match Session::of(arguments, &scripts.rows) {
        Ok(session) => session,
        Err(ending) => return ending,
    };
    session.goes_on = scripts.fail_at_end;
    let mut worst = Ending::Done;
    for script in &scripts.scripts {
        let (ending, after) = session.run_file(script);
        worst = worst.max(ending);
        let stops = ending != Ending::Done && !scripts.fail_at_end;
        if stops || after == After::Leave || ending == Ending::Interrupted {
            break;
        }
    }
    session.end(worst)
}
