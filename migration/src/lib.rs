//! The database schema: one change a file, the same list for SQLite and PostgreSQL.
//!
//! What differs between the two is in [`backend`], and nowhere else. Migrations never use the entities of `api`: an entity
//! follows the newest schema, a migration stays what it was on the day it was written.

pub mod backend;
mod m20261122_000001_create_instance;
mod m20261122_000002_create_users;
mod m20261122_000003_create_sessions;
mod m20261122_000004_create_mailboxes;
mod m20261122_000005_create_conversations;
mod m20261122_000006_create_participants;
mod m20261122_000007_create_roots;
mod m20261122_000008_create_messages;
mod m20261122_000009_guard_messages;
mod m20261122_000010_add_draft_to_participants;

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

/// The list, oldest first. Each runs in a transaction of its own on both databases.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_instance::Migration),
            Box::new(m20261122_000002_create_users::Migration),
            Box::new(m20261122_000003_create_sessions::Migration),
            Box::new(m20261122_000004_create_mailboxes::Migration),
            Box::new(m20261122_000005_create_conversations::Migration),
            Box::new(m20261122_000006_create_participants::Migration),
            Box::new(m20261122_000007_create_roots::Migration),
            Box::new(m20261122_000008_create_messages::Migration),
            Box::new(m20261122_000009_guard_messages::Migration),
            Box::new(m20261122_000010_add_draft_to_participants::Migration),
        ]
    }
}
