//! Live streams and the sessions they were opened with. A stream that goes on for days must not outlive its session: each one
//! holds a [`Stay`], asks it before anything is told, and hears from it when to end.
//!
//! What is believed of a session was found out at some generation of the [`Cache`]. When that moves on, because a session has
//! ended here or elsewhere, all are doubted at once, and nothing is told until one look into the database has settled it: so
//! nothing is told after the answer to a log-out. One task looks for all streams of the process (`cache::watch`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;
use tokio::time::timeout;

use super::cache::{Cache, TRUST_FOR};
use super::token::Plain;
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::viewer::Viewer;

/// How many live streams one session may have: far more than a person needs, too few to fill the memory.
const MOST: usize = 1000;
/// How many sessions are looked up in one statement.
const AT_ONCE: usize = 500;

/// Why a live stream ends without having been asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its session has ended.
    SessionOver,
    /// Nobody could say for a while whether its session is open.
    Unavailable,
    /// The process stops.
    Stopping,
}

/// The sessions that have live streams in this process.
#[derive(Debug)]
pub struct Live {
    sessions: Arc<Cache>,
    clock: Clock,
    /// Alive for as long as somebody stays; the dead are swept at each look.
    open: Mutex<HashMap<SessionId, Weak<Session>>>,
    stopping: watch::Sender<bool>,
}

#[derive(Debug)]
struct Session {
    id: SessionId,
    standing: watch::Sender<Standing>,
}

/// What is known of a session.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// It was open then.
    generation: u64,
    expires_at: Millis,
    end: Option<End>,
}

impl Standing {
    /// Whether it was open at this generation or later, and its time is not up.
    fn is_sure(self, generation: u64, now: Millis) -> bool {
        self.generation >= generation && now < self.expires_at
    }
}

/// A live stream's leave to go on, for as long as its session is open.
#[derive(Debug)]
pub struct Stay {
    /// Kept: with the last of them the session is not listed any more.
    _session: Arc<Session>,
    standing: watch::Receiver<Standing>,
    sessions: Arc<Cache>,
    clock: Clock,
}

/// Lets a stream begin for whoever holds the token.
pub async fn begin(app: &App, token: &Plain) -> Result<(Viewer, Stay)> {
    // The generation first: a session that ends while it is looked up is doubted from the start.
    let generation = app.sessions.generation();
    let viewer = super::find(app, token).await?.ok_or(Error::Unauthenticated)?;
    let stay = app.live.join(&viewer, generation)?;
    Ok((viewer, stay))
}

impl Live {
    /// With nobody there yet.
    #[must_use]
    pub fn new(sessions: Arc<Cache>, clock: Clock) -> Self {
        Self { sessions, clock, open: Mutex::default(), stopping: watch::Sender::default() }
    }

    fn join(&self, viewer: &Viewer, generation: u64) -> Result<Stay> {
        let mut open = self.open();
        let known = open.get(&viewer.session_id).and_then(Weak::upgrade);
        let session = known.filter(|session| session.standing.borrow().end.is_none()).unwrap_or_else(|| {
            let end = self.stopping.borrow().then_some(End::Stopping);
            let standing = Standing { generation, expires_at: viewer.expires_at, end };
            let new = Arc::new(Session { id: viewer.session_id, standing: watch::Sender::new(standing) });
            open.insert(viewer.session_id, Arc::downgrade(&new));
            new
        });
        drop(open);
        if Arc::strong_count(&session) > MOST {
            return Err(Error::Busy);
        }
        let standing = session.standing.subscribe();
        Ok(Stay { standing, sessions: Arc::clone(&self.sessions), clock: self.clock.clone(), _session: session })
    }

    /// Looks up the sessions that are doubted, and ends the streams of those that are over. When the database does not answer they
    /// stay in doubt.
    pub(super) async fn look(&self, app: &App) {
        let (generation, now) = (self.sessions.generation(), self.clock.now());
        let doubted: Vec<Arc<Session>> = self.all().into_iter().filter(|it| it.is_doubted(generation, now)).collect();
        for some in doubted.chunks(AT_ONCE) {
            match timeout(TRUST_FOR, super::ends(app, some.iter().map(|session| session.id))).await {
                Ok(Ok(ends)) => some.iter().for_each(|session| session.settle(ends.get(&session.id), generation, now)),
                Ok(Err(error)) => return tracing::warn!(%error, "The sessions of live streams cannot be looked up."),
                Err(_) => return tracing::warn!("The sessions of live streams were not looked up in time."),
            }
        }
    }

    /// Ends every stream.
    pub(super) fn end_all(&self, end: End) {
        self.all().iter().for_each(|session| session.end(end));
    }

