//! The feed: what has changed in the viewer's mailbox since a cursor. There is no log behind it: it is the rows of the mailbox
//! themselves, in the order of their change numbers. So reading it twice does no harm, and what changed twice is told once.

pub mod bus;
pub mod graphql;

use std::collections::BTreeMap;
use std::time::Duration;

use async_stream::try_stream;
use futures_util::Stream;

use crate::app::App;
use crate::conversation::{self, Place};
use crate::error::Result;
use crate::id::UserId;
use crate::mailbox;
use crate::message::{self, Message};
use crate::page::Cursor as _;
use bus::{Fleeting, Heard};

/// How many changes a live stream reads at a time.
const READ_AT_ONCE: u64 = 50;

/// A place in a feed: everything up to it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cursor {
    /// Of which life of the instance: a restored backup begins another.
    epoch: uuid::Uuid,
    /// Of whose mailbox.
    mailbox: uuid::Uuid,
    /// The change.
    change: i64,
}

impl crate::page::Cursor for Cursor {
    const LIST: &'static str = "events";
}

/// One row of the mailbox that has changed.
#[derive(Debug, Clone)]
pub enum Change {
    /// A copy: new, edited, withdrawn or removed.
    Message(Message),
    /// The viewer's side of a conversation, or what its participants share.
    Conversation(Place),
}

/// Why a feed cannot go on from a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "StreamResetReason")]
pub enum Reset {
    /// So long ago that not everything since then can be told.
    TooOld,
    /// Not a cursor of this mailbox.
    UnknownCursor,
    /// The instance was restored from a backup.
    ServerRestored,
}

/// What a feed tells.
#[derive(Debug, Clone)]
pub enum Told {
    /// Something has changed.
    Change(Change),
    /// The client has to read afresh what it shows, and goes on from here.
    Reset(Reset),
    /// Something that is never told again.
    Fleeting(Fleeting),
}

/// One thing that a feed tells, and the cursor after it; none for what is fleeting.
#[derive(Debug, Clone)]
pub struct Event {
    /// Where to go on after it.
    pub cursor: Option<Cursor>,
    /// What it is.
    pub told: Told,
}

/// Some events in their order.
#[derive(Debug, Clone)]
pub struct Page {
    /// The events.
    pub events: Vec<Event>,
    /// Whether there are more already.
    pub has_more: bool,
    /// Where to go on after them.
    pub cursor: Cursor,
}

/// The newest place in the viewer's feed. What is read after this was asked holds everything up to it.
pub async fn newest(app: &App, viewer: UserId) -> Result<Cursor> {
    Ok(at(app, viewer, mailbox::last_change(&app.database, viewer).await?))
}

fn at(app: &App, viewer: UserId, change: i64) -> Cursor {
    Cursor { epoch: app.feed_epoch, mailbox: viewer.0, change }
}

/// What has changed after a cursor, at most `first` changes.
///
/// The bound is read first: up to it everything is committed, since change numbers are given out under a lock that is held to
/// the commit. The floor is read last: rows may be purged while we read, and then it has risen.
pub async fn changes(app: &App, viewer: UserId, after: &str, first: u64) -> Result<Page> {
    let bound = mailbox::last_change(&app.database, viewer).await?;
    let newest = at(app, viewer, bound);
    let after = match check(after, newest) {
        Ok(after) => after.change,
        Err(reason) => return Ok(Page::reset(reason, newest)),
    };
    if after == bound {
        return Ok(Page { events: vec![], has_more: false, cursor: newest });
    }
    // One more than wanted tells whether there are more.
    let copies = message::changed(app, viewer, after, bound, first + 1).await?;
    let places = conversation::changed(app, viewer, after, bound, first + 1).await?;
    if after < mailbox::floor(&app.database, viewer).await? {
        return Ok(Page::reset(Reset::TooOld, newest));
    }
    let places = places.into_iter().map(|place| (place.mine.change, Change::Conversation(place)));
    // Somebody's first copy in a conversation makes their side of it under the same number: the copy tells both.
    let copies = copies.into_iter().map(|copy| (copy.change, Change::Message(copy)));
    let changes: BTreeMap<i64, Change> = places.chain(copies).collect();
    let wanted = usize::try_from(first).unwrap_or(usize::MAX);
    let has_more = changes.len() > wanted;
    let event = |(change, told)| Event { cursor: Some(at(app, viewer, change)), told: Told::Change(told) };
    let events: Vec<Event> = changes.into_iter().take(wanted).map(event).collect();
    let cursor = events.last().and_then(|event| event.cursor).filter(|_| has_more).unwrap_or(newest);
    Ok(Page { events, has_more, cursor })
}

fn check(after: &str, newest: Cursor) -> Result<Cursor, Reset> {
    let after = Cursor::decode(after, "after").map_err(|_| Reset::UnknownCursor)?;
    if after.mailbox != newest.mailbox {
        return Err(Reset::UnknownCursor);
    }
    if after.epoch != newest.epoch {
        return Err(Reset::ServerRestored);
    }
    if (0..=newest.change).contains(&after.change) { Ok(after) } else { Err(Reset::UnknownCursor) }
}

impl Page {
    fn reset(reason: Reset, cursor: Cursor) -> Self {
        let event = Event { cursor: Some(cursor), told: Told::Reset(reason) };
        Self { events: vec![event], has_more: false, cursor }
    }
}

/// The viewer's feed, first what was missed since `after`, then what happens, for as long as it is polled. Without `after` it
/// starts now. It listens before it first reads, so nothing falls between.
pub fn follow(app: App, viewer: UserId, after: Option<String>) -> impl Stream<Item = Result<Event>> + Send {
    try_stream! {
        let mut listener = app.bus.listen(viewer).await?;
        let mut after = match after {
            Some(after) => after,
            None => newest(&app, viewer).await?.encode(),
        };
        loop {
            let page = changes(&app, viewer, &after, READ_AT_ONCE).await?;
            after = page.cursor.encode();
            for event in page.events {
                yield event;
            }
            if page.has_more {
                continue;
            }
            // The bus may have lost a wake: now and then everybody looks unasked, and not all at once.
            let pause = tokio::time::sleep(jittered(app.config.look_every()));
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    heard = listener.hear() => match heard {
                        Heard::Wake => break,
                        Heard::Fleeting(fleeting) => yield Event { cursor: None, told: Told::Fleeting(fleeting) },
                    },
                    () = &mut pause => break,
                }
            }
        }
    }
}

/// Between half of it and one and a half.
fn jittered(every: Duration) -> Duration {
    // Without chance everybody would look at the same moment, which is no more than slow.
    let share = getrandom::u32().map_or(0.5, |chance| f64::from(chance) / f64::from(u32::MAX));
    every.mul_f64(0.5 + share)
}
