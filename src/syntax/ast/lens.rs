//! The prefixes that stand before a query and together are its lens: `CITE`, `AS OF`, `ACCORDING TO`, `RESOLVE BY`.

use smol_str::SmolStr;

use super::Span;

/// The prefixes as written, in any order, each at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LensPrefix {
    /// Where `CITE` stands.
    pub cite: Option<Span>,
    /// `AS OF date`.
    pub as_of: Option<AsOf>,
    /// `ACCORDING TO [ONLY] sources`.
    pub according_to: Option<AccordingTo>,
    /// `RESOLVE BY rule`.
    pub resolve_by: Option<ResolveBy>,
}

impl LensPrefix {}

/// `AS OF date`.
#[derive(Clone, Debug, PartialEq)]
pub struct AsOf {
    /// The date: `2019-12-31`, `2019-12`, `2019`, as text or parameter.
    pub date: TextOrParameter,
    /// Where it stands.
    pub span: Span,
}

/// `ACCORDING TO [ONLY] source, …`.
#[derive(Clone, Debug, PartialEq)]
pub struct AccordingTo {
    /// Whether gazetteers and derivations are left out too.
    pub only: bool,
    /// The sources by id, at least one.
    pub sources: Vec<TextOrParameter>,
    /// Where it stands.
    pub span: Span,
}

/// `RESOLVE BY rule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolveBy {
    /// The rule.
    pub rule: ResolutionRule,
    /// Where it stands.
    pub span: Span,
}

/// Which claim wins where they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolutionRule {
    /// Rank, then newest: the default.
    Rank,
    /// The newest.
    Latest,
    /// The oldest.
    Earliest,
    /// What most sources say.
    Majority,
    /// Every value, as a list.
    All,
}

/// A text (written as such, as a date, or as a name) or a parameter, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct TextOrParameter {
    /// What it is.
    pub kind: TextOrParameterKind,
    /// Where it stands.
    pub span: Span,
}

/// What a [`TextOrParameter`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOrParameterKind {
    /// The text itself.
    Text(SmolStr),
    /// The parameter's name.
    Parameter(SmolStr),
}
