//! What an aggregate gathers over a group: values go in one by one or by the lot, two halves are merged, one value comes out.
//!
//! Nulls are left out. Equal values that count once (DISTINCT) are left out by the caller. Integers are summed in 128 bits, so that
//! only a result that does not fit 64 bits is an error, in whatever order the parts came; floats are summed with their rounding
//! errors kept aside (Neumaier), so that the order hardly matters.

use std::sync::Arc;

use crate::value::limit::check_list_length;
use crate::value::order::order;
use crate::value::temporal::Duration;
use crate::value::{Value, ValueError};

use super::percentile::{Collected, percentile};
use super::{Aggregate, ElementSet};

/// A running aggregate.
#[derive(Clone, Debug)]
pub enum Accumulator {
    /// `count(*)` and `count(x)`.
    Count {
        /// Whether nulls count too.
        rows: bool,
        /// How many there were.
        count: i64,
    },
    /// `sum(x)`.
    Sum(Total),
    /// `avg(x)`.
    Avg(Total),
    /// `min(x)`.
    Min(Option<Value>),
    /// `max(x)`.
    Max(Option<Value>),
    /// `collect(x)`.
    Collect(Vec<Value>),
    /// `stDev(x)` and `stDevP(x)`.
    Deviation {
        /// Whether the values are the whole population.
        population: bool,
        /// How they scatter.
        spread: Spread,
    },
    /// `percentileCont(x, p)` and `percentileDisc(x, p)`.
    Percentile {
        /// Whether a value between two neighbours may come out.
        continuous: bool,
        /// The share, 0 to 1; known from the first row on.
        share: Option<f64>,
        /// All values.
        values: Collected,
    },
    /// The elements that a group rests on.
    Evidence(ElementSet),
}

impl Accumulator {
    /// Returns an empty accumulator.
    pub fn new(aggregate: Aggregate) -> Accumulator {
        match aggregate {
            Aggregate::CountStar => Accumulator::Count { rows: true, count: 0 },
            Aggregate::Count => Accumulator::Count { rows: false, count: 0 },
            Aggregate::Sum => Accumulator::Sum(Total::default()),
            Aggregate::Avg => Accumulator::Avg(Total::default()),
            Aggregate::Min => Accumulator::Min(None),
            Aggregate::Max => Accumulator::Max(None),
            Aggregate::Collect => Accumulator::Collect(Vec::new()),
            Aggregate::Evidence => Accumulator::Evidence(ElementSet::default()),
            Aggregate::StDev => Accumulator::Deviation { population: false, spread: Spread::default() },
            Aggregate::StDevP => Accumulator::Deviation { population: true, spread: Spread::default() },
            Aggregate::PercentileCont | Aggregate::PercentileDisc => Accumulator::Percentile {
                continuous: aggregate == Aggregate::PercentileCont,
                share: None,
                values: Collected::default(),
            },
        }
    }

    /// Takes the second argument of a percentile function; the first one given counts.
    ///
    /// # Errors
    /// A share that is no number from 0 to 1.
    pub fn set_parameter(&mut self, parameter: &Value) -> Result<(), ValueError> {
        let Accumulator::Percentile { share, .. } = self else {
            return Ok(());
        };
        if share.is_none() {
            let number = match parameter {
                Value::Integer(integer) => *integer as f64,
                Value::Float(float) => *float,
                other => {
                    return Err(ValueError::wrong_value(format!("a percentile is a number, not {}", other.kind())));
                }
            };
            if !(0.0..=1.0).contains(&number) {
                return Err(ValueError::out_of_range(format!("a percentile lies between 0 and 1, not at {number}")));
            }
            *share = Some(number);
        }
        Ok(())
    }

