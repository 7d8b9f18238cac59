//! Timed work of a serving process. Each piece is safe to do in several processes at once.

use std::time::Duration;

use crate::app::App;
use crate::session;

const EVERY: Duration = Duration::from_secs(60 * 60);

/// Sweeps for as long as the process lives.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        match session::sweep(&app).await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "swept sessions that had ended"),
            Err(error) => tracing::warn!(%error, "could not sweep sessions: trying again in an hour"),
        }
    }
}
