//! Opening the database, and the only way to begin a transaction. Every opener, commands included, comes through here, so
//! that nobody works with other settings than the ones the promises rest on.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};
use secrecy::{ExposeSecret, SecretString};

use crate::config::{Config, DataFolder};
use crate::error::{Error, Result};

/// How long a request waits for a connection before it is told that the service is not available.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a live stream waits for one: it is better late than gone.
const STREAM_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long SQLite waits for another process to finish its write; below [`ACQUIRE_TIMEOUT`], so that the reason is told.
const BUSY_TIMEOUT: Duration = Duration::from_millis(1_800);
/// How often two processes that migrate at the same moment may trip over each other before one gives up.
const MIGRATION_ATTEMPTS: u32 = 5;

/// Where the tables are.
#[derive(Debug, Clone)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, by its address.
    Postgres(SecretString),
}

impl Location {
    /// The place that the settings name: the given address, or chat.db in the data folder.
    pub fn find(config: &Config, data: &DataFolder) -> anyhow::Result<Self> {
        let Some(url) = &config.database_url else { return Ok(Self::File(data.file("chat.db"))) };
        let plain = url.expose_secret();
        if let Some(path) = plain.strip_prefix("sqlite://") {
            // How the file is opened is not for an address to say: what follows a question mark is dropped.
            let path = path.split_once('?').map_or(path, |(path, _)| path);
            anyhow::ensure!(
                !path.is_empty() && path != ":memory:",
                "JBL_DATABASE_URL must name a file: sqlite:///path"
            );
            return Ok(Self::File(path.into()));
        }
        let postgres = plain.starts_with("postgres://") || plain.starts_with("postgresql://");
        anyhow::ensure!(postgres, "JBL_DATABASE_URL must begin with postgres:// or sqlite://");
        Ok(Self::Postgres(url.clone()))
    }
}

/// The open database: one connection that writes and several that read on SQLite, one pool for both on PostgreSQL. Live streams
/// have connections of their own: when a thousand of them are woken at once, requests do not wait behind them.
#[derive(Debug, Clone)]
pub struct Database {
    write: DatabaseConnection,
    read: DatabaseConnection,
    stream: DatabaseConnection,
    watch: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Opens the database as it is; [`migrate`](Self::migrate) brings its schema up to date.
    pub async fn open(location: &Location, connections: u32) -> Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let (write, read) = match location {
            Location::File(path) => open_sqlite(path, connections).await?,
            Location::Postgres(url) => {
                let pool = sea_orm::Database::connect(postgres_options(url, connections)).await?;
                (pool.clone(), pool)
            }
        };
        let reading = |connections| match location {
            Location::File(path) => sqlite_options(path.clone(), connections, true),
            Location::Postgres(url) => postgres_options(url, connections),
        };
        let mut for_streams = reading(connections.div_ceil(2));
        for_streams.acquire_timeout(STREAM_ACQUIRE_TIMEOUT);
        let stream = sea_orm::Database::connect(for_streams).await?;
        let watch = sea_orm::Database::connect(reading(1)).await?;
        let mut database = Self { write, read, stream, watch, statements: Arc::clone(&statements) };
        let Self { write, read, stream, watch, .. } = &mut database;
        for connection in [write, read, stream, watch] {
            let counter = Arc::clone(&statements);
            connection.set_metric_callback(move |_| {
                counter.fetch_add(1, Ordering::Relaxed);
            });
        }
        Ok(database)
    }

    /// Brings the schema up to date. Processes that start together may both try: who trips over the other's tables looks again.
    pub async fn migrate(&self) -> Result<()> {
        let mut attempt = 1;
        while let Err(error) = Migrator::up(&self.write, None).await {
            if attempt == MIGRATION_ATTEMPTS {
                return Err(error.into());
            }
            attempt += 1;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    /// Whether the schema is the one this program was built for.
    pub async fn is_migrated(&self) -> Result<bool> {
        let statement = Statement::from_string(self.backend(), "SELECT COUNT(*) FROM seaql_migrations");
        let row = self.read.query_one_raw(statement).await?;
        let applied: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        Ok(usize::try_from(applied).is_ok_and(|applied| applied == Migrator::migrations().len()))
    }

    /// For queries outside a transaction. On SQLite these connections cannot write.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The same database as live streams read it.
    #[must_use]
    pub fn for_streams(&self) -> Self {
        Self { read: self.stream.clone(), ..self.clone() }
    }

    /// The same database as one reads it who looks after sessions: nobody is ever ahead of them.
    #[must_use]
    pub fn for_watching(&self) -> Self {
        Self { read: self.watch.clone(), ..self.clone() }
    }

    /// The connection that migrations run on.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once (BEGIN IMMEDIATE): one that reads first
    /// and writes later fails at once when another has written in between, and no timeout helps. On PostgreSQL it is READ
    /// COMMITTED, and its rules lock the rows they decide on.
    #[expect(clippy::disallowed_methods, reason = "the one place that begins transactions")]
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Which of the two databases this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// How many SQL statements have been sent since it was opened, apart from BEGIN and COMMIT.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Closes every connection; on SQLite this folds the write-ahead log back into the file.
    pub async fn close(&self) -> Result<()> {
        self.watch.close_by_ref().await?;
        self.stream.close_by_ref().await?;
        self.read.close_by_ref().await?;
        self.write.close_by_ref().await?;
        Ok(())
    }
}

/// The writer first: it makes the file and its log, which read-only connections cannot.
async fn open_sqlite(path: &std::path::Path, connections: u32) -> Result<(DatabaseConnection, DatabaseConnection)> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::internal)?;
    }
    let write = sea_orm::Database::connect(sqlite_options(path.into(), 1, false)).await?;
    assert_durable(&write).await?;
    let read = sea_orm::Database::connect(sqlite_options(path.into(), connections, true)).await?;
    Ok((write, read))
}

fn sqlite_options(path: PathBuf, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = pool_options("sqlite://", connections);
    options.test_before_acquire(false).map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite.filename(&path).busy_timeout(BUSY_TIMEOUT).foreign_keys(true).read_only(read_only);
        if read_only {
            return sqlite;
        }
        // FULL, not NORMAL: NORMAL loses every acknowledged message since the last checkpoint when the power fails.
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON")
            // 32 MiB: a large transaction stays in memory until its commit, where the default of 2 MiB spills.
            .pragma("cache_size", "-32768")
    });
    options
}

fn postgres_options(url: &SecretString, connections: u32) -> ConnectOptions {
    let mut options = pool_options(url.expose_secret(), connections);
    options.set_application_name("jbl-chat").test_before_acquire_if_idle_for(Duration::from_secs(1));
    options
}

fn pool_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .min_connections(1)
        .max_connections(connections.max(1))
        .connect_timeout(ACQUIRE_TIMEOUT)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false);
    options
}

/// Reads back what was asked for: a file system or a build of SQLite that silently does otherwise must not go into service.
async fn assert_durable(connection: &DatabaseConnection) -> Result<()> {
    for (setting, wanted) in
        [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1")]
    {
        let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {setting}"));
        let row = connection.query_one_raw(statement).await?.ok_or_else(|| Error::internal("a PRAGMA gave no row"))?;
        let found = row
            .try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i64>(0).map(|value| value.to_string()))?;
        if found != wanted {
            return Err(Error::internal(format!("SQLite has {setting} = {found}, wanted {wanted}")));
        }
    }
    Ok(())
}