    /// Takes in one value.
    ///
    /// # Errors
    /// A kind that the aggregate does not take, or a duration that overflows.
    #[inline]
    pub fn add(&mut self, value: &Value) -> Result<(), ValueError> {
        if value.is_null() {
            if let Accumulator::Count { rows: true, count } = self {
                *count += 1;
            }
            return Ok(());
        }
        match self {
            Accumulator::Count { count, .. } => *count += 1,
            Accumulator::Sum(total) => total.add(value, "sum")?,
            Accumulator::Avg(total) => total.add(value, "avg")?,
            Accumulator::Min(least) => {
                if least.as_ref().is_none_or(|least| order(value, least).is_lt()) {
                    *least = Some(value.clone());
                }
            }
            Accumulator::Max(greatest) => {
                if greatest.as_ref().is_none_or(|greatest| order(value, greatest).is_gt()) {
                    *greatest = Some(value.clone());
                }
            }
            Accumulator::Collect(items) => {
                check_list_length(items.len() + 1)?;
                items.push(value.clone());
            }
            Accumulator::Evidence(elements) => elements.add(value),
            Accumulator::Deviation { spread, .. } => spread.add(number(value, "stDev")?),
            Accumulator::Percentile { values, .. } => {
                number(value, "percentile")?;
                match value {
                    Value::Integer(integer) => values.push_integer(*integer),
                    value => values.all().push(value.clone()),
                }
            }
        }
        Ok(())
    }

    /// Takes in so many rows, for `count(*)`; or so many values that are not null, for `count(x)`.
    #[inline]
    pub fn add_count(&mut self, rows: u64) {
        if let Accumulator::Count { count, .. } = self {
            *count = count.saturating_add(i64::try_from(rows).unwrap_or(i64::MAX));
        }
    }

    /// Takes in the same value so many times, as a factorized list or a weighted row asks.
    ///
    /// # Errors
    /// As [`Accumulator::add`].
    pub fn add_repeated(&mut self, value: &Value, times: u64) -> Result<(), ValueError> {
        match self {
            Accumulator::Count { rows, .. } if *rows || !value.is_null() => self.add_count(times),
            Accumulator::Min(_) | Accumulator::Max(_) | Accumulator::Evidence(_) if times > 0 => self.add(value)?,
            Accumulator::Count { .. } | Accumulator::Min(_) | Accumulator::Max(_) | Accumulator::Evidence(_) => {}
            Accumulator::Sum(total) | Accumulator::Avg(total) => {
                if let Value::Integer(integer) = value {
                    total.integers += i128::from(*integer) * i128::from(times);
                    total.count += times;
                } else {
                    for _ in 0..times {
                        self.add(value)?;
                    }
                }
            }
            Accumulator::Collect(_) | Accumulator::Deviation { .. } | Accumulator::Percentile { .. } => {
                for _ in 0..times {
                    self.add(value)?;
                }
            }
        }
        Ok(())
    }

    /// Takes in an integer, without a value around it.
    #[inline]
    pub fn add_integer(&mut self, integer: i64) -> Result<(), ValueError> {
        match self {
            Accumulator::Sum(total) | Accumulator::Avg(total) => {
                total.integers += i128::from(integer);
                total.count += 1;
                Ok(())
            }
            Accumulator::Count { count, .. } => {
                *count += 1;
                Ok(())
            }
            Accumulator::Deviation { spread, .. } => {
                spread.add(integer as f64);
                Ok(())
            }
            Accumulator::Percentile { values, .. } => {
                values.push_integer(integer);
                Ok(())
            }
            Accumulator::Collect(items) => {
                check_list_length(items.len() + 1)?;
                items.push(Value::Integer(integer));
                Ok(())
            }
            _ => self.add(&Value::Integer(integer)),
        }
    }

    /// Takes in integers summed already.
    pub fn add_integers(&mut self, sum: i128, count: u64) {
        if let Accumulator::Sum(total) | Accumulator::Avg(total) = self {
            total.integers += sum;
            total.count += count;
        }
    }

    /// Takes in a float, without a value around it.
    #[inline]
    pub fn add_float(&mut self, float: f64) -> Result<(), ValueError> {
        match self {
            Accumulator::Sum(total) | Accumulator::Avg(total) => {
                total.add_float(float);
                Ok(())
            }
            _ => self.add(&Value::Float(float)),
        }
    }

