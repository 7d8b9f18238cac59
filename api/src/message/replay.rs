//! Retries: a send whose key is known is answered from what is stored, before anything else is asked of it.

use std::collections::HashMap;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, QueryFilter as _};

use super::delivery::{Delivered, Delivery};
use super::{Message, entity, root};
use crate::error::{Refusal, RefusalCode, Result};
use crate::id::{ConversationId, UserId};

/// The sends of a batch whose keys their authors have used before.
#[derive(Debug)]
pub struct Earlier {
    roots: HashMap<(UserId, String), root::Model>,
    copies: HashMap<(UserId, ConversationId, i64), Message>,
}

impl Earlier {
    /// Looks for the keys of a batch.
    pub async fn find(tx: &DatabaseTransaction, batch: &[Delivery]) -> Result<Self> {
        let mut keys: HashMap<UserId, Vec<&str>> = HashMap::new();
        for delivery in batch {
            keys.entry(delivery.author).or_default().push(delivery.key.as_str());
        }
        let any = keys.into_iter().fold(Condition::any(), |any, (author, keys)| {
            any.add(root::Column::AuthorId.eq(author).and(root::Column::IdempotencyKey.is_in(keys)))
        });
        let roots = root::Entity::find().filter(any).all(tx).await?;
        let copies = own_copies(tx, &roots).await?;
        let roots = roots.into_iter().map(|root| ((root.author_id, root.idempotency_key.clone()), root)).collect();
        Ok(Self { roots, copies })
    }

    /// The first answer again, or that the key belongs to another send; none when the key is new.
    pub fn answer(&self, delivery: &Delivery) -> Option<Result<Delivered, Refusal>> {
        let root = self.roots.get(&(delivery.author, delivery.key.as_str().to_owned()))?;
        let same_place = root.conversation_id == delivery.conversation();
        // After a withdrawal there is no content to compare.
        let same_content = root.content_hash.as_ref().is_none_or(|hash| *hash == delivery.body.content_hash());
        if !(same_place && same_content) {
            let sentence = "This idempotency key was used for another message.";
            return Some(Err(Refusal::of(RefusalCode::Conflict, "idempotencyKey", sentence)));
        }
        let copy = self.copies.get(&(delivery.author, root.conversation_id, root.position)).cloned();
        Some(Ok(Delivered { conversation: root.conversation_id, copy, replayed: true }))
    }
}

async fn own_copies(
    tx: &DatabaseTransaction,
    roots: &[root::Model],
) -> Result<HashMap<(UserId, ConversationId, i64), Message>> {
    if roots.is_empty() {
        return Ok(HashMap::new());
    }
    let any = roots.iter().fold(Condition::any(), |any, root| {
        let own = entity::Column::RecipientId.eq(root.author_id);
        let here = entity::Column::ConversationId.eq(root.conversation_id);
        any.add(own.and(here).and(entity::Column::Position.eq(root.position)))
    });
    let copies = entity::Entity::find().filter(any).all(tx).await?;
    Ok(copies.into_iter().map(|copy| ((copy.recipient_id, copy.conversation_id, copy.position), copy)).collect())
}
