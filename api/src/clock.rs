//! What time it is. The only place that asks the machine: everything else takes the time from here, so that tests can move it.
//!
//! Times are Unix milliseconds in UTC. They are shown and they end things; they never decide an order.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Unix milliseconds, UTC.
pub type Millis = i64;

/// A source of the current time; clones share it.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    /// The machine's clock, and how far tests have moved ahead of it.
    Machine { ahead: AtomicI64 },
    /// Stands still until it is moved.
    Stopped { now: AtomicI64 },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn machine() -> Self {
        Self(Arc::new(Source::Machine { ahead: AtomicI64::new(0) }))
    }

    /// A clock that stands at `now` until [`advance`](Self::advance) moves it: made-up data has made-up times.
    #[must_use]
    pub fn stopped_at(now: Millis) -> Self {
        Self(Arc::new(Source::Stopped { now: AtomicI64::new(now) }))
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Millis {
        match &*self.0 {
            Source::Machine { ahead } => machine_time() + ahead.load(Ordering::Relaxed),
            Source::Stopped { now } => now.load(Ordering::Relaxed),
        }
    }

    /// Moves the clock forward, for every clone of it.
    pub fn advance(&self, by: Duration) {
        let (Source::Machine { ahead: moved } | Source::Stopped { now: moved }) = &*self.0;
        moved.fetch_add(millis(by), Ordering::Relaxed);
    }
}

/// A length of time in milliseconds; what does not fit is as long as can be.
#[must_use]
pub fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine_time() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}
