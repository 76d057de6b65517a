//! The map that a temporal constructor takes: which entries it may have, and what date or time of day they mean.
//!
//! A date is given by calendar, week, quarter or day of the year; what is not given comes from a base (another moment) or is the
//! first. Without a base nothing may be left out in the middle.

use super::temporal::{Date, LocalTime, NANOS_PER_SECOND, ZoneChoice};
use super::{Map, Value, ValueError};

/// The entries that say a date.
const DATE_KEYS: [&str; 8] = ["year", "month", "day", "week", "dayOfWeek", "quarter", "dayOfQuarter", "ordinalDay"];
/// The entries that say a time of day.
const TIME_KEYS: [&str; 6] = ["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];

/// A constructor's map.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    map: &'a Map,
    constructor: &'static str,
}

impl<'a> Fields<'a> {
    /// Takes a map whose entries are all among `selections`, date entries and time entries, as far as each is wanted.
    pub(super) fn new(
        map: &'a Map,
        constructor: &'static str,
        date: bool,
        time: bool,
        others: &[&str],
    ) -> Result<Self, ValueError> {
        for (key, _) in map.iter() {
            let key = key.as_str();
            let known =
                (date && DATE_KEYS.contains(&key)) || (time && TIME_KEYS.contains(&key)) || others.contains(&key);
            if !known {
                let mut names: Vec<&str> = Vec::new();
                names.extend(DATE_KEYS.iter().filter(|_| date));
                names.extend(TIME_KEYS.iter().filter(|_| time));
                names.extend(others);
                return Err(ValueError::bad_argument(format!("`{constructor}` does not know the entry `{key}`"))
                    .with_hint(format!("it takes {}", names.join(", "))));
            }
        }
        Ok(Fields { map, constructor })
    }

    /// Says whether some entry is null; the whole is null then.
    pub(super) fn has_null(&self) -> bool {
        self.map.iter().any(|(_, value)| value.is_null())
    }

    /// Returns an entry.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    /// Returns an entry that must be an integer.
    pub(super) fn integer(&self, key: &str) -> Result<Option<i64>, ValueError> {
        match self.map.get(key) {
            None => Ok(None),
            Some(Value::Integer(integer)) => Ok(Some(*integer)),
            Some(other) => Err(ValueError::wrong_kind(format!(
                "`{}` takes INTEGER as `{key}`, not {}",
                self.constructor,
                other.kind()
            ))),
        }
    }

    /// Returns the offset or zone, if one is given.
    pub(super) fn zone(&self) -> Result<Option<ZoneChoice>, ValueError> {
        match self.map.get("timezone") {
            None => Ok(None),
            Some(Value::String(name)) => ZoneChoice::parse(name).map(Some).ok_or_else(|| unknown_zone(name)),
            Some(other) => Err(ValueError::wrong_kind(format!(
                "`{}` takes STRING as `timezone`, not {}",
                self.constructor,
                other.kind()
            ))),
        }
    }

    /// Returns the date, what is not given taken from the base.
    pub(super) fn date(&self, base: Option<Date>) -> Result<Date, ValueError> {
        let week = self.any(&["week", "dayOfWeek"]);
        let quarter = self.any(&["quarter", "dayOfQuarter"]);
        let ordinal = self.any(&["ordinalDay"]);
        let calendar = self.any(&["month", "day"]);
        if [week, quarter, ordinal, calendar].into_iter().filter(|given| *given).count() > 1 {
            return Err(ValueError::bad_argument(format!("`{}` takes one way of naming a day", self.constructor))
                .with_hint("month and day, or week and dayOfWeek, or quarter and dayOfQuarter, or ordinalDay"));
        }
        let year = |base: Option<i64>| self.integer("year")?.or(base).ok_or_else(|| self.missing("year"));
        let date = if week {
            let base_week = base.map(Date::week);
            let year = year(base_week.map(|(year, _)| year))?;
            let week = self.part("week", base_week.map(|(_, week)| week), Some("dayOfWeek"))?;
            Date::from_week(year, week, self.part("dayOfWeek", base.map(Date::day_of_week), None)?)
        } else if quarter {
            let quarter = self.part("quarter", base.map(Date::quarter), Some("dayOfQuarter"))?;
            let day = self.part("dayOfQuarter", base.map(Date::day_of_quarter), None)?;
            Date::from_quarter(year(base.map(Date::year))?, quarter, day)
        } else if ordinal {
            Date::from_ordinal(year(base.map(Date::year))?, self.part("ordinalDay", None, None)?)
        } else {
            let month = self.part("month", base.map(Date::month), Some("day"))?;
            let day = self.part("day", base.map(Date::day), None)?;
            Date::from_ymd(year(base.map(Date::year))?, month, day)
        };
        date.ok_or_else(|| {
            ValueError::out_of_range(format!("`{}` is asked for a day that does not exist", self.constructor))
        })
    }

