//! The one place in this crate that asks what time it is. Nothing is ordered by the answer: it says "Today" on a day
//! line and ends browser sessions.

use jiff::Timestamp;

/// Now.
#[expect(clippy::disallowed_methods, reason = "this is the function that everything else calls")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
