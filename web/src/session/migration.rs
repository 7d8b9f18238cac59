//! The shape of web's own database, step by step. Steps are only ever added at the end.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExprTrait, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sea_query::{Alias, ColumnDef, Expr, Index, Query, Table},
};

/// Web's own schema on PostgreSQL, so that it may share a database with anything. SQLite has a file of its own.
pub(super) const SCHEMA: &str = "web";

/// Any number, as long as nobody else in that database waits for it.
const ADVISORY_LOCK: i64 = 0x6a62_6c5f_7765_6200;

/// Carries out the steps that are still to be done, one process at a time.
pub(super) async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    let tx = begin(db).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
        tx.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}")).await?;
    }
    let mut versions = Table::create();
    versions.table(Alias::new("web_migration")).if_not_exists();
    versions.col(ColumnDef::new(Alias::new("version")).integer().not_null().primary_key());
    tx.execute(&versions).await?;

    let done = Query::select()
        .expr_as(Expr::col(Alias::new("version")).max(), Alias::new("version"))
        .from(Alias::new("web_migration"))
        .to_owned();
    let row = tx.query_one(&done).await?;
    let done: Option<i32> = row.map(|row| row.try_get("", "version")).transpose()?.flatten();
    if done.unwrap_or(0) < 1 {
        create_web_session(&tx).await?;
        let mut mark = Query::insert();
        mark.into_table(Alias::new("web_migration")).columns([Alias::new("version")]).values_panic([1.into()]);
        tx.execute(&mark).await?;
    }
    tx.commit().await
}

#[expect(clippy::disallowed_methods, reason = "web's own database, and immediate on SQLite as everywhere")]
async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let mode = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() }).await
}

async fn create_web_session(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let (table, expires_at) = (Alias::new("web_session"), Alias::new("expires_at"));
    let mut create = Table::create();
    create
        .table(table.clone())
        .col(ColumnDef::new(Alias::new("key")).binary().not_null().primary_key())
        .col(ColumnDef::new(Alias::new("sealed")).binary().not_null())
        .col(ColumnDef::new(expires_at.clone()).big_integer().not_null());
    tx.execute(&create).await?;
    let index = Index::create().name("web_session_expires_at").table(table).col(expires_at).to_owned();
    tx.execute(&index).await?;
    Ok(())
}
