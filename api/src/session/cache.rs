//! Sessions that were looked up a moment ago, so that a request costs no query to know who asks.
//!
//! A remembered session must not outlive its end. Whoever ends one raises `instance.session_epoch`; every process that
//! remembers any reads that number every 400 ms and forgets them all when it moved, or when it could not be read for two
//! seconds. The process that ended it forgets at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::token::Hashed;
use crate::app::App;
use crate::clock::Millis;
use crate::instance;
use crate::viewer::Viewer;

/// How often the epoch is read while sessions are remembered.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How long sessions are remembered while the epoch cannot be read.
const TRUST_FOR: Duration = Duration::from_secs(2);
/// The most sessions remembered; past it all are forgotten and looked up again, which costs a query each.
const MOST: usize = 20_000;

/// The remembered sessions of this process.
#[derive(Debug, Default)]
pub struct Cache(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    sessions: HashMap<Hashed, Viewer>,
    /// Raised at each forgetting: what was looked up before one may not be remembered after it.
    generation: u64,
    epoch: Option<i64>,
}

impl Cache {
    /// Who holds this token, if it is remembered; else the generation to hand to [`remember`](Self::remember).
    pub fn find(&self, token: &Hashed, now: Millis) -> Result<Viewer, u64> {
        let state = self.state();
        let fresh = state.sessions.get(token).filter(|viewer| viewer.is_fresh(now));
        fresh.cloned().ok_or(state.generation)
    }

    /// Remembers a session that was looked up since `generation`.
    pub fn remember(&self, token: Hashed, viewer: Viewer, generation: u64) {
        let mut state = self.state();
        // Without a known epoch nobody would notice that the session ended.
        if state.generation != generation || state.epoch.is_none() {
            return;
        }
        if state.sessions.len() >= MOST {
            state.sessions.clear();
        }
        state.sessions.insert(token, viewer);
    }

    /// Forgets every session: each is looked up again when it is next used.
    pub fn forget_all(&self) {
        let mut state = self.state();
        state.sessions.clear();
        state.generation += 1;
    }

    fn see_epoch(&self, epoch: Option<i64>) {
        let mut state = self.state();
        if state.epoch != epoch {
            state.epoch = epoch;
            state.sessions.clear();
            state.generation += 1;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Watches the epoch for as long as the process lives.
pub async fn watch(app: App) {
    let mut last_seen = Instant::now();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        let asked = Instant::now();
        // An answer that comes too late says nothing about now.
        match tokio::time::timeout(TRUST_FOR, instance::session_epoch(&app.database)).await {
            Ok(Ok(epoch)) => {
                last_seen = asked;
                app.sessions.see_epoch(Some(epoch));
            }
            _ if last_seen.elapsed() >= TRUST_FOR => app.sessions.see_epoch(None),
            _ => {}
        }
    }
}
