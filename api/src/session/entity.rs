//! The row of a log-in.

use sea_orm::entity::prelude::*;

use crate::id::{SessionId, UserId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub user_id: UserId,
    /// SHA-256 of the token; the token itself is stored nowhere.
    pub token_hash: Vec<u8>,
    pub device_name: Option<String>,
    pub created_at: i64,
    /// Written at most every ten minutes.
    pub last_used_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