    /// Returns the time of day, what is not given taken from the base; midnight if nothing is given at all.
    ///
    /// Parts of a second replace the base's, unless the base was truncated to a unit of `kept` nanoseconds: then they fill it.
    pub(super) fn time(&self, base: Option<LocalTime>, kept: Option<i64>) -> Result<LocalTime, ValueError> {
        let seconds = base.map(|base| base.nanoseconds / NANOS_PER_SECOND);
        let hour = self.time_part("hour", seconds.map(|seconds| seconds / 3_600), Some("minute"))?;
        let minute = self.time_part("minute", seconds.map(|seconds| seconds / 60 % 60), Some("second"))?;
        let second = self.time_part("second", seconds.map(|seconds| seconds % 60), None)?;
        let base_fraction = base.map_or(0, |base| base.nanoseconds % NANOS_PER_SECOND);
        let nanosecond = self.fraction(base_fraction, kept)?;
        LocalTime::from_parts(hour, minute, second, nanosecond).ok_or_else(|| {
            ValueError::out_of_range(format!("`{}` is asked for a time of day that does not exist", self.constructor))
        })
    }

    /// Says whether the map has an entry that says a time of day.
    pub(super) fn has_time(&self) -> bool {
        self.any(&TIME_KEYS)
    }

    /// The parts of a second together, in nanoseconds.
    fn fraction(&self, base: i64, kept: Option<i64>) -> Result<i64, ValueError> {
        let mut sum = None;
        let mut limit = kept.unwrap_or(NANOS_PER_SECOND);
        for (key, unit) in [("millisecond", 1_000_000), ("microsecond", 1_000), ("nanosecond", 1)] {
            if let Some(count) = self.integer(key)? {
                if count < 0 || count.checked_mul(unit).is_none_or(|length| length >= limit) {
                    return Err(ValueError::out_of_range(format!("`{key}` is out of range: {count}")));
                }
                sum = Some(sum.unwrap_or(0) + count * unit);
                limit = unit;
            }
        }
        Ok(match (sum, kept) {
            (None, _) => base,
            (Some(sum), None) => sum,
            (Some(sum), Some(_)) => base + sum,
        })
    }

    /// Says whether one of the entries is given.
    fn any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.map.get(key).is_some())
    }

    /// A part of a date: given, or the base's, or the first; but not missing while a smaller part is given.
    fn part(&self, key: &str, base: Option<i64>, smaller: Option<&str>) -> Result<i64, ValueError> {
        match self.integer(key)?.or(base) {
            Some(part) => Ok(part),
            None if smaller.is_some_and(|smaller| self.any(&[smaller])) => Err(self.missing(key)),
            None => Ok(1),
        }
    }

    /// A part of a time of day: as for a date, but the first is zero.
    fn time_part(&self, key: &str, base: Option<i64>, smaller: Option<&str>) -> Result<i64, ValueError> {
        match self.integer(key)?.or(base) {
            Some(part) => Ok(part),
            None if smaller.is_some_and(|smaller| self.any(&[smaller])) => Err(self.missing(key)),
            None => Ok(0),
        }
    }

    /// The error of an entry that must be there.
    pub(super) fn missing(&self, key: &str) -> ValueError {
        ValueError::bad_argument(format!("`{}` needs the entry `{key}`", self.constructor))
    }
}

/// The error of a zone that the table does not have.
fn unknown_zone(name: &str) -> ValueError {
    ValueError::bad_argument(format!("`{name}` is no time zone"))
        .with_hint("an offset such as `+08:00`, or a name such as `Asia/Shanghai`")
}
