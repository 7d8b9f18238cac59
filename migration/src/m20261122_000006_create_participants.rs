//! One person's side of a conversation. `activity` orders their list; NULL keeps the conversation out of it.

use sea_orm_migration::prelude::*;

use crate::backend::clustered;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(clustered(
                manager,
                Table::create()
                    .table("participants")
                    .col(ColumnDef::new("conversation_id").uuid().not_null())
                    .col(ColumnDef::new("user_id").uuid().not_null())
                    .col(ColumnDef::new("role").text().not_null().check(Expr::col("role").is_in(["member", "owner"])))
                    .col(ColumnDef::new("joined_at").big_integer().not_null())
                    .col(ColumnDef::new("left_at").big_integer())
                    .col(ColumnDef::new("left_title").text())
                    .col(ColumnDef::new("last_read_position").big_integer().not_null())
                    .col(ColumnDef::new("unread").integer().not_null())
                    .col(ColumnDef::new("activity").big_integer())
                    .col(ColumnDef::new("change").big_integer().not_null())
                    .primary_key(Index::create().col("conversation_id").col("user_id"))
                    .foreign_key(ForeignKey::create().from("participants", "conversation_id").to("conversations", "id"))
                    .foreign_key(ForeignKey::create().from("participants", "user_id").to("mailboxes", "user_id")),
            ))
            .await?;
        for (name, column) in [("participants_by_activity", "activity"), ("participants_by_change", "change")] {
            let index = Index::create().name(name).table("participants").col("user_id").col(column).take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("participants").take()).await
    }
}
