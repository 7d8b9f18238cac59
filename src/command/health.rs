//! `health`: asks a running instance whether it is ready, as a container's health check does.

use std::time::Duration;

use super::{Outcome, say};

/// Longer than a readiness check may take, shorter than any health check's patience.
const PATIENCE: Duration = Duration::from_secs(4);

/// Which instance to ask.
#[derive(Debug, clap::Args)]
pub struct Health {
    /// The operator's listener of the instance
    #[arg(default_value = "http://127.0.0.1:8082")]
    url: String,
}

impl Health {
    /// Asks.
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
        match client.get(format!("{}/readyz", self.url.trim_end_matches('/'))).send().await {
            Ok(answer) if answer.status().is_success() => {
                say("ready");
                Ok(Outcome::Done)
            }
            Ok(answer) => {
                say(format_args!("not ready: {}", answer.text().await.unwrap_or_default().trim()));
                Ok(Outcome::Unhealthy)
            }
            Err(_) => {
                say(format_args!("not ready: nothing answers at {}", self.url));
                Ok(Outcome::Unhealthy)
            }
        }
    }
}
