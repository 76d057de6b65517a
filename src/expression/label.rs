//! Label expressions (ISO GQL, `<label expression>`): which labels a node, or which type a relationship, must have.

use smol_str::SmolStr;

/// A condition on the labels of a node or on the type of a relationship; names are canonical (aliases are resolved).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelExpression {
    /// `A`: has this label.
    Name(SmolStr),
    /// `%`: has any label at all.
    Any,
    /// `!A`.
    Not(Box<LabelExpression>),
    /// `A & B`; also `:A:B`.
    And(Vec<LabelExpression>),
    /// `A | B`.
    Or(Vec<LabelExpression>),
}

impl LabelExpression {
    /// Returns the expression that asks for all of several, each once: `A` again and again is `A`, which is found faster.
    pub fn all_of(several: impl IntoIterator<Item = LabelExpression>) -> LabelExpression {
        let mut parts = Vec::new();
        for part in several {
            let more = if let LabelExpression::And(parts) = part { parts } else { vec![part] };
            more.into_iter().for_each(|part| {
                if !parts.contains(&part) {
                    parts.push(part)
                }
            });
        }
        if parts.len() == 1 { parts.swap_remove(0) } else { LabelExpression::And(parts) }
    }

    /// Says whether an element with these labels satisfies the expression.
    pub fn matches(&self, has: &dyn Fn(&str) -> bool, any: bool) -> bool {
        match self {
            LabelExpression::Name(name) => has(name),
            LabelExpression::Any => any,
            LabelExpression::Not(inner) => !inner.matches(has, any),
            LabelExpression::And(parts) => parts.iter().all(|part| part.matches(has, any)),
            LabelExpression::Or(parts) => parts.iter().any(|part| part.matches(has, any)),
        }
    }

    /// Returns the names that the expression is a plain disjunction of (`A`, `A|B`), or nothing if it is more than that.
    pub fn alternatives(&self) -> Option<Vec<SmolStr>> {
        match self {
            LabelExpression::Name(name) => Some(vec![name.clone()]),
            LabelExpression::Or(parts) => {
                let names: Option<Vec<Vec<SmolStr>>> = parts.iter().map(LabelExpression::alternatives).collect();
                names.map(|names| names.concat())
            }
            _ => None,
        }
    }

    /// Returns the names that every match must have.
    pub fn required(&self) -> Vec<SmolStr> {
        match self {
            LabelExpression::Name(name) => vec![name.clone()],
            LabelExpression::And(parts) => parts.iter().flat_map(LabelExpression::required).collect(),
            _ => Vec::new(),
        }
    }
}

impl std::fmt::Display for LabelExpression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |f: &mut std::fmt::Formatter<'_>, parts: &[LabelExpression], sign: &str| {
            for (place, part) in parts.iter().enumerate() {
                let nested = matches!(part, LabelExpression::And(_) | LabelExpression::Or(_));
                let (open, close) = if nested { ("(", ")") } else { ("", "") };
                write!(f, "{}{open}{part}{close}", if place > 0 { sign } else { "" })?;
            }
            Ok(())
        };
        match self {
            LabelExpression::Name(name) => f.write_str(name),
            LabelExpression::Any => f.write_str("%"),
            LabelExpression::Not(inner) => {
                f.write_str("!")?;
                list(f, std::slice::from_ref(inner), "")
            }
            LabelExpression::And(parts) => list(f, parts, "&"),
            LabelExpression::Or(parts) => list(f, parts, "|"),
        }
    }
}
