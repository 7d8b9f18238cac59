//! One row is one recipient's copy of a message; the key begins with whose it is.

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
                    .table("messages")
                    .col(ColumnDef::new("recipient_id").uuid().not_null())
                    .col(ColumnDef::new("conversation_id").uuid().not_null())
                    .col(ColumnDef::new("position").big_integer().not_null())
                    .col(ColumnDef::new("root_id").uuid())
                    .col(ColumnDef::new("author_id").uuid().not_null())
                    .col(ColumnDef::new("body").text())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("edited_at").big_integer())
                    .col(ColumnDef::new("withdrawn_at").big_integer())
                    .col(ColumnDef::new("removed_at").big_integer())
                    .col(ColumnDef::new("revision").integer().not_null())
                    .col(ColumnDef::new("change").big_integer().not_null())
                    .primary_key(Index::create().col("recipient_id").col("conversation_id").col("position"))
                    .foreign_key(
                        ForeignKey::create()
                            .from_tbl("messages")
                            .from_col("conversation_id")
                            .from_col("recipient_id")
                            .to_tbl("participants")
                            .to_col("conversation_id")
                            .to_col("user_id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("messages", "root_id")
                            .to("roots", "id")
                            .on_delete(ForeignKeyAction::SetNull),
                    )
                    .foreign_key(ForeignKey::create().from("messages", "author_id").to("users", "id")),
            ))
            .await?;
        let by_change =
            Index::create().name("messages_by_change").table("messages").col("recipient_id").col("change").take();
        manager.create_index(by_change).await?;
        // Severed copies have no root: leaving them out keeps the index as small as the link lifetime.
        let by_root = Index::create()
            .name("messages_by_root")
            .table("messages")
            .col("root_id")
            .and_where(Expr::col("root_id").is_not_null())
            .take();
        manager.create_index(by_root).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("messages").take()).await
    }
}
