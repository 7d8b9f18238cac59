//! The row of one recipient's copy of a message.

use sea_orm::entity::prelude::*;

use crate::id::{ConversationId, MessageId, RootId, UserId};

/// One recipient's copy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// Whose copy this is. Never changes; the database refuses.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recipient_id: UserId,
    /// Where it was sent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// The message's number in the conversation, the same for every recipient.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// What links it to the other copies; NULL for ever once severed.
    pub root_id: Option<RootId>,
    /// Who wrote it.
    pub author_id: UserId,
    /// NULL once withdrawn or removed.
    pub body: Option<String>,
    /// When it was sent.
    pub created_at: i64,
    /// When its author last changed it.
    pub edited_at: Option<i64>,
    /// When its author withdrew it for everyone.
    pub withdrawn_at: Option<i64>,
    /// When its recipient removed this copy.
    pub removed_at: Option<i64>,
    /// Raised by every edit, withdrawal and removal.
    pub revision: i32,
    /// The change number, in the recipient's mailbox, of the last thing that happened to this copy.
    pub change: i64,
}

impl Model {
    /// How clients name it.
    #[must_use]
    pub fn id(&self) -> MessageId {
        MessageId { conversation: self.conversation_id, position: self.position }
    }
}

/// Joins that SeaORM makes from here: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

#[async_trait::async_trait]
impl ActiveModelBehavior for ActiveModel {
    /// Refuses to save a copy under another recipient: the first of the three guards of "your copy is yours" (the others are
    /// this module's privacy and the database's trigger).
    async fn before_save<C: ConnectionTrait>(self, _: &C, insert: bool) -> Result<Self, DbErr> {
        if !insert && self.recipient_id.is_set() {
            return Err(DbErr::Custom("the recipient of a message never changes".to_owned()));
        }
        Ok(self)
    }
}