    /// Takes in what another accumulator of the same aggregate gathered over the rows that follow.
    ///
    /// # Errors
    /// A duration that overflows.
    pub fn merge(&mut self, other: Accumulator) -> Result<(), ValueError> {
        match (self, other) {
            (Accumulator::Count { count, .. }, Accumulator::Count { count: more, .. }) => {
                *count = count.saturating_add(more);
            }
            (Accumulator::Sum(total), Accumulator::Sum(more)) | (Accumulator::Avg(total), Accumulator::Avg(more)) => {
                total.merge(&more)?;
            }
            (this @ Accumulator::Min(_), Accumulator::Min(Some(value)))
            | (this @ Accumulator::Max(_), Accumulator::Max(Some(value))) => this.add(&value)?,
            (Accumulator::Collect(items), Accumulator::Collect(mut more)) => {
                check_list_length(items.len() + more.len())?;
                items.append(&mut more);
            }
            (Accumulator::Evidence(elements), Accumulator::Evidence(more)) => elements.merge(&more),
            (Accumulator::Deviation { spread, .. }, Accumulator::Deviation { spread: more, .. }) => spread.merge(&more),
            (
                Accumulator::Percentile { share, values, .. },
                Accumulator::Percentile { share: other_share, values: more, .. },
            ) => {
                *share = share.or(other_share);
                values.append(more);
            }
            _ => {}
        }
        Ok(())
    }

    /// Returns the elements gathered, where it gathers elements.
    pub fn elements_mut(&mut self) -> Option<&mut ElementSet> {
        if let Accumulator::Evidence(elements) = self { Some(elements) } else { None }
    }

    /// Returns the elements gathered, where it gathers elements.
    pub fn elements(&self) -> Option<&ElementSet> {
        if let Accumulator::Evidence(elements) = self { Some(elements) } else { None }
    }

    /// Returns the result.
    ///
    /// # Errors
    /// A sum that does not fit 64 bits.
    pub fn finish(self) -> Result<Value, ValueError> {
        match self {
            Accumulator::Count { count, .. } => Ok(Value::Integer(count)),
            Accumulator::Sum(total) => total.sum(),
            Accumulator::Avg(total) => total.average(),
            Accumulator::Min(value) | Accumulator::Max(value) => Ok(value.unwrap_or_default()),
            Accumulator::Collect(items) => Ok(Value::list(items)),
            Accumulator::Evidence(elements) => Ok(elements.into_list()),
            Accumulator::Deviation { population, spread } => Ok(Value::Float(spread.deviation(population))),
            Accumulator::Percentile { continuous, share, values } => Ok(percentile(values, share, continuous)),
        }
    }
}

/// A running sum of numbers or of durations.
#[derive(Clone, Debug, Default)]
pub struct Total {
    count: u64,
    integers: i128,
    floats: Option<Compensated>,
    duration: Option<Duration>,
}

impl Total {
    fn add(&mut self, value: &Value, function: &str) -> Result<(), ValueError> {
        match value {
            Value::Integer(integer) if self.duration.is_none() => self.integers += i128::from(*integer),
            Value::Float(float) if self.duration.is_none() => {
                self.add_float(*float);
                return Ok(());
            }
            Value::Duration(duration) if self.duration.is_some() || self.count == 0 => {
                self.duration = Some(plus(self.duration.unwrap_or_default(), duration)?);
            }
            Value::Integer(_) | Value::Float(_) | Value::Duration(_) => {
                return Err(ValueError::wrong_value(format!("`{function}` does not mix numbers and durations")));
            }
            other => return Err(ValueError::wrong_value(format!("`{function}` does not take {}", other.kind()))),
        }
        self.count += 1;
        Ok(())
    }

    #[inline]
    fn add_float(&mut self, float: f64) {
        self.floats.get_or_insert_default().add(float);
        self.count += 1;
    }

    fn merge(&mut self, other: &Total) -> Result<(), ValueError> {
        if let Some(more) = &other.duration {
            self.duration = Some(plus(self.duration.unwrap_or_default(), more)?);
        }
        if let Some(more) = &other.floats {
            let floats = self.floats.get_or_insert_default();
            floats.add(more.sum);
            floats.add(more.error);
        }
        self.integers += other.integers;
        self.count += other.count;
        self.check_unmixed()
    }

    /// Numbers added without values around them may stand beside durations; that shows here.
    fn check_unmixed(&self) -> Result<(), ValueError> {
        if self.duration.is_some() && (self.integers != 0 || self.floats.is_some()) {
            return Err(ValueError::wrong_value("a sum does not mix numbers and durations"));
        }
        Ok(())
    }

    /// The numbers together, if one of them is a float.
    fn float(&self) -> Option<f64> {
        let floats = self.floats.as_ref()?;
        Some(floats.value() + self.integers as f64)
    }

