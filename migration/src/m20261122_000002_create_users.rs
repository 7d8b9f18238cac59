//! People. `search_key` is a space and the folded words of both names: what the people page orders and searches by.

use sea_orm_migration::prelude::*;

use crate::backend::ordered_text;

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
                    .table("users")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ordered_text(manager, "username").unique_key())
                    .col(ColumnDef::new("display_name").text().not_null())
                    .col(ordered_text(manager, "search_key"))
                    .col(ColumnDef::new("password_hash").text().not_null())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("deactivated_at").big_integer())
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("users_by_name").table("users").col("search_key").col("id").take())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("users").take()).await
    }
}
