//! `migrate`: the schema up to date, down again, or where it stands. `serve` and `api` migrate up by themselves.

use api::config::{Config, DataFolder};
use api::database::{Database, Location};
use api::lock::{self, Use};
use clap::{Args, Subcommand};
use migration::{Migrator, MigratorTrait as _};

use super::{Outcome, say};

/// What to do with the schema.
#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Apply what is missing
    Up(Settings),
    /// Take changes back, newest first; what they held is lost
    Down {
        /// How many changes to take back
        #[arg(long, default_value_t = 1)]
        steps: u32,
        #[command(flatten)]
        settings: Settings,
    },
    /// List every change and whether it is applied
    Status(Settings),
}

/// Which database.
#[derive(Debug, Args)]
pub struct Settings {
    #[command(flatten)]
    config: Config,
}

impl Migrate {
    /// Does it.
    pub(super) async fn run(self, data: &DataFolder) -> anyhow::Result<Outcome> {
        let (Self::Up(settings) | Self::Down { settings, .. } | Self::Status(settings)) = &self;
        let location = Location::find(&settings.config, data)?;
        let database = Database::open(&location, 1).await?;
        match self {
            Self::Up(_) => database.migrate().await?,
            Self::Down { steps, .. } => {
                let _alone = lock::take(&location, data, Use::Alone).await?;
                Migrator::down(database.writer(), Some(steps)).await?;
            }
            Self::Status(_) => {}
        }
        let pending = Migrator::get_pending_migrations(database.writer()).await?;
        for change in Migrator::get_migration_files() {
            let waits = pending.iter().any(|waiting| waiting.name() == change.name());
            say(format_args!("{} {}", if waits { "pending" } else { "applied" }, change.name()));
        }
        database.close().await?;
        Ok(Outcome::Done)
    }
}
