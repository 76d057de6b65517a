//! Durations: built from whole or fractional parts, added, scaled.
//!
//! Parts are kept apart (openCypher CIP2015-08-06): a month has no fixed number of days, a day no fixed number of seconds. Only a
//! *fraction* of a part runs over into the smaller ones, by average length: 0.5 months are 15 days and 18 873 seconds. All
//! computation is in exact fractions; what is smaller than a nanosecond is dropped.

use super::Duration;
use super::order::{NANOS_PER_DAY, NANOS_PER_SECOND, SECONDS_PER_DAY, SECONDS_PER_MONTH};

/// The denominator of the finest fraction that is computed with.
const FINEST: i128 = 1_000_000_000_000_000_000;

/// A number as an exact fraction; neither part is beyond 10¹⁸ in size, unless it is a product with a 64-bit integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// What is divided.
    pub numerator: i128,
    /// What it is divided by; never zero.
    pub denominator: i128,
}

impl Fraction {
    /// Returns an integer as a fraction.
    pub fn integer(integer: i64) -> Fraction {
        Fraction { numerator: i128::from(integer), denominator: 1 }
    }

    /// Returns the fraction that the shortest decimal of a float stands for: 0.1 is one tenth, not the binary number beside it.
    pub fn of_float(float: f64) -> Option<Fraction> {
        if !float.is_finite() {
            return None;
        }
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        Fraction::of_decimal(whole, decimals, exponent.parse().ok()?)
    }

    /// Returns the fraction of a decimal number `whole.decimals × 10^exponent`.
    pub fn of_decimal(whole: &str, decimals: &str, exponent: i32) -> Option<Fraction> {
        // Beyond 18 decimals nothing is left of a nanosecond; beyond 18 digits in front nothing fits a duration.
        let decimals = decimals.get(..decimals.len().min(18))?;
        let mut numerator: i128 = format!("{whole}{decimals}").parse().ok()?;
        let mut power = exponent - i32::try_from(decimals.len()).ok()?;
        while power < -18 {
            numerator /= 10;
            power += 1;
            if numerator == 0 {
                return Some(Fraction::integer(0));
            }
        }
        if power >= 0 {
            let factor = 10i128.checked_pow(u32::try_from(power).ok()?)?;
            let numerator = numerator.checked_mul(factor)?;
            (numerator.abs() <= 10 * FINEST).then_some(Fraction { numerator, denominator: 1 })
        } else {
            Some(Fraction { numerator, denominator: 10i128.pow(power.unsigned_abs()) })
        }
    }

    /// Returns `1 / self`, unless this is zero.
    fn inverse(self) -> Option<Fraction> {
        let sign = self.numerator.signum();
        (sign != 0).then(|| Fraction { numerator: self.denominator * sign, denominator: self.numerator * sign })
    }

    /// Returns an integer multiplied by this.
    fn of(self, integer: i64) -> Option<Fraction> {
        let numerator = self.numerator.checked_mul(i128::from(integer))?;
        Some(Fraction { numerator, denominator: self.denominator })
    }

    /// Returns the whole part and the numerator of the rest.
    fn split(self) -> (i128, i128) {
        (self.numerator / self.denominator, self.numerator % self.denominator)
    }
}

/// Collects the parts of a duration.
#[derive(Clone, Copy, Debug, Default)]
pub struct DurationBuilder {
    months: i128,
    days: i128,
    nanoseconds: i128,
}

impl DurationBuilder {
    /// Adds months; a fraction runs over into days and seconds.
    pub fn months(&mut self, count: Fraction) -> Option<&mut Self> {
        let (whole, rest) = count.split();
        self.months = self.months.checked_add(whole)?;
        let seconds = rest.checked_mul(i128::from(SECONDS_PER_MONTH))?;
        let day = count.denominator.checked_mul(i128::from(SECONDS_PER_DAY))?;
        self.days = self.days.checked_add(seconds / day)?;
        let rest = (seconds % day).checked_mul(i128::from(NANOS_PER_SECOND))?;
        self.nanoseconds = self.nanoseconds.checked_add(rest / count.denominator)?;
        Some(self)
    }

    /// Adds days; a fraction runs over into seconds.
    pub fn days(&mut self, count: Fraction) -> Option<&mut Self> {
        let (whole, rest) = count.split();
        self.days = self.days.checked_add(whole)?;
        let rest = rest.checked_mul(i128::from(NANOS_PER_DAY))?;
        self.nanoseconds = self.nanoseconds.checked_add(rest / count.denominator)?;
        Some(self)
    }

    /// Adds units of time, each so many nanoseconds long.
    pub fn time(&mut self, count: Fraction, unit_nanoseconds: i64) -> Option<&mut Self> {
        let (whole, rest) = count.split();
        let unit = i128::from(unit_nanoseconds);
        let nanoseconds = whole.checked_mul(unit)?.checked_add(rest.checked_mul(unit)? / count.denominator)?;
        self.nanoseconds = self.nanoseconds.checked_add(nanoseconds)?;
        Some(self)
    }

