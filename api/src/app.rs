//! The composition root: everything a rule needs, built once and handed down.

use std::sync::Arc;

use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::{Config, DataFolder};
use crate::conversation::typing::Typing;
use crate::database::{Database, Location};
use crate::error::{Error, Result};
use crate::event::bus::Bus;
use crate::event::bus::local::Local;
use crate::id::Ids;
use crate::instance;
use crate::mailbox::Moved;
use crate::message::writer::Writer;
use crate::session::cache::Cache;
use crate::session::live::Live;
use crate::user::password::Passwords;

/// What rules are given. Clones are cheap and share everything.
#[derive(Debug, Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// What time it is.
    pub clock: Clock,
    /// Where new ids come from.
    pub ids: Ids,
    /// The open database, its schema up to date.
    pub database: Database,
    /// The hashing queue.
    pub passwords: Passwords,
    /// Sessions that were looked up a moment ago.
    pub sessions: Arc<Cache>,
    /// The sessions that have live streams.
    pub live: Arc<Live>,
    /// The way to the delivery writer.
    pub writer: Writer,
    /// What wakes live streams.
    pub bus: Arc<dyn Bus>,
    /// Of which life of the instance cursors are.
    pub feed_epoch: Uuid,
    /// Who was told a moment ago that somebody writes.
    pub typing: Arc<Typing>,
}

impl App {
    /// Opens and migrates the database and starts the delivery writer. Commands need no more than this.
    pub async fn open(config: Config, data: &DataFolder, clock: Clock) -> anyhow::Result<Self> {
        let ids = Ids::random(clock.clone())?;
        Self::open_with(config, data, clock, ids, Arc::new(Local::default())).await
    }

    /// The same with ids and a bus from elsewhere: made-up data has made-up ids.
    pub async fn open_with(
        config: Config,
        data: &DataFolder,
        clock: Clock,
        ids: Ids,
        bus: Arc<dyn Bus>,
    ) -> anyhow::Result<Self> {
        let location = Location::find(&config, data)?;
        let database = Database::open(&location, config.database_connections).await?;
        database.migrate().await?;
        instance::ensure(&database, &ids).await?;
        let sessions = Arc::new(Cache::default());
        Ok(Self {
            passwords: Passwords::new()?,
            live: Arc::new(Live::new(Arc::clone(&sessions), clock.clone())),
            sessions,
            writer: Writer::start(database.clone(), ids.clone(), Arc::clone(&bus)),
            feed_epoch: instance::get(&database).await?.feed_epoch,
            typing: Arc::new(Typing::default()),
            bus,
            config: Arc::new(config),
            clock,
            ids,
            database,
        })
    }

    /// Commits what has moved mailboxes on, and wakes whoever listens to them: also when the caller has gone away meanwhile.
    pub async fn commit(&self, tx: DatabaseTransaction, moved: Moved) -> Result<()> {
        let bus = Arc::clone(&self.bus);
        let committed = tokio::spawn(async move {
            tx.commit().await?;
            bus.wake(moved).await;
            Ok(())
        });
        committed.await.map_err(Error::internal)?
    }

    /// Whether requests can be answered: the database answers and has the schema of this program.
    pub async fn ready(&self) -> anyhow::Result<()> {
        instance::get(&self.database).await?;
        anyhow::ensure!(self.database.is_migrated().await?, "the database has another schema than this program");
        Ok(())
    }

    /// Starts what a serving process does beside answering: watching for sessions that ended, and sweeping.
    pub fn serve_in_background(&self) {
        tokio::spawn(crate::session::cache::watch(self.clone()));
        tokio::spawn(crate::sweep::run(self.clone()));
    }
}
