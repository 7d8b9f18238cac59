//! The bus: it wakes whoever listens to a mailbox, and carries what is too fleeting to store. It never carries a change itself:
//! who was woken reads the mailbox. So a wake that is lost, late or doubled costs time, and nothing else.

pub mod local;

use std::fmt;

use async_trait::async_trait;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use crate::error::Result;
use crate::id::{ConversationId, UserId};
use crate::mailbox::Moved;

/// The way between whoever changes a mailbox and whoever listens to it.
#[async_trait]
pub trait Bus: fmt::Debug + Send + Sync {
    /// Wakes whoever listens to these mailboxes. To be called after the commit: who wakes earlier finds nothing new.
    async fn wake(&self, moved: Moved);

    /// Hands something fleeting to those of these people who listen now.
    async fn tell(&self, people: &[UserId], fleeting: Fleeting);

    /// Listens to a mailbox from now on.
    async fn listen(&self, user: UserId) -> Result<Listener>;
}

/// What is told to those who listen at the moment, and never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fleeting {
    /// Somebody has begun or stopped to write.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// Whether they write.
        typing: bool,
    },
}

/// What a listener hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The mailbox may have moved on.
    Wake,
    /// Something fleeting.
    Fleeting(Fleeting),
}

/// Somebody who listens to one mailbox; dropping it ends that.
pub struct Listener {
    wakes: watch::Receiver<i64>,
    fleeting: broadcast::Receiver<Fleeting>,
    /// Dropped last: what the bus does when nobody is left.
    _leave: Box<dyn Send + Sync>,
}

impl Listener {
    /// A listener on these channels; `leave` is dropped after them.
    pub fn new(
        wakes: watch::Receiver<i64>,
        fleeting: broadcast::Receiver<Fleeting>,
        leave: impl Send + Sync + 'static,
    ) -> Self {
        Self { wakes, fleeting, _leave: Box::new(leave) }
    }

    /// Waits for the next thing to hear. May be cancelled at any moment, and nothing is lost.
    pub async fn hear(&mut self) -> Heard {
        loop {
            tokio::select! {
                biased;
                Ok(()) = self.wakes.changed() => return Heard::Wake,
                told = self.fleeting.recv() => match told {
                    Ok(fleeting) => return Heard::Fleeting(fleeting),
                    // Whoever was too slow for something fleeting has missed nothing that lasts.
                    Err(RecvError::Lagged(_)) => {}
                    // The bus itself is gone: there is nothing more to hear.
                    Err(RecvError::Closed) => return std::future::pending().await,
                },
            }
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Listener").finish_non_exhaustive()
    }
}