    /// Ends every stream, and whatever begins from now on: the process stops.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.end_all(End::Stopping);
    }

    /// Resolves when the process stops: for those who have no session yet.
    pub async fn stopping(&self) {
        // The sender is ours: it cannot be gone.
        let _ = self.stopping.subscribe().wait_for(|&stopping| stopping).await;
    }

    fn all(&self) -> Vec<Arc<Session>> {
        let mut open = self.open();
        open.retain(|_, session| session.strong_count() > 0);
        open.values().filter_map(Weak::upgrade).collect()
    }

    fn open(&self) -> MutexGuard<'_, HashMap<SessionId, Weak<Session>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn is_doubted(&self, generation: u64, now: Millis) -> bool {
        let standing = *self.standing.borrow();
        standing.end.is_none() && !standing.is_sure(generation, now)
    }

    /// Takes in what the database said: when the session ends, or nothing when it is not there any more.
    fn settle(&self, expires_at: Option<&Millis>, generation: u64, now: Millis) {
        match expires_at {
            Some(&expires_at) if now < expires_at => self.standing.send_modify(|standing| {
                *standing = Standing { generation, expires_at, ..*standing };
            }),
            _ => self.end(End::SessionOver),
        }
    }

    /// The first reason stays.
    fn end(&self, end: End) {
        self.standing.send_modify(|standing| {
            standing.end.get_or_insert(end);
        });
    }
}

impl Stay {
    /// Whether something may be told now. While the session is in doubt it waits. May be cancelled at any moment.
    pub async fn granted(&mut self) -> Result<(), End> {
        // As of the call: where sessions end all the time, a number that moves on could be waited for in vain.
        let generation = self.sessions.generation();
        loop {
            let standing = *self.standing.borrow_and_update();
            if let Some(end) = standing.end {
                return Err(end);
            }
            if standing.is_sure(generation, self.clock.now()) {
                return Ok(());
            }
            // The session is ours and with it the sender.
            let _ = self.standing.changed().await;
        }
    }

    /// Resolves when the stream has to end. May be cancelled at any moment.
    pub async fn ended(&mut self) -> End {
        match self.standing.wait_for(|standing| standing.end.is_some()).await.map(|standing| standing.end) {
            Ok(Some(end)) => end,
            _ => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::id::Ids;

    /// A session that ends at 100, on a clock that stands at 0.
    fn joined() -> (Live, Viewer, Stay) {
        let clock = Clock::stopped_at(0);
        let ids = Ids::seeded(clock.clone(), 1);
        let live = Live::new(Arc::default(), clock);
        let viewer = Viewer { user_id: ids.next(), session_id: ids.next(), expires_at: 100, last_used_at: 0 };
        let stay = live.join(&viewer, 0).unwrap();
        (live, viewer, stay)
    }

    fn settle(live: &Live, expires_at: Option<Millis>) {
        for session in live.all() {
            session.settle(expires_at.as_ref(), live.sessions.generation(), live.clock.now());
        }
    }

    #[tokio::test]
    async fn nothing_is_told_while_the_session_is_in_doubt() {
        let (live, _, mut stay) = joined();
        assert_eq!(stay.granted().now_or_never(), Some(Ok(())));
        live.sessions.forget_all();
        assert_eq!(stay.granted().now_or_never(), None);
        settle(&live, Some(100));
        assert_eq!(stay.granted().now_or_never(), Some(Ok(())));
        live.sessions.forget_all();
        settle(&live, None);
        assert_eq!(stay.granted().now_or_never(), Some(Err(End::SessionOver)));
        assert_eq!(stay.ended().now_or_never(), Some(End::SessionOver));
    }

    #[tokio::test]
    async fn a_session_may_have_been_made_longer_when_its_time_is_up() {
        let (live, _, mut stay) = joined();
        live.clock.advance(std::time::Duration::from_millis(100));
        assert_eq!(stay.granted().now_or_never(), None);
        settle(&live, Some(200));
        assert_eq!(stay.granted().now_or_never(), Some(Ok(())));
        live.clock.advance(std::time::Duration::from_millis(100));
        settle(&live, Some(200));
        assert_eq!(stay.ended().now_or_never(), Some(End::SessionOver));
    }

    #[tokio::test]
    async fn who_comes_after_the_end_begins_anew_and_after_the_stop_not_at_all() {
        let (live, viewer, mut stay) = joined();
        live.end_all(End::Unavailable);
        assert_eq!(stay.ended().now_or_never(), Some(End::Unavailable));
        let mut second = live.join(&viewer, 0).unwrap();
        drop(stay);
        assert_eq!(second.granted().now_or_never(), Some(Ok(())));
        assert_eq!(live.all().len(), 1);
        live.stop();
        assert_eq!(second.ended().now_or_never(), Some(End::Stopping));
        assert_eq!(live.join(&viewer, 0).unwrap().ended().now_or_never(), Some(End::Stopping));
        assert_eq!(live.stopping().now_or_never(), Some(()));
    }

    #[tokio::test]
    async fn a_session_is_listed_while_somebody_stays_and_has_room_for_so_many() {
        let (live, viewer, stay) = joined();
        let mut more: Vec<Stay> = (1..MOST).map(|_| live.join(&viewer, 0).unwrap()).collect();
        assert!(matches!(live.join(&viewer, 0), Err(Error::Busy)));
        more.pop();
        assert!(live.join(&viewer, 0).is_ok());
        drop((stay, more));
        assert_eq!(live.all().len(), 0);
    }
}
