//! Where browser sessions are kept: one table in web's own database, SQLite or PostgreSQL. Rows are sealed
//! (see `seal`); this file never sees the API's tables.

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectOptions, Database, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::{migration, seal};

/// One sealed session.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "web_session")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) key: Vec<u8>,
        pub(super) sealed: Vec<u8>,
        /// Unix milliseconds.
        pub(super) expires_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Ids are 128 random bits: a second collision in a row means that something else is wrong.
const CREATE_TRIES: usize = 3;

/// The table of sealed sessions.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    db: DatabaseConnection,
}

impl Store {
    /// Opens a file, and makes it and its folder if they are not there.
    pub(crate) async fn open_file(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // The path goes in as a path: in an address, some characters of it would mean something else.
        let path = path.to_owned();
        let mut options = ConnectOptions::new("sqlite:");
        options.map_sqlx_sqlite_opts(move |sqlite| durable(sqlite.filename(&path)));
        Self::connect(options).await
    }

    /// Opens what an address names: `sqlite:///path` or `postgres://…`.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.map_sqlx_sqlite_opts(durable);
        Self::connect(options).await
    }

    /// Connects and brings the table into being.
    async fn connect(mut options: ConnectOptions) -> anyhow::Result<Self> {
        options.sqlx_logging(false).acquire_timeout(Duration::from_secs(5)).set_schema_search_path(migration::SCHEMA);
        if options.get_url().starts_with("sqlite:") {
            options.max_connections(1).idle_timeout(None).max_lifetime(None);
        }
        let db = Database::connect(options).await?;
        migration::up(&db).await?;
        Ok(Self { db })
    }

    /// Whether the database answers.
    pub(crate) async fn ready(&self) -> std::result::Result<(), DbErr> {
        self.db.ping().await
    }

    /// Deletes what has expired, and says how much that was.
    pub(crate) async fn reap(&self, now: Timestamp) -> std::result::Result<u64, DbErr> {
        let expired = row::Column::ExpiresAt.lte(now.as_millisecond());
        Ok(row::Entity::delete_many().filter(expired).exec(&self.db).await?.rows_affected)
    }

    /// Whether the row was inserted; not, when its key was taken.
    async fn insert(&self, row: row::ActiveModel) -> Result<bool> {
        let inserted = row::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&self.db).await;
        Ok(matches!(inserted.map_err(backend)?, sea_orm::TryInsertResult::Inserted(1)))
    }
}

#[async_trait]
impl SessionStore for Store {
    /// A taken id is refused and drawn anew: with an upsert, a guessed or repeated id would take a session over.
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..CREATE_TRIES {
            if self.insert(sealed_row(record)?).await? {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("no free session id was found".to_owned()))
    }

    /// Only a row that is there is changed: a session that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> Result<()> {
        row::Entity::update_many()
            .set(sealed_row(record)?)
            .filter(row::Column::Key.eq(seal::row_key(&record.id)))
            .exec(&self.db)
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = row::Entity::find_by_id(seal::row_key(id)).one(&self.db).await.map_err(backend)? else {
            return Ok(None);
        };
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(row.expires_at) * 1_000_000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        if row.expires_at <= crate::clock::now().as_millisecond() {
            return Ok(None);
        }
        let Some(opened) = seal::open(id, &row.sealed) else {
            tracing::warn!("a session's record does not open; it is treated as absent");
            return Ok(None);
        };
        let data = serde_json::from_slice(&opened).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        row::Entity::delete_by_id(seal::row_key(id)).exec(&self.db).await.map_err(backend)?;
        Ok(())
    }
}

/// A session that was ended is ended after a power cut too, and leaves nothing in the file.
fn durable(sqlite: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlite
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "on")
        .busy_timeout(Duration::from_secs(5))
}

fn sealed_row(record: &Record) -> Result<row::ActiveModel> {
    let data = serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    let sealed = seal::seal(&record.id, &data).ok_or_else(|| Error::Encode("the record was not sealed".to_owned()))?;
    let expires_at = record.expiry_date.unix_timestamp_nanos() / 1_000_000;
    Ok(row::ActiveModel {
        key: Set(seal::row_key(&record.id)),
        sealed: Set(sealed),
        expires_at: Set(i64::try_from(expires_at).unwrap_or(i64::MAX)),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn backend(error: DbErr) -> Error {
    Error::Backend(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In memory, or in the PostgreSQL database that the tests were given, which they share.
    #[expect(clippy::disallowed_methods, reason = "a test is told where its database is by a variable")]
    async fn store() -> Store {
        let url = std::env::var("JBL_TEST_DATABASE_URL").unwrap_or("sqlite::memory:".to_owned());
        Store::open(&url).await.expect("a store")
    }

    fn record(seconds: i64) -> Record {
        let data = [("token".to_owned(), serde_json::json!("jbl_secret"))].into();
        let expiry = crate::clock::now().as_second() + seconds;
        Record { id: Id::default(), data, expiry_date: OffsetDateTime::from_unix_timestamp(expiry).expect("a time") }
    }

    #[tokio::test]
    async fn what_was_created_is_loaded_until_it_is_deleted() {
        let (store, mut record) = (store().await, record(60));
        store.create(&mut record).await.expect("created");
        assert_eq!(store.load(&record.id).await.expect("loaded").map(|found| found.data), Some(record.data.clone()));
        store.delete(&record.id).await.expect("deleted");
        assert_eq!(store.load(&record.id).await.expect("loaded"), None);
    }

    #[tokio::test]
    async fn a_stolen_row_holds_neither_the_id_nor_the_token() {
        let (store, mut record) = (store().await, record(60));
        store.create(&mut record).await.expect("created");
        let stolen =
            row::Entity::find_by_id(seal::row_key(&record.id)).one(&store.db).await.expect("read").expect("a row");
        let holds = |needle: &[u8]| {
            [&stolen.key, &stolen.sealed].iter().any(|bytes| bytes.windows(needle.len()).any(|part| part == needle))
        };
        assert!(!holds(b"jbl_secret"));
        assert!(!holds(&record.id.0.to_le_bytes()));
        assert!(!holds(record.id.to_string().as_bytes()));
    }

    #[tokio::test]
    async fn a_taken_id_is_not_taken_over() {
        let (store, mut first) = (store().await, record(60));
        store.create(&mut first).await.expect("created");
        let mut second = Record { data: [("token".to_owned(), serde_json::json!("other"))].into(), ..first.clone() };
        store.create(&mut second).await.expect("created beside it");
        assert_ne!(second.id, first.id);
        assert_eq!(store.load(&first.id).await.expect("loaded").map(|found| found.data), Some(first.data));
    }

    #[tokio::test]
    async fn an_expired_session_is_gone_before_and_after_the_reaper() {
        let (store, mut old, mut fresh) = (store().await, record(-1), record(60));
        store.create(&mut old).await.expect("created");
        store.create(&mut fresh).await.expect("created");
        assert_eq!(store.load(&old.id).await.expect("loaded"), None);
        assert!(store.reap(crate::clock::now()).await.expect("reaped") >= 1);
        assert!(store.load(&fresh.id).await.expect("loaded").is_some());
    }

    #[tokio::test]
    async fn saving_does_not_bring_an_ended_session_back() {
        let (store, mut record) = (store().await, record(60));
        store.create(&mut record).await.expect("created");
        store.delete(&record.id).await.expect("deleted");
        store.save(&record).await.expect("nothing to save");
        assert_eq!(store.load(&record.id).await.expect("loaded"), None);
    }
}
