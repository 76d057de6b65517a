//! Where in the text something stands, and a name with its place.

use smol_str::SmolStr;

/// A stretch of the statement's text, in bytes: `start` is inside, `end` is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to before `end`; offsets beyond 4 GiB are clamped.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end) }
    }

    /// Returns the smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Returns the span moved right by `offset` bytes.
    pub fn shifted(self, offset: u32) -> Span {
        Span { start: self.start.saturating_add(offset), end: self.end.saturating_add(offset) }
    }

    /// Returns the bytes as a range, to slice the text with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the text under the span, or an empty text if the span does not fit it.
    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// A name as it is meant (backticks taken away), and where it stands: a variable, label, type, property key or part of a function's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name without backticks; letter case as written.
    pub text: SmolStr,
    /// Where it stands, backticks included.
    pub span: Span,
}

impl Name {
    /// Returns a name at a place.
    pub fn new(text: impl Into<SmolStr>, span: Span) -> Self {
        Name { text: text.into(), span }
    }
}

/// A variable where it is bound or used.
pub type Variable = Name;

/// A name in parts, joined by points, as procedures and functions have it: `claims.of`, `duration.between`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualifiedName {
    /// The parts, at least one.
    pub parts: Vec<Name>,
    /// Where the whole name stands.
    pub span: Span,
}

impl QualifiedName {
    /// Returns the parts joined by points, letter case as written.
    pub fn text(&self) -> SmolStr {
        match self.parts.as_slice() {
            [only] => only.text.clone(),
            parts => {
                let joined: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                joined.join(".").into()
            }
        }
    }
}
