//! The one row that every process of an instance shares: its epochs, and whether its data is made up.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("instance")
                    .col(ColumnDef::new("id").integer().not_null().primary_key().check(Expr::col("id").eq(1)))
                    .col(ColumnDef::new("session_epoch").big_integer().not_null())
                    .col(ColumnDef::new("feed_epoch").uuid().not_null())
                    .col(ColumnDef::new("demo").boolean().not_null())
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("instance").take()).await
    }
}
