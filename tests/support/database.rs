//! A database of its own for each test: a SQLite file in a temporary folder, or a new database on the PostgreSQL server that
//! `JBL_TEST_DATABASE_URL` names. It is gone when the test ends.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use api::config::{Config, DataFolder};
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, DbBackend, QueryResult, Statement};
use tempfile::TempDir;

/// How long a test waits for its database to be gone; past it, that goes on without it.
const PATIENCE: Duration = Duration::from_secs(3);

/// An empty database, and the data folder beside it.
pub(crate) struct Database {
    folder: TempDir,
    postgres: Option<Made>,
}

/// A database that was made on a server.
struct Made {
    name: String,
    server: String,
    url: String,
}

impl Database {
    pub(crate) async fn create() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let postgres = match server() {
            Some(server) => Some(make(server).await),
            None => None,
        };
        Self { folder, postgres }
    }

    /// The settings of an api that works on it.
    pub(crate) fn config(&self) -> Config {
        Config {
            database_url: self.postgres.as_ref().map(|made| made.url.clone().into()),
            name: "jbl-chat".to_owned(),
            playground: false,
            password_min_length: 15,
            database_connections: 4,
            look_every_ms: 10_000,
        }
    }

    pub(crate) fn data(&self) -> DataFolder {
        DataFolder { path: self.folder.path().to_owned() }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its address, as `JBL_DATABASE_URL` takes it.
    pub(crate) fn url(&self) -> String {
        match &self.postgres {
            Some(made) => made.url.clone(),
            None => format!("sqlite://{}", self.folder.path().join("chat.db").display()),
        }
    }

    /// Host and port of its server.
    pub(crate) fn address(&self) -> String {
        let url = self.url();
        let (_, after) = url.split_once("://").expect("an address");
        let authority = after.split('/').next().expect("a host");
        authority.rsplit('@').next().expect("a host").to_owned()
    }

    /// The same database, as another host and port reach it.
    pub(crate) fn url_at(&self, address: &str) -> String {
        self.url().replacen(&self.address(), address, 1)
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    /// A connection past the product, for what a test must do behind its back.
    pub(crate) async fn connect(&self) -> DatabaseConnection {
        connect(&self.url()).await
    }

    /// Runs statements behind the product's back.
    pub(crate) async fn db_run(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        let connection = self.connect().await;
        let result = connection.execute_unprepared(sql).await;
        connection.close().await.expect("closing");
        result.map(drop)
    }

    /// The rows of a query, each turned by `read`.
    pub(crate) async fn db_rows<T>(&self, sql: &str, read: impl Fn(&QueryResult) -> T) -> Vec<T> {
        let connection = self.connect().await;
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.expect(sql);
        connection.close().await.expect("closing");
        rows.iter().map(read).collect()
    }

    /// The one number that a query gives.
    pub(crate) async fn db_number(&self, sql: &str) -> i64 {
        let rows = self.db_rows(sql, |row| row.try_get_by_index::<i64>(0).expect("a number")).await;
        let [number] = rows[..] else { panic!("{sql} gave {} rows", rows.len()) };
        number
    }

    /// Every row of every table as text: what is the same before and after has written nothing.
    pub(crate) async fn db_everything(&self) -> Vec<String> {
        let text = |row: &QueryResult| row.try_get_by_index::<String>(0).expect("a text");
        let tables = if self.is_postgres() {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
        };
        let mut everything = Vec::new();
        for table in self.db_rows(tables, text).await {
            let columns =
                format!("SELECT group_concat('quote(' || name || ')', '||'',''||') FROM pragma_table_info('{table}')");
            let row =
                if self.is_postgres() { "t::text".to_owned() } else { self.db_rows(&columns, text).await.remove(0) };
            let rows = self.db_rows(&format!("SELECT {row} FROM {table} t ORDER BY 1"), text).await;
            everything.extend(rows.into_iter().map(|row| format!("{table} {row}")));
        }
        everything
    }

    /// An id as this database's SQL writes it: a UUID literal on PostgreSQL, a blob of 16 bytes on SQLite.
    pub(crate) fn literal(&self, id: impl std::fmt::Display) -> String {
        let shown = id.to_string();
        let hex = shown.rsplit_once('_').map_or(shown.as_str(), |(_, hex)| hex);
        if self.is_postgres() { format!("'{hex}'::uuid") } else { format!("X'{hex}'") }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(Made { name, server, .. }) = self.postgres.take() else { return };
        // Dropping cannot wait for a future of this runtime: the statement gets a thread and a runtime of its own.
        let (done, dropped) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let result = runtime.block_on(async {
                let connection = connect(&server).await;
                connection.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await
            });
            // Nobody may be waiting any more.
            let _ = done.send(result);
        });
        // Not for long: the server itself may be waiting, for a connection that this very thread has begun to open.
        if let Ok(Err(error)) = dropped.recv_timeout(PATIENCE) {
            eprintln!("a test's database was left behind: {error}");
        }
    }
}

/// Opens one plain connection.
pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.min_connections(1).max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.busy_timeout(Duration::from_secs(30)).foreign_keys(true));
    sea_orm::Database::connect(options).await.expect("the test's database")
}

#[expect(clippy::disallowed_methods, reason = "the test run is set up by its environment")]
fn server() -> Option<String> {
    std::env::var("JBL_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

async fn make(server: String) -> Made {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let name = format!("jbl_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let connection = connect(&server).await;
    assert_eq!(connection.get_database_backend(), DbBackend::Postgres, "JBL_TEST_DATABASE_URL is postgres://…");
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database of its own");
    connection.close().await.expect("closing");
    let (address, query) = server.split_once('?').map_or((server.as_str(), None), |(a, q)| (a, Some(q)));
    let (host, _) = address.rsplit_once('/').expect("postgres://HOST/NAME");
    let url = query.map_or(format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"));
    Made { name, server, url }
}
