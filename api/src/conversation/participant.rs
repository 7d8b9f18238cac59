//! The row of one person's side of a conversation: since when, how far they have read, where it stands in their list.

use sea_orm::entity::prelude::*;

use crate::id::{ConversationId, UserId};

/// One person in one conversation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participants")]
pub struct Model {
    /// Where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// What they may do there.
    pub role: Role,
    /// Since when they take part; 0 while nothing has been sent yet: when somebody began to write is theirs to know.
    pub joined_at: i64,
    /// When they left; NULL: they take part.
    pub left_at: Option<i64>,
    /// The title as it was when they left.
    pub left_title: Option<String>,
    /// Everything up to this position is read.
    pub last_read_position: i64,
    /// How many present messages of others lie after the marker; kept by whatever changes it.
    pub unread: i32,
    /// The change number of the newest message delivered to them here: the order of their list. NULL: not in their list.
    pub activity: Option<i64>,
    /// The change number of the last thing that happened to this row itself. 0 without activity: somebody has begun to write
    /// to them, which is nothing they may know.
    pub change: i64,
    /// What they have begun to write; NULL when nothing.
    pub draft: Option<String>,
    /// When that was last saved.
    pub draft_at: Option<i64>,
    /// Raised whenever the draft is saved or cleared.
    pub draft_revision: i32,
}

/// What a participant may do in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[graphql(name = "ParticipantRole")]
pub enum Role {
    /// Reads and writes.
    #[sea_orm(string_value = "member")]
    Member,
    /// Also decides who takes part and what it is called.
    #[sea_orm(string_value = "owner")]
    Owner,
}

impl Model {
    /// An empty side of a conversation, of which its person knows nothing yet.
    #[must_use]
    pub fn unknown(conversation_id: ConversationId, user_id: UserId) -> Self {
        Self {
            conversation_id,
            user_id,
            role: Role::Member,
            joined_at: 0,
            left_at: None,
            left_title: None,
            last_read_position: 0,
            unread: 0,
            activity: None,
            change: 0,
            draft: None,
            draft_at: None,
            draft_revision: 0,
        }
    }

    /// Whether its person may know of the conversation: see [`change`](Self::change).
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.activity.is_some() || self.change > 0
    }
}

/// How SeaORM joins it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The conversation it is in.
    #[sea_orm(belongs_to = "super::entity::Entity", from = "Column::ConversationId", to = "super::entity::Column::Id")]
    Conversation,
    /// The person.
    #[sea_orm(belongs_to = "crate::user::Entity", from = "Column::UserId", to = "crate::user::Column::Id")]
    User,
}

impl Related<super::entity::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
