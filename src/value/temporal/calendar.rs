//! The proleptic Gregorian calendar: days since 1970-01-01 from and to years, months, ISO weeks, quarters and days of the year.

use super::{Date, PartialDate};

/// The first and last year that the language knows.
pub const YEAR_LIMIT: i64 = 999_999_999;

/// Days from 0000-03-01 to 1970-01-01; the computation counts years from March, so that leap days come last.
const MARCH_OF_YEAR_ZERO: i64 = 719_468;

/// Days in the 400 years after which the calendar repeats.
const CYCLE_DAYS: i64 = 146_097;

impl Date {
    /// Returns the date of a year, month and day, if there is such a day.
    pub fn from_ymd(year: i64, month: i64, day: i64) -> Option<Date> {
        let valid = (-YEAR_LIMIT..=YEAR_LIMIT).contains(&year) && (1..=12).contains(&month);
        (valid && (1..=days_in_month(year, month)).contains(&day))
            .then(|| Date { days: days_from_civil(year, month, day) })
    }

    /// Returns the date of an ISO week (1..=53) of a week year and a day of that week (Monday is 1), if there is such a day.
    pub fn from_week(week_year: i64, week: i64, day_of_week: i64) -> Option<Date> {
        if !(-YEAR_LIMIT..=YEAR_LIMIT).contains(&week_year) || !(1..=7).contains(&day_of_week) {
            return None;
        }
        let valid = (1..=weeks_in_year(week_year)).contains(&week);
        valid.then(|| Date { days: first_monday(week_year) + (week - 1) * 7 + day_of_week - 1 })
    }

    /// Returns the date of a quarter (1..=4) and a day of that quarter (from 1), if there is such a day.
    pub fn from_quarter(year: i64, quarter: i64, day_of_quarter: i64) -> Option<Date> {
        if !(1..=4).contains(&quarter) {
            return None;
        }
        let first = Date::from_ymd(year, quarter * 3 - 2, 1)?;
        let length: i64 = (0..3).map(|month| days_in_month(year, quarter * 3 - 2 + month)).sum();
        (1..=length).contains(&day_of_quarter).then(|| Date { days: first.days + day_of_quarter - 1 })
    }

    /// Returns the date of a day of the year (from 1), if there is such a day.
    pub fn from_ordinal(year: i64, ordinal_day: i64) -> Option<Date> {
        let first = Date::from_ymd(year, 1, 1)?;
        (1..=days_in_year(year)).contains(&ordinal_day).then(|| Date { days: first.days + ordinal_day - 1 })
    }

    /// Returns the date that many days after 1970-01-01, if its year is within the limits.
    pub fn from_days(days: i64) -> Option<Date> {
        let first = days_from_civil(-YEAR_LIMIT, 1, 1);
        let last = days_from_civil(YEAR_LIMIT, 12, 31);
        (first..=last).contains(&days).then_some(Date { days })
    }

    /// Returns year, month and day.
    pub fn ymd(self) -> (i64, i64, i64) {
        let days = self.days + MARCH_OF_YEAR_ZERO;
        let cycle = days.div_euclid(CYCLE_DAYS);
        let day_of_cycle = days.rem_euclid(CYCLE_DAYS);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / (CYCLE_DAYS - 1)) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (year_of_cycle + cycle * 400 + i64::from(month <= 2), month, day)
    }

    /// Returns the year.
    pub fn year(self) -> i64 {
        self.ymd().0
    }

    /// Returns the month, 1..=12.
    pub fn month(self) -> i64 {
        self.ymd().1
    }

    /// Returns the day of the month, from 1.
    pub fn day(self) -> i64 {
        self.ymd().2
    }

    /// Returns the quarter, 1..=4.
    pub fn quarter(self) -> i64 {
        (self.month() + 2) / 3
    }

    /// Returns the day of the quarter, from 1.
    pub fn day_of_quarter(self) -> i64 {
        let (year, month, _) = self.ymd();
        self.days - days_from_civil(year, (month - 1) / 3 * 3 + 1, 1) + 1
    }

    /// Returns the day of the year, from 1.
    pub fn ordinal_day(self) -> i64 {
        self.days - days_from_civil(self.year(), 1, 1) + 1
    }

    /// Returns the ISO day of the week: Monday is 1, Sunday is 7.
    pub fn day_of_week(self) -> i64 {
        // 1970-01-01 was a Thursday.
        (self.days + 3).rem_euclid(7) + 1
    }

    /// Returns the ISO week and the year to which that week belongs.
    pub fn week(self) -> (i64, i64) {
        // The year of a week is the year of its Thursday.
        let thursday = Date { days: self.days - self.day_of_week() + 4 };
        let year = thursday.year();
        (year, (self.days - first_monday(year)).div_euclid(7) + 1)
    }

    /// Returns the date some months later; a day that the month lacks becomes its last.
    pub fn plus_months(self, months: i64) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let count = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let valid = (-YEAR_LIMIT..=YEAR_LIMIT).contains(&year);
        valid.then(|| Date { days: days_from_civil(year, month, day.min(days_in_month(year, month))) })
    }

    /// Returns the date some days later, if its year is within the limits.
    pub fn plus_days(self, days: i64) -> Option<Date> {
        Date::from_days(self.days.checked_add(days)?)
    }
}

