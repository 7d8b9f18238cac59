//! What the copies of one send share while its author may still reach them. Severing deletes the row.

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
                    .table("roots")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("conversation_id").uuid().not_null())
                    .col(ColumnDef::new("position").big_integer().not_null())
                    .col(ColumnDef::new("author_id").uuid().not_null())
                    .col(ColumnDef::new("idempotency_key").text().not_null())
                    .col(ColumnDef::new("content_hash").binary())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .foreign_key(ForeignKey::create().from("roots", "conversation_id").to("conversations", "id"))
                    .foreign_key(ForeignKey::create().from("roots", "author_id").to("users", "id"))
                    .take(),
            )
            .await?;
        for (name, columns) in
            [("roots_by_key", ["author_id", "idempotency_key"]), ("roots_by_position", ["conversation_id", "position"])]
        {
            let index = Index::create().name(name).table("roots").col(columns[0]).col(columns[1]).unique().take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("roots").take()).await
    }
}
