//! How the program ends: the exit statuses, in one table.

use std::process::ExitCode;

use crate::engine::{Error, ErrorClass};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ending {
    /// Done; no rows is done too.
    Done,
    /// Failed at run time.
    Failed,
    /// The call was wrong: arguments, files that are not there.
    WrongCall,
    /// `check` found something wrong.
    Found,
    /// The text of a query is wrong: syntax or meaning.
    WrongText,
    /// The database cannot be opened, is in use, or is damaged.
    NoDatabase,
    /// A fault of the program's own.
    InternalError,
    /// Stopped by Ctrl-C.
    Interrupted,
}

impl Ending {
    /// Returns the exit status.
    pub(super) fn status(self) -> u8 {
        match self {
            Ending::Done => 0,
            Ending::Failed => 1,
            Ending::WrongCall => 2,
            Ending::Found => 3,
            Ending::WrongText => 4,
            Ending::NoDatabase => 5,
            Ending::InternalError => 70,
            Ending::Interrupted => 130,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        ExitCode::from(ending.status())
    }
}

impl From<&Error> for Ending {
    fn from(error: &Error) -> Self {
        match error.class() {
            ErrorClass::Statement => Ending::WrongText,
            ErrorClass::Database => Ending::NoDatabase,
            ErrorClass::Cancelled => Ending::Interrupted,
            ErrorClass::Runtime => Ending::Failed,
        }
    }
}
