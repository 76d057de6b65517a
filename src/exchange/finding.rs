//! One thing that is wrong with a file: where it stands, what it is, and what to try.

use std::fmt;

use smol_str::SmolStr;

/// Something wrong at a place of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, by its path inside what was read.
    pub file: SmolStr,
    /// The line, counted from 1; 0 where it is about the whole file.
    pub line: u64,
    /// The column in characters, counted from 1; 0 where it is about the whole line.
    pub column: u64,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to try, where something is known.
    pub hint: Option<String>,
}

impl Finding {
    /// Returns a finding about a whole file.
    pub fn in_file(file: impl Into<SmolStr>, message: impl Into<String>) -> Finding {
        Finding { file: file.into(), line: 0, column: 0, message: message.into(), hint: None }
    }

    /// Returns it with its line and column.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Finding {
        (self.line, self.column) = (line, column);
        self
    }

    /// Returns it with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<String>) -> Finding {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Finding {
    /// Writes `file:line:column: what is wrong; what to try`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_prints_in_one_line_with_as_much_of_its_place_as_is_known() {
        let whole = Finding::in_file("graph.toml", "it is missing");
        assert_eq!(whole.to_string(), "graph.toml: it is missing");
        let placed = Finding::in_file("a.csv", "no").at(3, 7).with_hint(Some("did you mean `b`?".into()));
        assert_eq!(placed.to_string(), "a.csv:3:7: no; did you mean `b`?");
    }
}
