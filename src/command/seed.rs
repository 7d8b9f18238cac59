//! `seed`: fills an empty database with made-up people and messages, alone and with a progress bar.

use std::io::IsTerminal as _;

use api::config::{Config, DataFolder};
use api::database::Location;
use api::lock::{self, Use};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Outcome, say};
use crate::seed::{self, Plan};

/// What to fill, and with how much.
#[derive(Debug, clap::Args)]
pub struct Seed {
    #[command(flatten)]
    plan: Plan,
    #[command(flatten)]
    config: Config,
}

impl Seed {
    /// Fills the database while nobody else has the instance.
    pub(super) async fn run(self, data: &DataFolder) -> anyhow::Result<Outcome> {
        let _alone = lock::take(&Location::find(&self.config, data)?, data, Use::Alone).await?;
        let bar = progress(self.plan.messages);
        let made = seed::fill(self.config, data, &self.plan, |done| bar.set_position(done)).await?;
        bar.finish_and_clear();
        say(made);
        Ok(Outcome::Done)
    }
}

/// A bar for a person at a terminal; nothing in a log.
fn progress(messages: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} messages, {per_sec}, {eta} left");
    ProgressBar::new(messages).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
