//! The row that links the copies of one send while their author may still reach them.

use sea_orm::entity::prelude::*;

use crate::id::{ConversationId, RootId, UserId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RootId,
    pub conversation_id: ConversationId,
    pub position: i64,
    pub author_id: UserId,
    /// The author's key for this send: unique per author, it makes retries safe.
    pub idempotency_key: String,
    /// SHA-256 of the content, to tell a retry from another use of the key. NULL once withdrawn: short texts can be guessed
    /// from it.
    pub content_hash: Option<Vec<u8>>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
