//! The feed: what has changed in the viewer's mailbox since a cursor. There is no log behind it: it is the rows of the mailbox
//! themselves, in the order of their change numbers. So reading it twice does no harm, and what changed twice is told once.

pub mod bus;
pub mod graphql;

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::time::Duration;

use async_stream::try_stream;
use futures_util::Stream;
use tokio::time::{Sleep, sleep};

use crate::app::App;
use crate::conversation::{self, Place};
use crate::error::Result;
use crate::id::UserId;
use crate::mailbox;
use crate::message::{self, Message};
use crate::page::Cursor as _;
use bus::{Fleeting, Heard, Listener};

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

/// What has changed after a cursor that a client holds, at most `first` changes.
pub async fn changes(app: &App, viewer: UserId, after: &str, first: u64) -> Result<Page> {
    match Cursor::decode(after, "after") {
        Ok(after) => read(app, viewer, after, first).await,
        Err(_) => Ok(Page::reset(Reset::UnknownCursor, newest(app, viewer).await?)),
    }
}

/// The bound is read first: up to it everything is committed, since change numbers are given out under a lock that is held to
/// the commit. The floor is read last: rows may be purged while we read, and then it has risen.
async fn read(app: &App, viewer: UserId, after: Cursor, first: u64) -> Result<Page> {
    let newest = newest(app, viewer).await?;
    if let Some(reason) = after.strays_from(newest) {
        return Ok(Page::reset(reason, newest));
    }
    let page = between(app, viewer, after, newest, first).await?;
    if page.cursor != after && after.change < mailbox::floor(&app.database, viewer).await? {
        return Ok(Page::reset(Reset::TooOld, newest));
    }
    Ok(page)
}

/// The changes between two cursors, at most `first` of them.
async fn between(app: &App, viewer: UserId, after: Cursor, newest: Cursor, first: u64) -> Result<Page> {
    let (after, bound) = (after.change, newest.change);
    if after == bound {
        return Ok(Page { events: vec![], has_more: false, cursor: newest });
    }
    // One more than wanted tells whether there are more.
    let copies = message::changed(app, viewer, after, bound, first + 1).await?;
    let places = conversation::changed(app, viewer, after, bound, first + 1).await?;
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

impl Cursor {
    /// Why it is not a place on the way to the newest one of a mailbox; none when it is.
    fn strays_from(self, newest: Self) -> Option<Reset> {
        if self.mailbox != newest.mailbox {
            return Some(Reset::UnknownCursor);
        }
        if self.epoch != newest.epoch {
            return Some(Reset::ServerRestored);
        }
        (!(0..=newest.change).contains(&self.change)).then_some(Reset::UnknownCursor)
    }
}

impl Page {
    fn reset(reason: Reset, cursor: Cursor) -> Self {
        let event = Event { cursor: Some(cursor), told: Told::Reset(reason) };
        Self { events: vec![event], has_more: false, cursor }
    }
}

/// The viewer's feed, first what was missed since `after`, then what happens, for as long as it is polled. Without `after` it
/// begins at `now`, the cursor of the moment at which it was asked for. It listens before it first reads, so nothing falls between.
pub fn follow(
    app: App,
    viewer: UserId,
    after: Option<String>,
    now: Cursor,
) -> impl Stream<Item = Result<Event>> + Send {
    try_stream! {
        let mut listener = app.bus.listen(viewer).await?;
        let mut page = match after {
            Some(after) => changes(&app, viewer, &after, READ_AT_ONCE).await?,
            None => read(&app, viewer, now, READ_AT_ONCE).await?,
        };
        loop {
            for event in page.events {
                yield event;
            }
            // Unless there is more already, it waits to be woken. The bus may have lost a wake: now and then everybody looks unasked,
            // and not all at once.
            let mut pause = pin!(sleep(if page.has_more { Duration::ZERO } else { jittered(app.config.look_every()) }));
            while let Some(Heard::Fleeting(fleeting)) = heard_before(&mut listener, pause.as_mut()).await {
                yield Event { cursor: None, told: Told::Fleeting(fleeting) };
            }
            page = if page.has_more {
                read(&app, viewer, page.cursor, READ_AT_ONCE).await?
            } else {
                // Who has caught up is seconds behind, and what is purged is days old: there is no floor to look at.
                between(&app, viewer, page.cursor, newest(&app, viewer).await?, READ_AT_ONCE).await?
            };
        }
    }
}

/// What is heard before the pause is over, if anything.
async fn heard_before(listener: &mut Listener, pause: Pin<&mut Sleep>) -> Option<Heard> {
    tokio::select! {
        heard = listener.hear() => Some(heard),
        () = pause => None,
    }
}

/// Between half of it and one and a half.
fn jittered(every: Duration) -> Duration {
    // Without chance everybody would look at the same moment, which is no more than slow.
    let share = getrandom::u32().map_or(0.5, |chance| f64::from(chance) / f64::from(u32::MAX));
    every.mul_f64(0.5 + share)
}
