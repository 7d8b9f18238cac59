//! The row of a person.

use sea_orm::entity::prelude::*;

use crate::id::UserId;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// Lower case, unique, never changed.
    pub username: String,
    /// What others see.
    pub display_name: String,
    /// A space and the folded words of both names; see [`super::name::search_key`].
    pub search_key: String,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    /// When they were added.
    pub created_at: i64,
    /// When they were disabled; NULL: active.
    pub deactivated_at: Option<i64>,
}

impl Model {
    /// Whether they can log in and be written to.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.deactivated_at.is_none()
    }
}

/// Joins that SeaORM makes from here: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
