//! Functions on numbers: rounding, roots and logarithms, angles, chance.

use crate::value::{Value, ValueError};

use super::table::{Answer, deterministic, number_parameters, random};
use super::{Function, FunctionContext, Kinds, Parameter};

/// The functions on numbers.
pub const FUNCTIONS: &[Function] = &[
    deterministic(
        "abs",
        number_parameters(),
        Kinds::NUMBER,
        abs,
        "the size of a number without its sign",
        "abs(-1) = 1",
    ),
    deterministic("sign", number_parameters(), Kinds::INTEGER, sign, "-1, 0 or 1", "sign(-2.5) = -1"),
    deterministic(
        "ceil",
        number_parameters(),
        Kinds::FLOAT,
        ceil,
        "the smallest whole number not below",
        "ceil(0.1) = 1.0",
    ),
    deterministic(
        "floor",
        number_parameters(),
        Kinds::FLOAT,
        floor,
        "the largest whole number not above",
        "floor(0.9) = 0.0",
    ),
    deterministic(
        "round",
        ROUND,
        Kinds::FLOAT,
        round,
        "the nearest number of so many decimals",
        "round(3.14159, 2) = 3.14",
    ),
    deterministic("sqrt", number_parameters(), Kinds::FLOAT, sqrt, "the square root", "sqrt(256) = 16.0"),
    deterministic("exp", number_parameters(), Kinds::FLOAT, exp, "e to the power of a number", "exp(0) = 1.0"),
    deterministic("ln", number_parameters(), Kinds::FLOAT, ln, "the natural logarithm", "ln(1) = 0.0"),
    deterministic("log", LOG, Kinds::FLOAT, log, "the natural logarithm, or to a base given first", "log(2, 8) = 3.0"),
    deterministic("log10", number_parameters(), Kinds::FLOAT, log10, "the logarithm to base 10", "log10(1000) = 3.0"),
    deterministic("power", POWER, Kinds::FLOAT, power, "a number to the power of another", "power(2, 10) = 1024.0"),
    deterministic("mod", MOD, Kinds::NUMBER, modulo, "the rest of a division", "mod(7, 3) = 1"),
    deterministic("sin", number_parameters(), Kinds::FLOAT, sin, "the sine of radians", "sin(0) = 0.0"),
    deterministic("cos", number_parameters(), Kinds::FLOAT, cos, "the cosine of radians", "cos(0) = 1.0"),
    deterministic("tan", number_parameters(), Kinds::FLOAT, tan, "the tangent of radians", "tan(0) = 0.0"),
    deterministic(
        "cot",
        number_parameters(),
        Kinds::FLOAT,
        cot,
        "the cotangent of radians",
        "round(cot(pi() / 4), 5) = 1.0",
    ),
    deterministic("asin", number_parameters(), Kinds::FLOAT, asin, "the arcsine in radians", "asin(0) = 0.0"),
    deterministic("acos", number_parameters(), Kinds::FLOAT, acos, "the arccosine in radians", "acos(1) = 0.0"),
    deterministic("atan", number_parameters(), Kinds::FLOAT, atan, "the arctangent in radians", "atan(0) = 0.0"),
    deterministic("atan2", ATAN2, Kinds::FLOAT, atan2, "the angle of a point in radians", "atan2(0, 1) = 0.0"),
    deterministic("sinh", number_parameters(), Kinds::FLOAT, sinh, "the hyperbolic sine", "sinh(0) = 0.0"),
    deterministic("cosh", number_parameters(), Kinds::FLOAT, cosh, "the hyperbolic cosine", "cosh(0) = 1.0"),
    deterministic("tanh", number_parameters(), Kinds::FLOAT, tanh, "the hyperbolic tangent", "tanh(0) = 0.0"),
    deterministic("haversin", number_parameters(), Kinds::FLOAT, haversin, "half the versine", "haversin(0) = 0.0"),
    deterministic("degrees", number_parameters(), Kinds::FLOAT, degrees, "radians as degrees", "degrees(pi()) = 180.0"),
    deterministic("radians", number_parameters(), Kinds::FLOAT, radians, "degrees as radians", "radians(0) = 0.0"),
    deterministic(
        "isNaN",
        number_parameters(),
        Kinds::BOOLEAN,
        is_nan,
        "whether it is not a number",
        "isNaN(0.0 / 0.0) = true",
    ),
    deterministic("pi", &[], Kinds::FLOAT, pi, "the ratio of a circle's circumference to its diameter", "pi() > 3.14"),
    deterministic("e", &[], Kinds::FLOAT, e, "the base of natural logarithms", "e() > 2.71"),
    random("rand", Kinds::FLOAT, rand, "a random number from 0 up to, not including, 1", "rand() < 1"),
    random("randomUUID", Kinds::STRING, random_uuid, "a random UUID", "size(randomUUID()) = 36"),
];

