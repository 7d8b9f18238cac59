//! What every test stands on. Nothing here asserts a rule of the product.

pub(crate) mod browser;
pub(crate) mod chat;
pub(crate) mod database;
pub(crate) mod events;
pub(crate) mod feed;
pub(crate) mod hangup;
pub(crate) mod killable;
pub(crate) mod line;
pub(crate) mod live;
pub(crate) mod page;
pub(crate) mod person;
pub(crate) mod program;
pub(crate) mod replica;
pub(crate) mod socket;
pub(crate) mod upstream;

use std::time::{Duration, Instant};

/// Calls off a test for want of `thing`: a plain line on standard error, or a failure when nothing may be missing.
#[expect(clippy::disallowed_methods, reason = "the test run is set up by its environment")]
pub(crate) fn not_run_without(thing: &str) {
    assert!(std::env::var("JBL_TEST_REQUIRE").as_deref() != Ok("all"), "{thing} is missing, and JBL_TEST_REQUIRE=all");
    eprintln!("NOT RUN: {} (needs {thing})", std::thread::current().name().unwrap_or("a test"));
}

/// Waits for another process to come to something, and fails the test when that takes longer than `limit`.
pub(crate) async fn within(limit: Duration, what: &str, mut done: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !done().await {
        assert!(began.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
