//! "Grace is typing": told to those who take part and listen at the moment, and stored nowhere.

pub mod graphql;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{participants, places};
use crate::app::App;
use crate::error::{Refusal, Result};
use crate::event::bus::Fleeting;
use crate::id::{ConversationId, UserId};
use crate::viewer::Viewer;

/// "Started" is passed on at most this often; in between it is taken and dropped.
const EVERY: Duration = Duration::from_secs(2);
/// How many people's last "started" are remembered; past it the old ones are dropped.
const MOST: usize = 10_000;

/// What the others were last told of people who write.
#[derive(Debug, Default)]
pub struct Typing(Mutex<HashMap<(UserId, ConversationId), Last>>);

#[derive(Debug)]
struct Last {
    /// When they were last told that somebody writes.
    started: Instant,
    /// Whether they have not been told since that it ended.
    typing: bool,
}

impl Typing {
    /// Whether this is news to the others.
    fn is_news(&self, user: UserId, conversation: ConversationId, typing: bool) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !typing {
            let last = told.get_mut(&(user, conversation));
            return last.is_some_and(|last| std::mem::replace(&mut last.typing, false));
        }
        if told.len() >= MOST {
            told.retain(|_, last| last.started.elapsed() < EVERY);
        }
        // However often somebody stops in between: what each "started" costs is paid by all who listen.
        if told.get(&(user, conversation)).is_some_and(|last| last.started.elapsed() < EVERY) {
            return false;
        }
        told.insert((user, conversation), Last { started: Instant::now(), typing: true });
        true
    }
}

/// Tells the others that the viewer has begun or stopped to write.
pub async fn set(app: &App, viewer: &Viewer, conversation: ConversationId, typing: bool) -> Result<()> {
    let place = places(app, viewer.user_id, &[conversation]).await?.pop();
    if !place.is_some_and(|place| place.takes_part()) {
        return Err(Refusal::not_found("conversationId").into());
    }
    if !app.typing.is_news(viewer.user_id, conversation, typing) {
        return Ok(());
    }
    let people = participants(app, &[conversation]).await?;
    let others = people.iter().filter(|person| person.is_known() && person.user_id != viewer.user_id);
    let others: Vec<UserId> = others.map(|person| person.user_id).collect();
    app.bus.tell(&others, Fleeting::Typing { conversation, user: viewer.user_id, typing }).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::id::Ids;

    #[tokio::test(start_paused = true)]
    async fn who_goes_on_writing_is_told_of_now_and_then() {
        let ids = Ids::seeded(Clock::stopped_at(1), 1);
        let (ada, here): (UserId, ConversationId) = (ids.next(), ids.next());
        let typing = Typing::default();
        assert!(!typing.is_news(ada, here, false), "nobody knew that she wrote");
        assert!(typing.is_news(ada, here, true));
        assert!(!typing.is_news(ada, here, true));
        tokio::time::advance(EVERY).await;
        assert!(typing.is_news(ada, here, true));
        assert!(typing.is_news(ada, here, false));
        assert!(!typing.is_news(ada, here, false), "they know");
        assert!(!typing.is_news(ada, here, true), "she began again at once");
        tokio::time::advance(EVERY).await;
        assert!(typing.is_news(ada, here, true));
    }
}
