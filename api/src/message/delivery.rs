//! THE COPY RULE: how one send becomes one copy for each recipient. Nothing else writes messages or roots.
//!
//! Everything here runs inside a transaction of [`super::writer`], and takes locks in one order: conversations, roots,
//! mailboxes, then the rows of those mailboxes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _};

use super::body::Body;
use super::key::IdempotencyKey;
use super::replay::Earlier;
use super::{Message, entity, root};
use crate::clock::Millis;
use crate::conversation::audience::{Audiences, Target, Wish};
use crate::conversation::{draft, participant};
use crate::error::{Refusal, Result};
use crate::id::{ConversationId, Ids, RootId, UserId};
use crate::mailbox::{self, Locked, Moved};

/// Rows per INSERT: SQLite takes 32,766 values a statement, and a copy has twelve.
const ROWS_PER_INSERT: usize = 2_000;

/// One send, valid in itself; whether it is allowed is decided under the conversation's lock.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Who wrote it.
    pub author: UserId,
    /// Where to.
    pub to: Target,
    /// The text.
    pub body: Body,
    /// What makes retrying it safe.
    pub key: IdempotencyKey,
    /// The revision of the author's draft that this was.
    pub draft_revision: Option<i32>,
    /// When it was accepted.
    pub at: Millis,
}

impl Delivery {
    /// The conversation it goes to.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        self.to.conversation(self.author)
    }

    fn wish(&self) -> Wish {
        Wish { author: self.author, to: self.to, at: self.at }
    }
}

/// What became of an accepted send.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The conversation it is in.
    pub conversation: ConversationId,
    /// The author's own copy; none when a replay finds that it was purged.
    pub copy: Option<Message>,
    /// Whether an earlier send with the same key is answered again.
    pub replayed: bool,
}

/// What one transaction could say of a send.
#[derive(Debug)]
pub enum Verdict {
    /// It was delivered, replayed or refused.
    Done(Result<Delivered, Refusal>),
    /// Another send took the same key first: look again in the next transaction.
    Again,
}

/// A send that is allowed, with its place.
struct Planned {
    index: usize,
    root: root::Model,
    recipients: Vec<UserId>,
}

/// Delivers a batch: the number of statements does not depend on how many sends or recipients there are. The mailboxes that
/// have moved on are to be told to the bus after the commit.
pub async fn deliver(tx: &DatabaseTransaction, ids: &Ids, batch: &[Delivery]) -> Result<(Vec<Verdict>, Moved)> {
    let mut verdicts: Vec<Verdict> = batch.iter().map(|_| Verdict::Again).collect();
    let earlier = Earlier::find(tx, batch).await?;
    let mut fresh = Vec::new();
    let mut keys = HashSet::new();
    for (index, delivery) in batch.iter().enumerate() {
        match earlier.answer(delivery) {
            Some(answer) => verdicts[index] = Verdict::Done(answer),
            None if keys.insert((delivery.author, &delivery.key)) => fresh.push(index),
            None => {}
        }
    }
    let wishes: Vec<Wish> = fresh.iter().map(|&index| batch[index].wish()).collect();
    let mut audiences = Audiences::open(tx, &wishes).await?;
    let mut planned = Vec::new();
    for index in fresh {
        match plan(&mut audiences, ids, &batch[index]) {
            Ok((root, recipients)) => planned.push(Planned { index, root, recipients }),
            Err(refusal) => verdicts[index] = Verdict::Done(Err(refusal)),
        }
    }
    if planned.is_empty() {
        return Ok((verdicts, Moved::default()));
    }
    let stored = insert_roots(tx, &planned).await?;
    planned.retain(|send| stored.contains(&send.root.id));
    let people: BTreeSet<UserId> = planned.iter().flat_map(|send| send.recipients.iter().copied()).collect();
    let mut mailboxes = mailbox::lock(tx, &people).await?;
    let copies = make_copies(batch, &planned, &mut mailboxes)?;
    audiences.save_positions(tx).await?;
    bump_participants(tx, &copies).await?;
    insert_copies(tx, &copies).await?;
    let sent = planned.iter().map(|send| &batch[send.index]);
    draft::clear(
        tx,
        sent.filter_map(|send| Some((send.author, send.conversation(), send.draft_revision?))),
        &mut mailboxes,
    )
    .await?;
    let moved = mailboxes.save(tx).await?;
    for (send, delivered) in planned.iter().zip(own_copies(&planned, copies)) {
        verdicts[send.index] = Verdict::Done(Ok(delivered));
    }
    Ok((verdicts, moved))
}

