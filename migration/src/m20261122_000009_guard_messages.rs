//! The promises that the database keeps whatever the code does: whose copy it is never changes, a cut link is never mended,
//! and what was withdrawn or removed never comes back.

use sea_orm_migration::prelude::*;

use crate::backend::Guard;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const GUARDS: [Guard; 4] = [
    Guard {
        name: "messages_stay_where_they_are",
        table: "messages",
        columns: "recipient_id, conversation_id, position, author_id, created_at",
        refused: "NEW.recipient_id IS DISTINCT FROM OLD.recipient_id \
                  OR NEW.conversation_id IS DISTINCT FROM OLD.conversation_id \
                  OR NEW.position IS DISTINCT FROM OLD.position \
                  OR NEW.author_id IS DISTINCT FROM OLD.author_id \
                  OR NEW.created_at IS DISTINCT FROM OLD.created_at",
        sentence: "the recipient, place, author and time of a message never change",
    },
    Guard {
        name: "messages_are_never_linked_again",
        table: "messages",
        columns: "root_id",
        refused: "NEW.root_id IS NOT NULL AND NEW.root_id IS DISTINCT FROM OLD.root_id",
        sentence: "the root of a message may only become null",
    },
    Guard {
        name: "messages_stay_erased",
        table: "messages",
        columns: "body, withdrawn_at, removed_at",
        refused: "(NEW.body IS NOT NULL AND (NEW.withdrawn_at IS NOT NULL OR NEW.removed_at IS NOT NULL)) \
                  OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) \
                  OR (OLD.removed_at IS NOT NULL AND NEW.removed_at IS NULL)",
        sentence: "a withdrawn or removed message stays erased",
    },
    Guard {
        name: "roots_stay_where_they_are",
        table: "roots",
        columns: "id, conversation_id, position, author_id, idempotency_key, created_at",
        refused: "NEW.id IS DISTINCT FROM OLD.id \
                  OR NEW.conversation_id IS DISTINCT FROM OLD.conversation_id \
                  OR NEW.position IS DISTINCT FROM OLD.position \
                  OR NEW.author_id IS DISTINCT FROM OLD.author_id \
                  OR NEW.idempotency_key IS DISTINCT FROM OLD.idempotency_key \
                  OR NEW.created_at IS DISTINCT FROM OLD.created_at",
        sentence: "the place, author, key and time of a root never change",
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for guard in &GUARDS {
            guard.create(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for guard in GUARDS.iter().rev() {
            guard.drop(manager).await?;
        }
        Ok(())
    }
}
