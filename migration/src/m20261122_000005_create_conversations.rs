//! Conversations. A direct one is found by its key, which is made from the pair: there can be no second.

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
                    .table("conversations")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("kind").text().not_null().check(Expr::col("kind").is_in(["direct", "group"])))
                    .col(ColumnDef::new("title").text())
                    .col(ColumnDef::new("last_position").big_integer().not_null())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("conversations").take()).await
    }
}
