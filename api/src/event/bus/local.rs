//! The bus within one process: a line for each person who listens, and nothing at all for those who do not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use super::{Bus, Fleeting, Listener};
use crate::error::Result;
use crate::id::UserId;
use crate::mailbox::Moved;

/// How many fleeting things wait for a listener that is slow; older ones are forgotten.
const FLEETING: usize = 16;

/// The lines of this process.
#[derive(Debug, Clone, Default)]
pub struct Local(Arc<Mutex<Lines>>);

type Lines = HashMap<UserId, Line>;

/// One person's line, shared by all their listeners.
#[derive(Debug)]
struct Line {
    /// The newest change that somebody was woken for.
    wakes: watch::Sender<i64>,
    fleeting: broadcast::Sender<Fleeting>,
}

impl Local {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many people listen.
    #[must_use]
    pub fn listening(&self) -> usize {
        self.lines().len()
    }
}

#[async_trait]
impl Bus for Local {
    async fn wake(&self, Moved(moved): Moved) {
        let lines = self.lines();
        for (user, change) in moved {
            if let Some(line) = lines.get(&user) {
                line.wakes.send_modify(|newest| *newest = change.max(*newest));
            }
        }
    }

    async fn tell(&self, people: &[UserId], fleeting: Fleeting) {
        let lines = self.lines();
        for line in people.iter().filter_map(|user| lines.get(user)) {
            // Nobody may be left to hear it.
            let _ = line.fleeting.send(fleeting);
        }
    }

    async fn listen(&self, user: UserId) -> Result<Listener> {
        let mut lines = self.lines();
        let line = lines
            .entry(user)
            .or_insert_with(|| Line { wakes: watch::Sender::new(0), fleeting: broadcast::Sender::new(FLEETING) });
        let leave = Leave { user, bus: self.clone() };
        Ok(Listener::new(line.wakes.subscribe(), line.fleeting.subscribe(), leave))
    }
}

/// Takes a line away with its last listener.
struct Leave {
    user: UserId,
    bus: Local,
}

impl Drop for Leave {
    fn drop(&mut self) {
        let mut lines = self.bus.lines();
        if lines.get(&self.user).is_some_and(|line| line.wakes.receiver_count() == 0) {
            lines.remove(&self.user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Heard;
    use super::*;
    use crate::clock::Clock;
    use crate::id::{ConversationId, Ids};

    #[tokio::test]
    async fn who_listens_is_woken_and_nobody_else() {
        let ids = Ids::seeded(Clock::stopped_at(1), 1);
        let [ada, grace]: [UserId; 2] = [ids.next(), ids.next()];
        let bus = Local::default();
        let mut first = bus.listen(ada).await.unwrap();
        let mut second = bus.listen(ada).await.unwrap();
        bus.wake(Moved(vec![(ada, 1), (grace, 1)])).await;
        assert_eq!((first.hear().await, second.hear().await), (Heard::Wake, Heard::Wake));
        assert_eq!(bus.listening(), 1);
        drop(first);
        assert_eq!(bus.listening(), 1, "one of two still listens");
        drop(second);
        assert_eq!(bus.listening(), 0);
    }

    #[tokio::test]
    async fn something_fleeting_reaches_those_who_are_there() {
        let ids = Ids::seeded(Clock::stopped_at(1), 1);
        let [ada, grace]: [UserId; 2] = [ids.next(), ids.next()];
        let conversation: ConversationId = ids.next();
        let bus = Local::default();
        let mut listener = bus.listen(ada).await.unwrap();
        let typing = Fleeting::Typing { conversation, user: grace, typing: true };
        bus.tell(&[ada, grace], typing).await;
        assert_eq!(listener.hear().await, Heard::Fleeting(typing));
    }
}
