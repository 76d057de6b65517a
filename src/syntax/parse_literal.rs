//! Names, numbers, texts and parameters: from what is written to what is meant.

use smol_str::SmolStr;

use super::ast::{Literal, Name, Span};
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::parser::{Node, Rule, span_of};

/// Returns the name that a `variable`, `schema_name` or `function_name_start` means.
pub(super) fn name(node: &Node<'_>) -> Name {
    Name::new(unquoted(node.as_str()), span_of(node))
}

/// Takes backticks away.
fn unquoted(written: &str) -> SmolStr {
    match written.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(inner) if inner.contains('`') => inner.replace("``", "`").into(),
        Some(inner) => inner.into(),
        None => written.into(),
    }
}

/// Returns a parameter's name.
pub(super) fn parameter(node: &Node<'_>) -> SmolStr {
    unquoted(node.as_str().strip_prefix('$').unwrap_or_default())
}

/// Returns a number; `negative` if a minus stands before it, which only so reaches the least integer.
pub(super) fn number(node: &Node<'_>, negative: bool) -> Built<Literal> {
    match node.as_rule() {
        Rule::integer => integer(node, negative).map(Literal::Integer),
        Rule::float => float(node, negative).map(Literal::Float),
        _ => Err(bad_number(node)),
    }
}

fn integer(node: &Node<'_>, negative: bool) -> Built<i64> {
    let written = node.as_str();
    let (digits, radix) = match written.get(..2) {
        Some("0x" | "0X") => (&written[2..], 16),
        Some("0o" | "0O") => (&written[2..], 8),
        _ => (written, 10),
    };
    // The sign goes to the digits before they are read: the least integer has no positive twin.
    let parsed = match negative {
        true => i64::from_str_radix(&format!("-{digits}"), radix),
        false => i64::from_str_radix(digits, radix),
    };
    parsed.map_err(|_| {
        let message = format!("the integer `{}{written}` does not fit 64 bits", if negative { "-" } else { "" });
        SyntaxError::new(SyntaxErrorKind::IntegerOverflow, message, span_of(node))
            .with_hint("integers reach from -9223372036854775808 to 9223372036854775807")
    })
}

fn float(node: &Node<'_>, negative: bool) -> Built<f64> {
    let written = node.as_str();
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(if negative { -value } else { value }),
        _ => {
            let message = format!("the number `{written}` is beyond the greatest float");
            Err(SyntaxError::new(SyntaxErrorKind::FloatingPointOverflow, message, span_of(node))
                .with_hint("floats reach up to 1.7976931348623157e308"))
        }
    }
}

fn bad_number(node: &Node<'_>) -> SyntaxError {
    let written = node.as_str();
    let error =
        SyntaxError::new(SyntaxErrorKind::InvalidNumberLiteral, format!("`{written}` is no number"), span_of(node));
    let lower = written.to_ascii_lowercase();
    if lower.starts_with("0x") {
        error.with_hint("hexadecimal digits are 0 to 9 and a to f")
    } else if lower.starts_with("0o") {
        error.with_hint("octal digits are 0 to 7")
    } else if written.len() > 1 && written.bytes().all(|byte| byte.is_ascii_digit()) {
        error.with_hint("leave out the leading zero, or write `0o…` for an octal number")
    } else {
        error.with_hint("a name that begins with a digit needs backticks")
    }
}

/// Returns a text with its escapes resolved.
pub(super) fn string(node: &Node<'_>) -> Built<SmolStr> {
    let written = node.as_str();
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Ok(inner.into());
    }
    let start = node.as_span().start() + 1;
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(position) = rest.find('\\') {
        text.push_str(&rest[..position]);
        let escape = &rest[position..];
        let (character, length) = unescape(escape, start + inner.len() - escape.len())?;
        text.push(character);
        rest = &escape[length..];
    }
    text.push_str(rest);
    Ok(text.into())
}

/// Returns the character that the escape at the beginning of `text` means, and how many bytes it takes.
fn unescape(text: &str, offset: usize) -> Built<(char, usize)> {
    let letter = text[1..].chars().next().unwrap_or('\\');
    let simple = match letter {
        '\\' | '\'' | '"' | '`' => Some(letter),
        'b' | 'B' => Some('\u{8}'),
        'f' | 'F' => Some('\u{C}'),
        'n' | 'N' => Some('\n'),
        'r' | 'R' => Some('\r'),
        't' | 'T' => Some('\t'),
        _ => None,
    };
    match (simple, letter) {
        (Some(character), _) => Ok((character, 2)),
        (None, 'u') => unicode(text, offset, 4),
        (None, 'U') => unicode(text, offset, 8),
        (None, _) => {
            let span = Span::new(offset, offset + 1 + letter.len_utf8());
            let message = format!("the escape `\\{letter}` means nothing");
            Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, span)
                .with_hint("write `\\\\` for a backslash"))
        }
    }
}

/// Reads `\uXXXX` (also a surrogate pair of them) or `\UXXXXXXXX`.
fn unicode(text: &str, offset: usize, digits: usize) -> Built<(char, usize)> {
    let length = 2 + digits;
    let code = hexadecimal(text, 2, digits);
    if let Some(character) = code.and_then(char::from_u32) {
        return Ok((character, length));
    }
    // Two halves of a pair, as languages with 16-bit characters write it.
    if let (Some(high @ 0xD800..=0xDBFF), 4, Some("\\u")) = (code, digits, text.get(length..length + 2))
        && let Some(low @ 0xDC00..=0xDFFF) = hexadecimal(text, length + 2, 4)
        && let Some(character) = char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    {
        return Ok((character, 2 * length));
    }
    let end = text.char_indices().map(|(index, _)| index).nth(length).unwrap_or(text.len());
    let message = format!("`{}` is no Unicode character", &text[..end]);
    let hint = format!("write {digits} hexadecimal digits of a character's number");
    Err(SyntaxError::new(SyntaxErrorKind::InvalidUnicodeLiteral, message, Span::new(offset, offset + end))
        .with_hint(hint))
}

fn hexadecimal(text: &str, from: usize, digits: usize) -> Option<u32> {
    let written = text.get(from..from + digits)?;
    match written.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => u32::from_str_radix(written, 16).ok(),
        false => None,
    }
}

/// Returns a count of a length or quantifier.
pub(super) fn count(node: &Node<'_>) -> Built<u64> {
    node.as_str().parse::<u64>().ok().filter(|count| *count <= i64::MAX as u64).ok_or_else(|| {
        let message = format!("the number `{}` does not fit 64 bits", node.as_str());
        SyntaxError::new(SyntaxErrorKind::IntegerOverflow, message, span_of(node))
    })
}