    fn sum(self) -> Result<Value, ValueError> {
        self.check_unmixed()?;
        if let Some(duration) = self.duration {
            return Ok(Value::Duration(Arc::new(duration)));
        }
        if let Some(float) = self.float() {
            return Ok(Value::Float(float));
        }
        i64::try_from(self.integers).map(Value::Integer).map_err(|_| ValueError::integer_overflow("sum"))
    }

    fn average(self) -> Result<Value, ValueError> {
        if self.count == 0 {
            return Ok(Value::Null);
        }
        self.check_unmixed()?;
        if let Some(duration) = self.duration {
            let count = i64::try_from(self.count).unwrap_or(i64::MAX);
            return Ok(duration.divided_by_integer(count).map_or(Value::Null, |mean| Value::Duration(Arc::new(mean))));
        }
        let total = self.float().unwrap_or(self.integers as f64);
        Ok(Value::Float(total / self.count as f64))
    }
}

/// The sum of two durations.
fn plus(lhs: Duration, rhs: &Duration) -> Result<Duration, ValueError> {
    lhs.plus(rhs).ok_or_else(|| ValueError::out_of_range("the sum of durations does not fit"))
}

/// A sum of floats with the rounding errors aside (Neumaier 1974).
#[derive(Clone, Copy, Debug, Default)]
struct Compensated {
    sum: f64,
    error: f64,
}

impl Compensated {
    #[inline]
    fn add(&mut self, float: f64) {
        let sum = self.sum + float;
        let lost = if self.sum.abs() >= float.abs() { (self.sum - sum) + float } else { (float - sum) + self.sum };
        // Once the sum is infinite or NaN, the lost part is no number.
        if lost.is_finite() {
            self.error += lost;
        }
        self.sum = sum;
    }

    fn value(&self) -> f64 {
        self.sum + self.error
    }
}

/// Count, mean and squared distance from the mean (Welford; merging after Chan, Golub and LeVeque).
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, number: f64) {
        self.count += 1.0;
        let distance = number - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (number - self.mean);
    }

    fn merge(&mut self, other: &Spread) {
        let count = self.count + other.count;
        if count == 0.0 {
            return;
        }
        let distance = other.mean - self.mean;
        self.squares += other.squares + distance * distance * self.count * other.count / count;
        self.mean += distance * other.count / count;
        self.count = count;
    }

    /// The standard deviation; zero where one value or none was seen.
    fn deviation(&self, population: bool) -> f64 {
        let freedom = if population { self.count } else { self.count - 1.0 };
        if freedom < 1.0 { 0.0 } else { (self.squares / freedom).sqrt() }
    }
}