const ROUND: &[Parameter] = &[
    Parameter::required("number", Kinds::NUMBER),
    Parameter::optional("decimals", Kinds::INTEGER),
    Parameter::optional("mode", Kinds::STRING),
];
const LOG: &[Parameter] = &[Parameter::required("number", Kinds::NUMBER), Parameter::optional("of", Kinds::NUMBER)];
const POWER: &[Parameter] =
    &[Parameter::required("base", Kinds::NUMBER), Parameter::required("exponent", Kinds::NUMBER)];
const MOD: &[Parameter] =
    &[Parameter::required("dividend", Kinds::NUMBER), Parameter::required("divisor", Kinds::NUMBER)];
const ATAN2: &[Parameter] = &[Parameter::required("y", Kinds::NUMBER), Parameter::required("x", Kinds::NUMBER)];

/// The argument at a place as a float.
fn float(arguments: &[Value], index: usize) -> f64 {
    match arguments.get(index) {
        Some(Value::Integer(integer)) => *integer as f64,
        Some(Value::Float(float)) => *float,
        _ => f64::NAN,
    }
}

/// Defines bodies of one float in, one float out.
macro_rules! float_functions {
    ($($name:ident: $compute:expr;)*) => {
        $(fn $name(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
            let compute: fn(f64) -> f64 = $compute;
            Ok(Value::Float(compute(float(arguments, 0))))
        })*
    };
}

float_functions! {
    ceil: f64::ceil;
    floor: f64::floor;
    sqrt: f64::sqrt;
    exp: f64::exp;
    ln: f64::ln;
    log10: f64::log10;
    sin: f64::sin;
    cos: f64::cos;
    tan: f64::tan;
    cot: |angle| 1.0 / angle.tan();
    asin: f64::asin;
    acos: f64::acos;
    atan: f64::atan;
    sinh: f64::sinh;
    cosh: f64::cosh;
    tanh: f64::tanh;
    haversin: |angle| (1.0 - angle.cos()) / 2.0;
    degrees: f64::to_degrees;
    radians: f64::to_radians;
}

fn abs(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    match arguments.first() {
        Some(Value::Integer(integer)) => integer
            .checked_abs()
            .map(Value::Integer)
            .ok_or_else(|| ValueError::integer_overflow(format!("abs({integer})"))),
        _ => Ok(Value::Float(float(arguments, 0).abs())),
    }
}

fn sign(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let number = float(arguments, 0);
    let sign = if number > 0.0 {
        1
    } else if number < 0.0 {
        -1
    } else {
        0
    };
    Ok(Value::Integer(sign))
}

fn power(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Float(float(arguments, 0).powf(float(arguments, 1))))
}

fn log(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let number = float(arguments, 0);
    // ISO GQL puts the base first; logarithms to base 2 and 10 are exact for exact powers.
    Ok(Value::Float(match arguments.len() {
        1 => number.ln(),
        _ if number == 2.0 => float(arguments, 1).log2(),
        _ if number == 10.0 => float(arguments, 1).log10(),
        _ => float(arguments, 1).log(number),
    }))
}

fn modulo(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    match arguments {
        [dividend, divisor] => crate::value::arithmetic::modulo(dividend, divisor),
        _ => Ok(Value::Null),
    }
}

fn atan2(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Float(float(arguments, 0).atan2(float(arguments, 1))))
}

fn is_nan(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Boolean(float(arguments, 0).is_nan()))
}

fn pi(_: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Float(std::f64::consts::PI))
}

fn e(_: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Float(std::f64::consts::E))
}

fn rand(_: &[Value], context: &FunctionContext<'_>) -> Answer {
    // 53 bits: every float below 1 at the same distance from the next.
    let bits = context.random_bits() >> 11;
    Ok(Value::Float(bits as f64 / (1u64 << 53) as f64))
}

/// A UUID of version 4 (RFC 9562).
fn random_uuid(_: &[Value], context: &FunctionContext<'_>) -> Answer {
    let (high, low) = (context.random_bits(), context.random_bits());
    let (high, low) = ((high & !0xF000) | 0x4000, (low >> 2) | (1 << 63));
    let text = format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    );
    Ok(Value::string(text))
}

/// `round(number, decimals, mode)`: by the number's shortest decimal digits, so that 2.675 rounds as it is printed.
fn round(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let decimals = match arguments.get(1) {
        Some(Value::Integer(decimals)) => *decimals,
        _ => 0,
    };
    if decimals < 0 {
        return Err(ValueError::out_of_range(format!("`round` cannot keep {decimals} decimals")));
    }
    let mode = match arguments.get(2) {
        Some(Value::String(name)) => Rounding::lookup(name)?,
        // Without decimals a tie goes up, as openCypher's `round` does; with decimals away from zero.
        _ if arguments.len() == 1 => Rounding::TieUp,
        _ => Rounding::HalfUp,
    };
    Ok(Value::Float(mode.round(float(arguments, 0), usize::try_from(decimals).unwrap_or(usize::MAX))))
}

