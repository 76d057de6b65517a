//! The loops of a tally: numbers of rows added to the totals of their keys.

use super::tally::{Rows, place_of};

/// How many totals they have.
pub(super) const LANES: usize = 4;

/// Adds to each row's total its number, which holds a row too; nothing to that of a row that is marked with 0.
#[inline]
pub(super) fn add_totals(
    totals: &mut [i64],
    lanes: usize,
    codes: &[u16],
    numbers: impl Iterator<Item = i64>,
    marks: Option<&[u8]>,
) {
    match marks {
        // No branch hangs on the marks.
        Some(marks) => add_numbers(
            totals,
            lanes,
            codes,
            numbers.zip(marks).map(|(number, mark)| number & i64::from(*mark).wrapping_neg()),
        ),
        None => add_numbers(totals, lanes, codes, numbers),
    }
}

#[inline]
pub(super) fn add_numbers(totals: &mut [i64], lanes: usize, codes: &[u16], numbers: impl Iterator<Item = i64>) {
    let rows = codes.iter().zip(numbers);
    if lanes == LANES {
        rows.enumerate().for_each(|(row, (code, number))| totals[usize::from(*code) * LANES + row % LANES] += number);
    } else {
        rows.for_each(|(code, number)| totals[usize::from(*code)] += number);
    }
}

pub(super) fn add_values<T: Copy + Into<i64>>(
    (totals, lanes): (&mut [i64], usize),
    codes: &[u16],
    values: &[T],
    rows: &Rows<'_>,
    more: i64,
    marks: Option<&[u8]>,
) {
    match rows {
        Rows::Range(range) => {
            let numbers = values[range.clone()].iter().map(|value| (*value).into() + more);
            add_totals(totals, lanes, codes, numbers, marks);
        }
        Rows::Of(slots) => {
            let numbers = slots.iter().map(|slot| values[place_of(*slot)].into() + more);
            add_totals(totals, lanes, codes, numbers, marks);
        }
    }
}

/// How many rows are looked at together: so few that the sum of their bytes cannot overflow.
const BLOCK: usize = 256;

/// Adds the rows of a chunk to the totals of few keys: each key is looked for in all of them.
pub(super) fn add_few((totals, lanes): (&mut [i64], usize), size: usize, codes: &[u16], values: &[u8], more: i64) {
    for code in 0..size {
        let wanted = code as u16;
        let (mut sum, mut count) = (0, 0);
        for (codes, values) in codes.chunks(BLOCK).zip(values.chunks(BLOCK)) {
            let rows = codes.iter().zip(values);
            let (block_sum, block_count) = rows.fold((0_u16, 0_u16), |(sum, count), (code, value)| {
                let is_wanted = u16::from(*code == wanted);
                (sum.wrapping_add(u16::from(*value) & is_wanted.wrapping_neg()), count.wrapping_add(is_wanted))
            });
            sum += i64::from(block_sum);
            count += i64::from(block_count);
        }
        totals[code * lanes] += sum + count * more;
    }
}

pub(super) fn add_extremes<T: Copy + Into<i64>>(
    extremes: &mut [(i64, i64)],
    codes: &[u16],
    values: &[T],
    rows: &Rows<'_>,
    least: i64,
) {
    rows.for_each(values, |row, value| {
        let value = least.wrapping_add(value.into());
        let extreme = &mut extremes[usize::from(codes[row])];
        *extreme = (extreme.0.min(value), extreme.1.max(value));
    });
}
