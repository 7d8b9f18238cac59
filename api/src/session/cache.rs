//! Sessions that were looked up a moment ago, so that a request costs no query to know who asks.
//!
//! A remembered session must not outlive its end. Whoever ends one raises `instance.session_epoch`; every process that
//! remembers any reads that number every 400 ms and forgets them all when it moved, or when it could not be read for two
//! seconds. The process that ended it forgets at once. Whatever is forgotten is also doubted: see [`live`](super::live).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::live::End;
use super::token::Hashed;
use crate::app::App;
use crate::clock::Millis;
use crate::instance;
use crate::viewer::Viewer;

/// How often the epoch is read.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How long sessions are believed in while the epoch cannot be read.
pub(super) const TRUST_FOR: Duration = Duration::from_secs(2);
/// The most sessions remembered; past it all are forgotten and looked up again, which costs a query each.
const MOST: usize = 20_000;

/// The remembered sessions of this process.
#[derive(Debug, Default)]
pub struct Cache {
    state: Mutex<State>,
    /// Raised at each forgetting, under the lock: what was looked up before one may not be believed after it.
    generation: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    sessions: HashMap<Hashed, Viewer>,
    epoch: Option<i64>,
}

impl Cache {
    /// Who holds this token, if it is remembered; else the generation to hand to [`remember`](Self::remember).
    pub fn find(&self, token: &Hashed, now: Millis) -> Result<Viewer, u64> {
        let state = self.state();
        let fresh = state.sessions.get(token).filter(|viewer| viewer.is_fresh(now));
        fresh.cloned().ok_or_else(|| self.generation())
    }

    /// Remembers a session that was looked up since `generation`.
    pub fn remember(&self, token: Hashed, viewer: Viewer, generation: u64) {
        let mut state = self.state();
        // Without a known epoch nobody would notice that the session ended.
        if self.generation() != generation || state.epoch.is_none() {
            return;
        }
        if state.sessions.len() >= MOST {
            state.sessions.clear();
        }
        state.sessions.insert(token, viewer);
    }

    /// Forgets every session: each is looked up again when it is next used.
    pub fn forget_all(&self) {
        self.forget(&mut self.state());
    }

    /// How often sessions were forgotten: what was found out at the current number may still be believed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        *self.generation.borrow()
    }

    fn see_epoch(&self, epoch: Option<i64>) {
        let mut state = self.state();
        if state.epoch != epoch {
            state.epoch = epoch;
            self.forget(&mut state);
        }
    }

    fn forget(&self, state: &mut State) {
        state.sessions.clear();
        self.generation.send_modify(|generation| *generation += 1);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Watches the epoch for as long as the process lives, and looks after the sessions that have live streams.
pub async fn watch(app: App) {
    let app = App { database: app.database.for_watching(), ..app };
    let mut last_seen = Instant::now();
    let mut forgotten = app.sessions.generation.subscribe();
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // The process that ended a session does not wait for the number.
            _ = forgotten.changed() => {}
            _ = ticks.tick() => last_seen = read_epoch(&app, last_seen).await,
        }
        app.live.look(&app).await;
    }
}

/// Reads the epoch; answers when it was last known.
async fn read_epoch(app: &App, last_seen: Instant) -> Instant {
    let asked = Instant::now();
    // An answer that comes too late says nothing about now.
    if let Ok(Ok(epoch)) = timeout(TRUST_FOR, instance::session_epoch(&app.database)).await {
        app.sessions.see_epoch(Some(epoch));
        return asked;
    }
    if last_seen.elapsed() >= TRUST_FOR {
        app.sessions.see_epoch(None);
        app.live.end_all(End::Unavailable);
    }
    last_seen
}