impl PartialDate {
    /// Returns a partial date, if there is such a month.
    pub fn new(year: i64, month: Option<i64>) -> Option<PartialDate> {
        let valid = (-YEAR_LIMIT..=YEAR_LIMIT).contains(&year) && month.is_none_or(|month| (1..=12).contains(&month));
        let year = i32::try_from(year).ok()?;
        valid.then(|| PartialDate { year, month: month.and_then(|month| u8::try_from(month).ok()) })
    }

    /// Returns the first day of the year or month.
    pub fn first_day(self) -> Date {
        Date { days: days_from_civil(i64::from(self.year), i64::from(self.month.unwrap_or(1)), 1) }
    }

    /// Returns the last day of the year or month; as which a partial date counts where one day is needed.
    pub fn last_day(self) -> Date {
        let (year, month) = (i64::from(self.year), i64::from(self.month.unwrap_or(12)));
        Date { days: days_from_civil(year, month, days_in_month(year, month)) }
    }

    /// Says whether the date lies within the year or month.
    pub fn contains(self, date: Date) -> bool {
        (self.first_day()..=self.last_day()).contains(&date)
    }
}

/// Days since 1970-01-01 of a day that is known to exist.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let cycle = year.div_euclid(400);
    let year_of_cycle = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    cycle * CYCLE_DAYS + day_of_cycle - MARCH_OF_YEAR_ZERO
}

/// Says whether the year has a 29th of February.
pub fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns the number of days of a month (1..=12).
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the number of days of a year.
pub fn days_in_year(year: i64) -> i64 {
    if is_leap_year(year) { 366 } else { 365 }
}

/// Returns the number of ISO weeks of a week year.
pub fn weeks_in_year(week_year: i64) -> i64 {
    (first_monday(week_year + 1) - first_monday(week_year)) / 7
}

/// The Monday of the first ISO week: the week that holds the 4th of January.
fn first_monday(week_year: i64) -> i64 {
    let fourth = Date { days: days_from_civil(week_year, 1, 4) };
    fourth.days - fourth.day_of_week() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i64, month: i64, day: i64) -> Date {
        Date::from_ymd(year, month, day).expect("a real day")
    }

    #[test]
    fn days_go_there_and_back() {
        assert_eq!(date(1970, 1, 1).days, 0);
        assert_eq!(date(2000, 3, 1).days, 11_017);
        assert_eq!(date(1816, 12, 31).ymd(), (1816, 12, 31));
        for days in (-800_000..800_000).step_by(37) {
            let (year, month, day) = Date { days }.ymd();
            assert_eq!(date(year, month, day).days, days);
        }
        assert_eq!(date(-999_999_999, 1, 1).ymd(), (-999_999_999, 1, 1));
        assert_eq!(date(999_999_999, 12, 31).ymd(), (999_999_999, 12, 31));
        assert_eq!(Date::from_ymd(1_000_000_000, 1, 1), None);
        assert_eq!(Date::from_ymd(2019, 2, 29), None);
    }

    #[test]
    fn iso_weeks_belong_to_the_year_of_their_thursday() {
        assert_eq!(date(1816, 12, 30).week(), (1817, 1));
        assert_eq!(date(1984, 11, 11).week(), (1984, 45));
        assert_eq!(date(2021, 1, 3).week(), (2020, 53));
        assert_eq!(Date::from_week(1817, 1, 2), Some(date(1816, 12, 31)));
        assert_eq!(Date::from_week(2019, 53, 1), None);
        assert_eq!(date(1984, 11, 11).day_of_week(), 7);
    }

    #[test]
    fn quarters_and_ordinal_days() {
        assert_eq!(Date::from_quarter(1984, 3, 45), Some(date(1984, 8, 14)));
        assert_eq!(date(1984, 8, 14).day_of_quarter(), 45);
        assert_eq!(Date::from_quarter(2019, 1, 91), None);
        assert_eq!(Date::from_ordinal(1984, 202), Some(date(1984, 7, 20)));
        assert_eq!(Date::from_ordinal(2019, 366), None);
        assert_eq!(date(2020, 12, 31).ordinal_day(), 366);
    }

    #[test]
    fn months_end_on_their_last_day() {
        assert_eq!(date(2011, 1, 31).plus_months(1), Some(date(2011, 2, 28)));
        assert_eq!(date(2012, 3, 31).plus_months(-1), Some(date(2012, 2, 29)));
        assert_eq!(date(2012, 3, 31).plus_months(i64::MAX), None);
    }

    #[test]
    fn partial_dates_span_their_days() {
        let april = PartialDate::new(2017, Some(4)).expect("a month");
        assert_eq!((april.first_day(), april.last_day()), (date(2017, 4, 1), date(2017, 4, 30)));
        let year = PartialDate::new(2016, None).expect("a year");
        assert_eq!((year.first_day(), year.last_day()), (date(2016, 1, 1), date(2016, 12, 31)));
        assert_eq!(PartialDate::new(2017, Some(13)), None);
    }
}
