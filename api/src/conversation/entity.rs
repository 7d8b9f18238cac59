//! The row of a conversation.

use sea_orm::entity::prelude::*;

use crate::id::ConversationId;

/// A conversation: what its participants share.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    /// The key; a direct conversation's is made from its pair.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    /// Between two people, or in a group.
    pub kind: Kind,
    /// What a group is called; NULL for a direct conversation.
    pub title: Option<String>,
    /// The newest position given out. Positions rise and may have holes.
    pub last_position: i64,
    /// When it was first written to.
    pub created_at: i64,
}

/// Between two people, or in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[graphql(name = "ConversationKind")]
pub enum Kind {
    /// Between two people; there is one for each pair.
    #[sea_orm(string_value = "direct")]
    Direct,
    /// Among any number of people, with a title.
    #[sea_orm(string_value = "group")]
    Group,
}

/// Joins that SeaORM makes from here: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