fn plan(audiences: &mut Audiences, ids: &Ids, send: &Delivery) -> Result<(root::Model, Vec<UserId>), Refusal> {
    let conversation = send.conversation();
    let recipients = audiences.admit(send.author, &send.to)?;
    let root = root::Model {
        id: ids.next(),
        conversation_id: conversation,
        position: audiences.next_position(conversation),
        author_id: send.author,
        idempotency_key: send.key.as_str().to_owned(),
        content_hash: Some(send.body.content_hash()),
        created_at: send.at,
    };
    Ok((root, recipients))
}

/// Inserts the roots and says which are in: another process may have taken a key since we looked.
async fn insert_roots(tx: &DatabaseTransaction, planned: &[Planned]) -> Result<HashSet<RootId>> {
    let mut sorted: Vec<&root::Model> = planned.iter().map(|send| &send.root).collect();
    sorted.sort_by(|a, b| (a.author_id, &a.idempotency_key).cmp(&(b.author_id, &b.idempotency_key)));
    let mut stored = HashSet::new();
    for rows in sorted.chunks(ROWS_PER_INSERT) {
        let taken = OnConflict::columns([root::Column::AuthorId, root::Column::IdempotencyKey]).do_nothing().to_owned();
        let rows = rows.iter().map(|row| (*row).clone().into_active_model().reset_all());
        let inserted = root::Entity::insert_many(rows).on_conflict(taken).exec_with_returning(tx).await?;
        stored.extend(inserted.into_iter().map(|root| root.id));
    }
    Ok(stored)
}

/// One copy for each recipient, the author included, numbered in each mailbox in the order of the batch.
fn make_copies(batch: &[Delivery], planned: &[Planned], mailboxes: &mut Locked) -> Result<Vec<Message>> {
    let mut copies = Vec::with_capacity(planned.iter().map(|send| send.recipients.len()).sum());
    for Planned { index, root, recipients } in planned {
        for &recipient in recipients {
            copies.push(Message {
                recipient_id: recipient,
                conversation_id: root.conversation_id,
                position: root.position,
                root_id: Some(root.id),
                author_id: root.author_id,
                body: Some(batch[*index].body.as_str().to_owned()),
                created_at: root.created_at,
                edited_at: None,
                withdrawn_at: None,
                removed_at: None,
                revision: 1,
                change: mailboxes.next_change(recipient)?,
            });
        }
    }
    Ok(copies)
}

async fn insert_copies(tx: &DatabaseTransaction, copies: &[Message]) -> Result<()> {
    for rows in copies.chunks(ROWS_PER_INSERT) {
        let rows = rows.iter().map(|copy| copy.clone().into_active_model().reset_all());
        entity::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Moves the conversation to the top of each recipient's list and counts what is unread. On somebody's first message here this
/// also makes their row.
async fn bump_participants(tx: &DatabaseTransaction, copies: &[Message]) -> Result<()> {
    let mut rows = BTreeMap::new();
    for copy in copies {
        let row = rows.entry((copy.recipient_id, copy.conversation_id)).or_insert_with(|| participant::Model {
            joined_at: copy.created_at,
            change: copy.change,
            ..participant::Model::unknown(copy.conversation_id, copy.recipient_id)
        });
        row.unread += i32::from(copy.author_id != copy.recipient_id);
        row.activity = Ord::max(row.activity, Some(copy.change));
    }
    let rows: Vec<participant::Model> = rows.into_values().collect();
    let stored = |column| Expr::col((participant::Entity, column));
    let new = |column| Expr::col((Alias::new("excluded"), column));
    let (joined, unread) = (participant::Column::JoinedAt, participant::Column::Unread);
    let since = Expr::case(stored(joined).eq(0), new(joined)).finally(stored(joined));
    let raise = OnConflict::columns([participant::Column::ConversationId, participant::Column::UserId])
        .update_column(participant::Column::Activity)
        .value(joined, since)
        .value(unread, stored(unread).add(new(unread)))
        .to_owned();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
        participant::Entity::insert_many(rows).on_conflict(raise.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Each author's own copy, in the order of the plan.
fn own_copies(planned: &[Planned], copies: Vec<Message>) -> Vec<Delivered> {
    let own = copies.into_iter().filter(|copy| copy.author_id == copy.recipient_id);
    let mut own: HashMap<RootId, Message> = own.filter_map(|copy| Some((copy.root_id?, copy))).collect();
    let delivered = |send: &Planned| Delivered {
        conversation: send.root.conversation_id,
        copy: own.remove(&send.root.id),
        replayed: false,
    };
    planned.iter().map(delivered).collect()
}
