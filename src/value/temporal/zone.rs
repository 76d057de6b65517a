//! Time zones by name: which offset holds when. The one door to the time zone library and its bundled table.
//!
//! The library knows the years -9999 to 9999; outside of them the calendar's cycle of 400 years is used. It drops the seconds of old
//! offsets when it prints, so printing is ours.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use smol_str::SmolStr;
use std::sync::LazyLock;

use super::order::{NANOS_PER_SECOND, SECONDS_PER_DAY};
use super::{Date, DateTime, LocalDateTime, LocalTime};

/// The bundled table, whatever the machine has: old dates differ between machines.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Seconds of the 400 years after which the calendar repeats.
const CYCLE_SECONDS: i64 = 146_097 * SECONDS_PER_DAY;
/// 9000-01-01 and -9000-01-01 in seconds since 1970: safely inside of what the library knows.
const KNOWN_SECONDS: std::ops::Range<i64> = -346_000_000_000..221_800_000_000;

/// A time zone by its IANA name.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The name as the table spells it.
    pub name: SmolStr,
    rules: TimeZone,
}

impl Zone {
    /// Returns the zone of this name, in any case of letters.
    pub fn find(name: &str) -> Option<Zone> {
        let rules = ZONES.get(name).ok()?;
        let name = SmolStr::new(rules.iana_name().unwrap_or(name));
        Some(Zone { name, rules })
    }

    /// Returns the offset at an instant, given in seconds since 1970-01-01T00:00Z.
    pub fn offset_at(&self, utc_seconds: i64) -> i32 {
        let (seconds, _) = fold(utc_seconds);
        jiff::Timestamp::from_second(seconds).map_or(0, |instant| self.rules.to_offset(instant).seconds())
    }

    /// Returns the moment that clocks in this zone show.
    ///
    /// A time that clocks show twice is the first one; a time that they skip is moved forward by what they skip.
    pub fn at_local(&self, local: LocalDateTime) -> Option<DateTime> {
        let (seconds, cycles) = fold(local.seconds());
        let shown = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).datetime();
        let instant = self.rules.to_ambiguous_timestamp(shown).compatible().ok()?.as_second();
        let subsecond = i128::from(local.time.nanoseconds % NANOS_PER_SECOND);
        let utc_seconds = instant + cycles * CYCLE_SECONDS;
        self.at_instant(i128::from(utc_seconds) * i128::from(NANOS_PER_SECOND) + subsecond)
    }

    /// Returns the moment of an instant, given in nanoseconds since 1970-01-01T00:00Z.
    pub fn at_instant(&self, utc_nanoseconds: i128) -> Option<DateTime> {
        let seconds = i64::try_from(utc_nanoseconds.div_euclid(i128::from(NANOS_PER_SECOND))).ok()?;
        DateTime::at_instant(utc_nanoseconds, self.offset_at(seconds), Some(self.name.clone()))
    }
}

/// Where a moment is asked for: at an offset or in a zone.
#[derive(Clone, Debug)]
pub enum ZoneChoice {
    /// Seconds east of UTC.
    Offset(i32),
    /// A zone by name.
    Named(Zone),
}

impl ZoneChoice {
    /// Returns the choice that made a moment's offset.
    pub fn of(moment: &DateTime) -> ZoneChoice {
        let zone = moment.zone.as_deref().and_then(Zone::find);
        zone.map_or(ZoneChoice::Offset(moment.offset_seconds), ZoneChoice::Named)
    }

    /// Returns the moment that clocks show here.
    pub fn at_local(&self, local: LocalDateTime) -> Option<DateTime> {
        match self {
            ZoneChoice::Offset(offset_seconds) => Some(DateTime { local, offset_seconds: *offset_seconds, zone: None }),
            ZoneChoice::Named(zone) => zone.at_local(local),
        }
    }

