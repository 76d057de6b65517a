//! A limit right above a sort needs only the first rows.
//!
//! ```text
//! Limit n                      Top n (skip m)
//!   [Skip m]           →         input
//!     Sort keys
//!       input
//! ```
//!
//! Applies always: the rows kept and their order are the same. Only `skip + limit` rows are held at a time.

use super::LogicalPlan;

pub(super) fn rewrite(plan: LogicalPlan) -> LogicalPlan {
    let LogicalPlan::Limit { input, count } = plan else { return plan };
    match *input {
        LogicalPlan::Sort { input, keys } => LogicalPlan::Top { input, keys, skip: None, limit: count },
        LogicalPlan::Skip { input, count: skip } => match *input {
            LogicalPlan::Sort { input, keys } => LogicalPlan::Top { input, keys, skip: Some(skip), limit: count },
            other => {
                let skipped = LogicalPlan::Skip { input: Box::new(other), count: skip };
                LogicalPlan::Limit { input: Box::new(skipped), count }
            }
        },
        other => LogicalPlan::Limit { input: Box::new(other), count },
    }
}
