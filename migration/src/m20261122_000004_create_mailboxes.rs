//! One row a person: the counter of everything that happens to their mailbox, and how far back it can be told.

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
                    .table("mailboxes")
                    .col(ColumnDef::new("user_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("last_change").big_integer().not_null())
                    .col(ColumnDef::new("floor").big_integer().not_null())
                    .foreign_key(ForeignKey::create().from("mailboxes", "user_id").to("users", "id"))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("mailboxes").take()).await
    }
}
