//! Log-ins. Only a hash of the token is stored.

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
                    .table("sessions")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("user_id").uuid().not_null())
                    .col(ColumnDef::new("token_hash").binary().not_null().unique_key())
                    .col(ColumnDef::new("device_name").text())
                    .col(ColumnDef::new("created_at").big_integer().not_null())
                    .col(ColumnDef::new("last_used_at").big_integer().not_null())
                    .col(ColumnDef::new("expires_at").big_integer().not_null())
                    .foreign_key(ForeignKey::create().from("sessions", "user_id").to("users", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(Index::create().name("sessions_by_user").table("sessions").col("user_id").take()).await?;
        manager
            .create_index(Index::create().name("sessions_by_expiry").table("sessions").col("expires_at").take())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sessions").take()).await
    }
}
