//! The plain data of one finding: an error, a warning or a note about the user's text or the world.

use smol_str::SmolStr;

/// A range of bytes in the text that was given, `start..end`; empty where something is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset just after the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the span from `start` to `end`; turned round if they are given the wrong way.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start: start.min(end), end: start.max(end) }
    }

    /// Returns the smallest span that covers both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Returns the span moved to the right, for a statement that is cut out of a longer script.
    pub fn shifted(self, offset_bytes: usize) -> Span {
        Span { start: self.start.saturating_add(offset_bytes), end: self.end.saturating_add(offset_bytes) }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing was done.
    Error,
    /// It was done, and the user should know something about it.
    Warning,
    /// Something worth saying.
    Note,
}

/// When it was found, in openCypher's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Without looking at the data.
    Compile,
    /// While running over the data.
    Runtime,
}

impl Phase {
    /// Returns the phase's name, `compile` or `runtime`.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Compile => "compile",
            Phase::Runtime => "runtime",
        }
    }
}

/// One finding: what is wrong, where, and what to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The openCypher kind, such as `SyntaxError` or `TypeError`.
    pub kind: SmolStr,
    /// The openCypher detail, such as `UndefinedVariable`; empty where there is none.
    pub detail: SmolStr,
    /// When it was found.
    pub phase: Phase,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where in the text, if it is about a place in it.
    pub span: Option<Span>,
    /// A few words at the caret.
    pub label: Option<String>,
    /// Further places that help to understand, each with its words ("first defined here").
    pub related: Vec<(Span, String)>,
    /// What to try, one sentence each.
    pub hints: Vec<String>,
    /// What lies behind it, the nearest cause first (a refused file, a failed conversion).
    pub causes: Vec<String>,
}

impl Diagnostic {
    /// Returns an error of this kind and detail.
    pub fn error(
        phase: Phase,
        kind: impl Into<SmolStr>,
        detail: impl Into<SmolStr>,
        message: impl Into<String>,
    ) -> Self {
        Diagnostic {
            severity: Severity::Error,
            kind: kind.into(),
            detail: detail.into(),
            phase,
            message: message.into(),
            span: None,
            label: None,
            related: Vec::new(),
            hints: Vec::new(),
            causes: Vec::new(),
        }
    }

    /// Returns a warning; `detail` names it for programs, such as `UnknownLabel`.
    pub fn warning(detail: impl Into<SmolStr>, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(Phase::Compile, "Warning", detail, message) }
    }

    /// Returns a note; `detail` names it for programs.
    pub fn note(detail: impl Into<SmolStr>, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(Phase::Compile, "Note", detail, message) }
    }

    /// Returns it with its place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Returns it with the words at the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Returns it with a further place.
    #[must_use]
    pub fn with_related(mut self, span: Span, words: impl Into<String>) -> Self {
        self.related.push((span, words.into()));
        self
    }

    /// Returns it with one more hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns it with the hint that names the nearest of the known names, if one is near enough.
    #[must_use]
    pub fn with_nearest<'n>(self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        match super::nearest(name, known) {
            Some(near) => self.with_hint(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Returns it with one more cause, further away than those before.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Returns it with all places moved to the right, for a statement that is cut out of a longer script.
    #[must_use]
    pub fn shifted(mut self, offset_bytes: usize) -> Self {
        self.span = self.span.map(|span| span.shifted(offset_bytes));
        for (span, _) in &mut self.related {
            *span = span.shifted(offset_bytes);
        }
        self
    }
}

impl std::fmt::Display for Diagnostic {
    /// Writes kind, detail and message in one line, as a log or a program wants it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind)?;
        if !self.detail.is_empty() {
            write!(f, "/{}", self.detail)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_in_one_line_and_shifts_all_places() {
        let finding =
            Diagnostic::error(Phase::Compile, "SyntaxError", "UndefinedVariable", "variable `m` is not defined")
                .at(Span::new(9, 4))
                .with_related(Span::new(0, 1), "defined here")
                .with_nearest("Ctiy", ["Book", "City"])
                .shifted(10);
        assert_eq!(finding.to_string(), "SyntaxError/UndefinedVariable: variable `m` is not defined");
        assert_eq!(finding.span, Some(Span { start: 14, end: 19 }));
        assert_eq!(finding.related[0].0, Span { start: 10, end: 11 });
        assert_eq!(finding.hints, ["did you mean `City`?"]);
    }
}
