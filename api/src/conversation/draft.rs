//! Drafts: what the viewer has begun to write in a conversation, the same on all their devices. Each save names the revision it
//! was made from, so an older one never overwrites a newer.

pub mod graphql;

use std::collections::BTreeSet;

use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};

use super::audience::{Audiences, LEFT, Target, Wish};
use super::participant::{Column, Entity, Model as Participant};
use crate::app::App;
use crate::clock::Millis;
use crate::error::{Refusal, RefusalCode, Result};
use crate::id::{ConversationId, UserId};
use crate::mailbox::{self, Locked};
use crate::message::body;
use crate::text;
use crate::viewer::Viewer;

/// What has been begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text as it was typed, white space and all.
    pub body: String,
    /// Which save this was.
    pub revision: i32,
    /// When it was saved.
    pub updated_at: Millis,
}

/// A wish to save.
#[derive(Debug, Clone)]
pub struct Save {
    /// Where it is to be sent one day.
    pub to: Target,
    /// The text; one with nothing visible clears the draft.
    pub body: String,
    /// The revision that it was made from: 0 where there never was a draft.
    pub revision: i32,
}

/// What became of a save.
#[derive(Debug)]
pub struct Saved {
    /// Where.
    pub conversation: ConversationId,
    /// What is stored now; none when it is cleared.
    pub draft: Option<Draft>,
    /// Why the save was refused, when what is stored is newer than what it was made from.
    pub refusal: Option<Refusal>,
}

impl Participant {
    /// What they have begun to write here.
    #[must_use]
    pub fn begun(&self) -> Option<Draft> {
        let body = self.draft.clone()?;
        Some(Draft { body, revision: self.draft_revision, updated_at: self.draft_at.unwrap_or_default() })
    }
}

/// Saves what the viewer has begun to write. The first draft to a person makes the conversation with them, of which that person
/// learns nothing before something is sent.
pub async fn save(app: &App, viewer: &Viewer, save: Save) -> Result<Saved> {
    let body = check(&save.body)?;
    save.to.check(viewer.user_id)?;
    let (me, now) = (viewer.user_id, app.clock.now());
    let conversation = save.to.conversation(me);
    let tx = app.database.begin().await?;
    let mut people = BTreeSet::from([me]);
    if !mine(&tx, conversation, me).await?.is_some_and(|row| row.is_known()) {
        let audiences = Audiences::open(&tx, &[Wish { author: me, to: save.to, at: now }]).await?;
        people.extend(audiences.admit(me, &save.to)?);
    }
    let mut locked = mailbox::lock(&tx, &people).await?;
    if people.len() > 1 {
        make_sides(&tx, conversation, people).await?;
    }
    let not_found = || Refusal::not_found("conversationId").within("to");
    let mut row = mine(&tx, conversation, me).await?.ok_or_else(not_found)?;
    if row.left_at.is_some() {
        return Err(save.to.not_allowed(LEFT).into());
    }
    if row.draft_revision != save.revision {
        let sentence = "A newer draft was saved meanwhile.";
        let refusal = Some(Refusal::of(RefusalCode::StaleRevision, "revision", sentence));
        return Ok(Saved { conversation, draft: row.begun(), refusal });
    }
    if row.draft != body {
        row.draft_at = body.as_ref().map(|_| now);
        row.draft = body;
        row.draft_revision += 1;
        row.change = locked.next_change(me)?;
        write(&tx, vec![row.clone()]).await?;
        let moved = locked.save(&tx).await?;
        app.commit(tx, moved).await?;
    }
    Ok(Saved { conversation, draft: row.begun(), refusal: None })
}

/// The text to store; none when there is nothing to be seen.
fn check(typed: &str) -> Result<Option<String>> {
    let refuse = |code, sentence: String| Err(Refusal::of(code, "body", sentence).into());
    if typed.chars().count() > body::MAX_LENGTH {
        return refuse(RefusalCode::TooLong, format!("A draft has at most {} characters.", body::MAX_LENGTH));
    }
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    if let Some(char) = text::forbidden(&typed) {
        return refuse(RefusalCode::Invalid, format!("A draft cannot hold the character U+{:04X}.", u32::from(char)));
    }
    Ok(Some(typed).filter(|typed| text::is_visible(typed)))
}

/// The viewer's side of a conversation, whether or not they may know of it.
async fn mine(tx: &DatabaseTransaction, conversation: ConversationId, me: UserId) -> Result<Option<Participant>> {
    Ok(Entity::find_by_id((conversation, me)).one(tx).await?)
}

/// Both sides of a direct conversation that is new, unknown to either until something happens there.
async fn make_sides(tx: &DatabaseTransaction, conversation: ConversationId, people: BTreeSet<UserId>) -> Result<()> {
    let rows = people.into_iter().map(|person| Participant::unknown(conversation, person));
    let rows = rows.map(|row| row.into_active_model().reset_all());
    let there = OnConflict::columns([Column::ConversationId, Column::UserId]).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}

/// Clears the drafts that have just been sent: author, conversation and the revision that was sent. One that was saved since is
/// another, and stays. The revision rises even where nothing was stored, or a save that is still on its way would bring back
/// what was sent.
pub async fn clear(
    tx: &DatabaseTransaction,
    sent: impl Iterator<Item = (UserId, ConversationId, i32)>,
    mailboxes: &mut Locked,
) -> Result<()> {
    let mut any = Condition::any();
    for (author, conversation, revision) in sent {
        let row = Column::UserId.eq(author).and(Column::ConversationId.eq(conversation));
        any = any.add(row.and(Column::DraftRevision.eq(revision)));
    }
    if any.is_empty() {
        return Ok(());
    }
    let mut rows = Entity::find().filter(any).all(tx).await?;
    for row in &mut rows {
        (row.draft, row.draft_at) = (None, None);
        row.draft_revision += 1;
        row.change = mailboxes.next_change(row.user_id)?;
    }
    write(tx, rows).await
}

/// Writes drafts, all in one statement. The caller holds the locks of their mailboxes.
async fn write(tx: &DatabaseTransaction, rows: Vec<Participant>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    let update = OnConflict::columns([Column::ConversationId, Column::UserId])
        .update_columns([Column::Draft, Column::DraftAt, Column::DraftRevision, Column::Change])
        .to_owned();
    Entity::insert_many(rows).on_conflict(update).exec_without_returning(tx).await?;
    Ok(())
}
