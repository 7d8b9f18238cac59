//! What somebody has begun to write in a conversation. The revision rises with every save and every clearing and never goes
//! back, so that a save which was overtaken is noticed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [
            ColumnDef::new("draft").text().take(),
            ColumnDef::new("draft_at").big_integer().take(),
            ColumnDef::new("draft_revision").integer().not_null().default(0).take(),
        ] {
            manager.alter_table(Table::alter().table("participants").add_column(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["draft_revision", "draft_at", "draft"] {
            manager.alter_table(Table::alter().table("participants").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