/// The number as a float.
fn number(value: &Value, function: &str) -> Result<f64, ValueError> {
    match value {
        Value::Integer(integer) => Ok(*integer as f64),
        Value::Float(float) => Ok(*float),
        other => Err(ValueError::wrong_value(format!("`{function}` does not take {}", other.kind()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(aggregate: Aggregate, values: &[Value]) -> String {
        let mut whole = Accumulator::new(aggregate);
        let added = values.iter().try_for_each(|value| whole.add(value));
        let (first, second) = values.split_at(values.len() / 2);
        let mut halves = [first, second].map(|half| {
            let mut accumulator = Accumulator::new(aggregate);
            let _ = half.iter().try_for_each(|value| accumulator.add(value));
            accumulator
        });
        let [merged, other] = &mut halves;
        let merged = merged.merge(other.clone()).map(|()| merged.clone());
        let text = |accumulator: Accumulator| match accumulator.finish() {
            Ok(value) => value.to_string(),
            Err(error) => error.detail.name().to_string(),
        };
        if let Err(error) = added {
            return error.detail.name().to_string();
        }
        let whole = text(whole);
        assert_eq!(merged.map(text), Ok(whole.clone()));
        whole
    }

    fn integers(items: &[i64]) -> Vec<Value> {
        items.iter().copied().map(Value::Integer).collect()
    }

    #[test]
    fn integers_stay_integers_and_overflow_only_at_the_end() {
        assert_eq!(result(Aggregate::Sum, &integers(&[1, 2, 3])), "6");
        assert_eq!(result(Aggregate::Sum, &[]), "0");
        assert_eq!(result(Aggregate::Sum, &integers(&[i64::MAX, 1, -1])), i64::MAX.to_string());
        assert_eq!(result(Aggregate::Sum, &integers(&[i64::MAX, 1])), "IntegerOverflow");
        assert_eq!(result(Aggregate::Avg, &integers(&[i64::MAX, i64::MAX])), "9.223372036854776e18");
        assert_eq!(result(Aggregate::Avg, &integers(&[1, 2])), "1.5");
        assert_eq!(result(Aggregate::Avg, &[]), "null");
    }

    #[test]
    fn floats_lose_little() {
        let tenths = vec![Value::Float(0.1); 10];
        assert_eq!(result(Aggregate::Sum, &tenths), "1.0");
        assert_eq!(result(Aggregate::Sum, &[Value::Float(1e100), Value::Integer(1), Value::Float(-1e100)]), "1.0");
        let infinite = [Value::Float(f64::INFINITY), Value::Float(1.0)];
        assert_eq!(result(Aggregate::Sum, &infinite), "Infinity");
    }

    #[test]
    fn nulls_are_left_out() {
        let values = [Value::Null, Value::Integer(2), Value::Null];
        assert_eq!(result(Aggregate::Count, &values), "1");
        assert_eq!(result(Aggregate::CountStar, &values), "3");
        assert_eq!(result(Aggregate::Collect, &values), "[2]");
        assert_eq!(result(Aggregate::Min, &values), "2");
        assert_eq!(result(Aggregate::Max, &[Value::Null]), "null");
    }

    #[test]
    fn extremes_follow_the_total_order() {
        let list = Value::list(integers(&[1, 2]));
        let values = [Value::Integer(1), Value::string("a"), Value::Null, list, Value::Float(0.2), Value::string("b")];
        assert_eq!(result(Aggregate::Max, &values), "1");
        assert_eq!(result(Aggregate::Min, &values), "[1, 2]");
    }

    #[test]
    fn durations_are_summed_by_part() {
        let duration = |text| crate::value::construct::duration(&Value::string(text)).expect("a duration");
        let values = [duration("P1M2DT3S"), duration("P1M1DT2S")];
        assert_eq!(result(Aggregate::Sum, &values), "P2M3DT5S");
        assert_eq!(result(Aggregate::Avg, &values), "P1M1DT12H2.5S");
        assert_eq!(result(Aggregate::Sum, &[duration("P1M"), Value::Integer(1)]), "InvalidArgumentValue");
        assert_eq!(result(Aggregate::Sum, &[Value::string("a")]), "InvalidArgumentValue");
    }

    #[test]
    fn deviations_and_percentiles() {
        assert_eq!(result(Aggregate::StDev, &integers(&[1, 3])), "1.4142135623730951");
        assert_eq!(result(Aggregate::StDevP, &integers(&[1, 3])), "1.0");
        assert_eq!(result(Aggregate::StDev, &integers(&[1])), "0.0");
        let at = |aggregate, share: f64, items: &[i64]| {
            let mut accumulator = Accumulator::new(aggregate);
            accumulator.set_parameter(&Value::Float(share)).expect("a share");
            integers(items).iter().try_for_each(|value| accumulator.add(value)).expect("numbers");
            accumulator.finish().map(|value| value.to_string()).unwrap_or_default()
        };
        assert_eq!(at(Aggregate::PercentileDisc, 0.5, &[30, 10, 20]), "20");
        assert_eq!(at(Aggregate::PercentileDisc, 0.0, &[30, 10, 20]), "10");
        assert_eq!(at(Aggregate::PercentileCont, 0.5, &[10, 20]), "15.0");
        assert_eq!(at(Aggregate::PercentileCont, 1.0, &[10, 20]), "20.0");
        assert_eq!(at(Aggregate::PercentileCont, 0.5, &[]), "null");
        assert!(Accumulator::new(Aggregate::PercentileDisc).set_parameter(&Value::Float(1.5)).is_err());
    }

    #[test]
    fn repeated_values_count_as_often() {
        let mut sum = Accumulator::new(Aggregate::Sum);
        sum.add_repeated(&Value::Integer(2), 1_000_000).expect("numbers");
        assert_eq!(sum.finish().map(|value| value.to_string()), Ok("2000000".to_string()));
        let mut count = Accumulator::new(Aggregate::Count);
        count.add_repeated(&Value::Null, 5).expect("anything");
        count.add_repeated(&Value::Integer(1), 5).expect("anything");
        assert_eq!(count.finish().map(|value| value.to_string()), Ok("5".to_string()));
    }
}