/// How a number between two others is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rounding {
    /// To the nearest; a tie towards positive infinity.
    TieUp,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
    /// To the nearest; a tie away from zero.
    HalfUp,
    /// To the nearest; a tie towards zero.
    HalfDown,
    /// To the nearest; a tie to the even digit.
    HalfEven,
}

impl Rounding {
    /// The mode of this name.
    fn lookup(name: &str) -> Result<Rounding, ValueError> {
        match name.to_ascii_uppercase().as_str() {
            "UP" => Ok(Rounding::Up),
            "DOWN" => Ok(Rounding::Down),
            "CEILING" => Ok(Rounding::Ceiling),
            "FLOOR" => Ok(Rounding::Floor),
            "HALF_UP" => Ok(Rounding::HalfUp),
            "HALF_DOWN" => Ok(Rounding::HalfDown),
            "HALF_EVEN" => Ok(Rounding::HalfEven),
            _ => Err(ValueError::bad_argument(format!("`{name}` is no rounding mode"))
                .with_hint("one of UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN, HALF_EVEN")),
        }
    }

    /// Rounds to so many decimals.
    fn round(self, number: f64, decimals: usize) -> f64 {
        // Display prints the shortest digits that read back, never an exponent.
        let text = format!("{}", number.abs());
        let Some((whole, digits)) = text.split_once('.').filter(|(_, digits)| digits.len() > decimals) else {
            return number;
        };
        let (kept, dropped) = digits.split_at(decimals);
        let half = match dropped.as_bytes() {
            [b'5', rest @ ..] if rest.iter().all(|digit| *digit == b'0') => std::cmp::Ordering::Equal,
            [first, ..] if *first >= b'5' => std::cmp::Ordering::Greater,
            _ => std::cmp::Ordering::Less,
        };
        let last_digit = kept.bytes().last().or_else(|| whole.bytes().last()).unwrap_or(b'0');
        let negative = number < 0.0;
        let away = match self {
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfDown => half.is_gt(),
            Rounding::TieUp => half.is_gt() || (half.is_eq() && !negative),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && last_digit % 2 == 1),
        };
        let kept = format!("{whole}{kept}");
        let digits = if away { increment(&kept) } else { kept };
        let size: f64 = format!("{digits}e-{decimals}").parse().unwrap_or(number.abs());
        if negative { -size } else { size }
    }
}

/// The decimal digits of the next integer.
fn increment(digits: &str) -> String {
    let nines = digits.bytes().rev().take_while(|digit| *digit == b'9').count();
    let (head, _) = digits.split_at(digits.len() - nines);
    let head = match head.split_at_checked(head.len().saturating_sub(1)) {
        Some((front, last)) if !last.is_empty() => {
            let last = last.bytes().next().map_or('1', |digit| char::from(digit + 1));
            format!("{front}{last}")
        }
        _ => "1".to_string(),
    };
    format!("{head}{}", "0".repeat(nines))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::examples::call;

    #[test]
    fn rounding_goes_by_the_printed_digits() {
        let rounded =
            |number: f64, decimals: i64| call("round", &[Value::Float(number), Value::Integer(decimals)]).to_string();
        assert_eq!(rounded(2.675, 2), "2.68");
        assert_eq!(rounded(9.999, 2), "10.0");
        assert_eq!(rounded(-2.5, 0), "-3.0");
        assert_eq!(rounded(0.05, 1), "0.1");
        assert_eq!(rounded(1e300, 2), "1.0e300");
        let whole = |number: f64| call("round", &[Value::Float(number)]).to_string();
        assert_eq!(
            (whole(2.5), whole(-2.5), whole(-0.2), whole(99.7)),
            ("3.0".into(), "-2.0".into(), "-0.0".into(), "100.0".into())
        );
        assert_eq!(whole(f64::NAN), "NaN");
        assert_eq!(whole(f64::INFINITY), "Infinity");
        let mode = |number: f64, mode: &str| {
            call("round", &[Value::Float(number), Value::Integer(1), Value::string(mode)]).to_string()
        };
        assert_eq!(
            (mode(1.25, "HALF_EVEN"), mode(1.25, "UP"), mode(-1.25, "CEILING")),
            ("1.2".into(), "1.3".into(), "-1.2".into())
        );
    }

    #[test]
    fn uuids_have_version_and_variant() {
        let text = call("randomUUID", &[]).to_string();
        assert_eq!((text.len(), text.get(14..15)), (36, Some("4")));
        assert!(matches!(text.get(19..20), Some("8" | "9" | "a" | "b")), "{text}");
    }

    #[test]
    fn integers_stay_integers_where_they_can() {
        assert_eq!(call("abs", &[Value::Integer(-1)]).to_string(), "1");
        assert_eq!(call("ceil", &[Value::Integer(1)]).to_string(), "1.0");
        assert!(call("sqrt", &[Value::Null]).is_null());
    }
}