    /// Returns the duration, if each part fits 64 bits.
    pub fn finish(&self) -> Option<Duration> {
        let second = i128::from(NANOS_PER_SECOND);
        Some(Duration {
            months: i64::try_from(self.months).ok()?,
            days: i64::try_from(self.days).ok()?,
            seconds: i64::try_from(self.nanoseconds.div_euclid(second)).ok()?,
            nanoseconds: i32::try_from(self.nanoseconds.rem_euclid(second)).ok()?,
        })
    }
}

impl Duration {
    /// Returns a duration of months, days and nanoseconds, if each part fits.
    pub fn from_parts(months: i64, days: i64, nanoseconds: i128) -> Option<Duration> {
        DurationBuilder { months: i128::from(months), days: i128::from(days), nanoseconds }.finish()
    }

    /// Returns the part that is time, in nanoseconds.
    pub fn time_nanoseconds(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS_PER_SECOND) + i128::from(self.nanoseconds)
    }

    /// Returns the sum, part by part.
    pub fn plus(&self, other: &Duration) -> Option<Duration> {
        let months = self.months.checked_add(other.months)?;
        let days = self.days.checked_add(other.days)?;
        Duration::from_parts(months, days, self.time_nanoseconds() + other.time_nanoseconds())
    }

    /// Returns the duration with the sign of each part turned.
    pub fn negated(&self) -> Option<Duration> {
        Duration::from_parts(self.months.checked_neg()?, self.days.checked_neg()?, -self.time_nanoseconds())
    }

    /// Returns this duration some times.
    pub fn times_integer(&self, factor: i64) -> Option<Duration> {
        self.scaled(Fraction::integer(factor))
    }

    /// Returns this duration multiplied by a number.
    pub fn times(&self, factor: f64) -> Option<Duration> {
        self.scaled(Fraction::of_float(factor)?)
    }

    /// Returns this duration divided by an integer.
    pub fn divided_by_integer(&self, divisor: i64) -> Option<Duration> {
        self.scaled(Fraction::integer(divisor).inverse()?)
    }

    /// Returns this duration divided by a number.
    pub fn divided_by(&self, divisor: f64) -> Option<Duration> {
        self.scaled(Fraction::of_float(divisor)?.inverse()?)
    }

    /// Each part multiplied; fractions run over into smaller parts.
    fn scaled(&self, factor: Fraction) -> Option<Duration> {
        DurationBuilder::default()
            .months(factor.of(self.months)?)?
            .days(factor.of(self.days)?)?
            .time(factor.of(self.seconds)?, NANOS_PER_SECOND)?
            .time(factor.of(i64::from(self.nanoseconds))?, 1)?
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_floats_are_decimal() {
        assert_eq!(Fraction::of_float(0.1), Some(Fraction { numerator: 1, denominator: 10 }));
        assert_eq!(Fraction::of_float(-12.5), Some(Fraction { numerator: -125, denominator: 10 }));
        assert_eq!(Fraction::of_float(3e2), Some(Fraction::integer(300)));
        assert_eq!(Fraction::of_float(1e-300), Some(Fraction::integer(0)));
        assert_eq!(Fraction::of_float(1e300), None);
        assert_eq!(Fraction::of_float(f64::NAN), None);
    }

    #[test]
    fn a_fraction_of_a_month_runs_over() {
        let mut builder = DurationBuilder::default();
        builder.months(Fraction { numerator: 75, denominator: 100 }).expect("small");
        let expected = Duration { months: 0, days: 22, seconds: 71_509, nanoseconds: 500_000_000 };
        assert_eq!(builder.finish(), Some(expected));
    }

    #[test]
    fn scaling_is_exact() {
        let duration = Duration { months: 149, days: 14, seconds: 58_390, nanoseconds: 1 };
        let half = Duration { months: 74, days: 22, seconds: 48_068, nanoseconds: 0 };
        let double = Duration { months: 298, days: 28, seconds: 116_780, nanoseconds: 2 };
        assert_eq!(duration.times(0.5), Some(half));
        assert_eq!(duration.divided_by_integer(2), Some(half));
        assert_eq!(duration.divided_by(0.5), Some(double));
        assert_eq!(duration.times_integer(2), Some(double));
        assert_eq!(duration.divided_by(0.0), None);
        assert_eq!(duration.times_integer(i64::MAX), None);
        let third = Duration { seconds: 1, ..Duration::default() }.divided_by_integer(3);
        assert_eq!(third, Some(Duration { nanoseconds: 333_333_333, ..Duration::default() }));
    }

    #[test]
    fn nanoseconds_stay_positive() {
        let duration = Duration::from_parts(0, 0, -1);
        assert_eq!(duration, Some(Duration { seconds: -1, nanoseconds: 999_999_999, ..Duration::default() }));
    }
}