    /// Returns the moment of an instant, given in nanoseconds since 1970-01-01T00:00Z.
    pub fn at_instant(&self, utc_nanoseconds: i128) -> Option<DateTime> {
        match self {
            ZoneChoice::Offset(offset_seconds) => DateTime::at_instant(utc_nanoseconds, *offset_seconds, None),
            ZoneChoice::Named(zone) => zone.at_instant(utc_nanoseconds),
        }
    }
}

/// Seconds brought into the years that the library knows, and the cycles taken away.
fn fold(seconds: i64) -> (i64, i64) {
    if KNOWN_SECONDS.contains(&seconds) {
        return (seconds, 0);
    }
    let anchor = if seconds < 0 { KNOWN_SECONDS.start } else { KNOWN_SECONDS.end - CYCLE_SECONDS };
    let cycles = (seconds - anchor).div_euclid(CYCLE_SECONDS);
    (seconds - cycles * CYCLE_SECONDS, cycles)
}

impl DateTime {
    /// Returns the moment of an instant, in nanoseconds since 1970-01-01T00:00Z, as seen at an offset.
    pub fn at_instant(utc_nanoseconds: i128, offset_seconds: i32, zone: Option<SmolStr>) -> Option<DateTime> {
        let shifted = utc_nanoseconds + i128::from(offset_seconds) * i128::from(NANOS_PER_SECOND);
        Some(DateTime { local: LocalDateTime::from_nanoseconds(shifted)?, offset_seconds, zone })
    }

    /// Returns the moment with another local date and time in the same zone or at the same offset.
    pub fn with_local(&self, local: LocalDateTime) -> Option<DateTime> {
        ZoneChoice::of(self).at_local(local)
    }

    /// Returns the moment of another instant in the same zone or at the same offset.
    pub fn with_instant(&self, utc_nanoseconds: i128) -> Option<DateTime> {
        ZoneChoice::of(self).at_instant(utc_nanoseconds)
    }
}

impl Date {
    /// Returns midnight of this date.
    pub fn at_midnight(self) -> LocalDateTime {
        LocalDateTime { date: self, time: LocalTime { nanoseconds: 0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, year: i64, month: i64, day: i64, hour: i64) -> DateTime {
        let date = Date::from_ymd(year, month, day).expect("a real day");
        let time = LocalTime { nanoseconds: hour * 3_600 * NANOS_PER_SECOND };
        Zone::find(zone).expect("a known zone").at_local(LocalDateTime { date, time }).expect("in range")
    }

    #[test]
    fn offsets_follow_the_table() {
        assert_eq!(at("europe/stockholm", 2015, 7, 21, 21).offset_seconds, 7_200);
        assert_eq!(at("Europe/Stockholm", 2015, 1, 21, 21).zone.as_deref(), Some("Europe/Stockholm"));
        assert_eq!(at("Europe/Stockholm", 1818, 7, 21, 21).offset_seconds, 53 * 60 + 28);
        assert_eq!(at("Asia/Shanghai", 2020, 7, 21, 21).offset_seconds, 28_800);
        assert!(Zone::find("Mars/Olympus").is_none());
    }

    #[test]
    fn skipped_and_repeated_times() {
        let skipped = at("Europe/Stockholm", 2017, 3, 26, 2);
        assert_eq!((skipped.local.time.nanoseconds, skipped.offset_seconds), (3 * 3_600 * NANOS_PER_SECOND, 7_200));
        assert_eq!(at("Europe/Stockholm", 2017, 10, 29, 2).offset_seconds, 7_200);
    }

    #[test]
    fn far_years_use_the_cycle() {
        let far = at("Europe/Stockholm", 999_999_999, 7, 1, 12);
        assert_eq!((far.local.date.ymd(), far.offset_seconds), ((999_999_999, 7, 1), 7_200));
        assert_eq!(at("Europe/Stockholm", -999_999_999, 7, 1, 12).local.date.ymd(), (-999_999_999, 7, 1));
    }
}
