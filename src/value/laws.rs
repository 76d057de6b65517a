//! What must hold between the laws, tried on random values: order is total, equivalence agrees with it and with the hash, `=` is
//! symmetric, comparison and order agree, text reads back.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::temporal::{
    Date, DateTime, Duration, LocalDateTime, LocalTime, NANOS_PER_DAY, PartialDate, Time, YEAR_LIMIT, Zone,
};
use super::{GroupKey, NodeId, RelationshipId, Value, arithmetic, comparison, construct, equals, equivalent, order};

/// Numbers that are likely to meet: small ones, ends of ranges, neighbours of big powers.
fn numbers() -> impl Strategy<Value = Value> {
    let integers =
        prop_oneof![-3i64..3, Just(i64::MAX), Just(i64::MIN), Just(1i64 << 53), Just((1i64 << 53) + 1), any::<i64>()];
    let floats = prop_oneof![
        (-6i32..6).prop_map(|half| f64::from(half) / 2.0),
        Just(-0.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(9_007_199_254_740_992.0),
        Just(9_223_372_036_854_775_808.0),
        any::<f64>()
    ];
    prop_oneof![integers.prop_map(Value::Integer), floats.prop_map(Value::Float)]
}

/// Dates of all years, many of them close together.
fn dates() -> impl Strategy<Value = Date> {
    let limit = YEAR_LIMIT * 365;
    prop_oneof![17_000i64..17_500, -limit..limit].prop_map(|days| Date { days })
}

fn times() -> impl Strategy<Value = LocalTime> {
    prop_oneof![(0i64..24).prop_map(|hour| hour * NANOS_PER_DAY / 24), 0..NANOS_PER_DAY]
        .prop_map(|nanoseconds| LocalTime { nanoseconds })
}

fn moments() -> impl Strategy<Value = Value> {
    let offset = prop_oneof![-18i32 * 3_600..18 * 3_600, Just(0), Just(28_800)];
    let date_time =
        (dates(), times(), offset.clone(), any::<bool>()).prop_map(|(date, time, offset_seconds, zoned)| {
            let local = LocalDateTime { date, time };
            let zone = Zone::find("Asia/Shanghai").filter(|_| zoned).and_then(|zone| zone.at_local(local));
            Value::DateTime(Arc::new(zone.unwrap_or(DateTime { local, offset_seconds, zone: None })))
        });
    prop_oneof![
        dates().prop_map(Value::Date),
        times().prop_map(Value::LocalTime),
        (times(), offset).prop_map(|(local, offset_seconds)| Value::Time(Time { local, offset_seconds })),
        (dates(), times()).prop_map(|(date, time)| Value::LocalDateTime(LocalDateTime { date, time })),
        date_time,
        (2016i64..2018, prop::option::of(1i64..13))
            .prop_map(|(year, month)| PartialDate::new(year, month).map_or(Value::Null, Value::PartialDate)),
    ]
}

fn durations() -> impl Strategy<Value = Duration> {
    (-30i64..30, -40i64..40, -200_000i64..200_000, 0i32..1_000_000_000)
        .prop_map(|(months, days, seconds, nanoseconds)| Duration { months, days, seconds, nanoseconds })
}

fn values() -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        numbers(),
        "[ab湖]{0,2}".prop_map(Value::string),
        moments(),
        durations().prop_map(|duration| Value::Duration(Arc::new(duration))),
        (0u32..3).prop_map(|id| Value::Node(NodeId(id))),
        (0u32..3).prop_map(|id| Value::Relationship(RelationshipId(id))),
    ];
    scalars.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::list),
            prop::collection::vec(("[kl]", inner), 0..3)
                .prop_map(|entries| Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn order_is_total(first in values(), second in values(), third in values()) {
        prop_assert_eq!(order::order(&first, &first), Ordering::Equal);
        prop_assert_eq!(order::order(&first, &second), order::order(&second, &first).reverse());
        let mut sorted = [first, second, third];
        sorted.sort_by(order::order);
        let [first, second, third] = &sorted;
        prop_assert!(order::order(first, second).is_le() && order::order(second, third).is_le());
        prop_assert!(order::order(first, third).is_le());
    }

    #[test]
    fn equivalence_agrees_with_order_and_hash(lhs in values(), rhs in values()) {
        let hasher = RandomState::new();
        prop_assert_eq!(equivalent(&lhs, &rhs), order::order(&lhs, &rhs).is_eq());
        prop_assert!(equivalent(&lhs, &lhs));
        let hash = |value: &Value| hasher.hash_one(GroupKey(value.clone()));
        if equivalent(&lhs, &rhs) {
            prop_assert_eq!(hash(&lhs), hash(&rhs));
        }
    }

    #[test]
    fn numbers_of_one_group_hash_alike(lhs in numbers(), rhs in numbers()) {
        let hasher = RandomState::new();
        let hash = |value: &Value| hasher.hash_one(GroupKey(value.clone()));
        if equivalent(&lhs, &rhs) {
            prop_assert_eq!(hash(&lhs), hash(&rhs));
        }
    }

    #[test]
    fn equality_is_symmetric_and_implies_equivalence(lhs in values(), rhs in values()) {
        prop_assert_eq!(equals(&lhs, &rhs), equals(&rhs, &lhs));
        if equals(&lhs, &rhs) == Some(true) {
            prop_assert!(equivalent(&lhs, &rhs));
        }
    }

    #[test]
    fn comparison_agrees_with_order(lhs in values(), rhs in values()) {
        prop_assert_eq!(comparison::less(&lhs, &rhs), comparison::greater(&rhs, &lhs));
        prop_assert_eq!(comparison::less_or_equal(&lhs, &rhs), comparison::greater_or_equal(&rhs, &lhs));
        if let Some(ordering) = comparison::compare(&lhs, &rhs) {
            prop_assert_eq!(ordering, order::order(&lhs, &rhs));
        }
    }

    #[test]
    fn dates_go_there_and_back(date in dates()) {
        let (year, month, day) = date.ymd();
        prop_assert_eq!(Date::from_ymd(year, month, day), Some(date));
        prop_assert_eq!(Date::from_ordinal(year, date.ordinal_day()), Some(date));
        prop_assert_eq!(Date::from_quarter(year, date.quarter(), date.day_of_quarter()), Some(date));
        let (week_year, week) = date.week();
        prop_assert_eq!(Date::from_week(week_year, week, date.day_of_week()), Some(date));
    }

    #[test]
    fn temporal_text_reads_back(moment in moments(), duration in durations()) {
        let duration = Value::Duration(Arc::new(duration));
        for value in [moment, duration] {
            let text = Value::string(value.to_string());
            let read = match &value {
                Value::Date(_) => construct::date(&text),
                Value::LocalTime(_) => construct::local_time(&text),
                Value::Time(_) => construct::time(&text),
                Value::LocalDateTime(_) => construct::local_date_time(&text),
                Value::DateTime(_) => construct::date_time(&text),
                Value::Duration(_) => construct::duration(&text),
                _ => construct::partial_date(&text),
            };
            prop_assert!(read.as_ref().is_ok_and(|read| equivalent(read, &value)), "{} became {:?}", value, read);
        }
    }

    #[test]
    fn floats_read_back(float in any::<f64>()) {
        let text = super::format_float(float);
        prop_assert!(text.parse::<f64>().is_ok_and(|read| read.to_bits() == float.to_bits() || float.is_nan()));
        prop_assert!(!float.is_finite() || text.contains('.'));
    }

    #[test]
    fn no_operator_panics(lhs in values(), rhs in values()) {
        let operators = [
            arithmetic::add, arithmetic::subtract, arithmetic::multiply, arithmetic::divide, arithmetic::modulo,
            arithmetic::power, arithmetic::concatenate, super::index,
        ];
        for operator in operators {
            let _ = operator(&lhs, &rhs);
        }
        let _ = super::slice(&lhs, Some(&rhs), Some(&lhs));
        let _ = (super::literal(&lhs), super::convert::to_integer(&lhs), arithmetic::negate(&lhs));
    }

    #[test]
    fn no_text_panics(text in "[-+0-9PTWQZYMDHS:.,\\[\\]a-z/湖]{0,24}") {
        let text = Value::string(text);
        let constructors = [
            construct::date, construct::time, construct::local_time, construct::local_date_time, construct::date_time,
            construct::duration, construct::partial_date,
        ];
        for constructor in constructors {
            let _ = constructor(&text);
        }
    }
}
