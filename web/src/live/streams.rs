//! The event streams that are open in this process, by session: so many and no more, and all of them end with it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

/// One for each tab of a browser that lets none of them lead; more are nobody's.
const MOST: usize = 50;

/// The open streams.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<HashMap<String, watch::Sender<()>>>);

/// A stream's place among those of its session, for as long as it is held.
#[derive(Debug)]
pub(crate) struct Ending(watch::Receiver<()>);

impl Streams {
    /// Counts one more stream of a session; none when there are too many.
    pub(crate) fn open(&self, session: &str) -> Option<Ending> {
        let mut open = self.lock();
        open.retain(|_, streams| streams.receiver_count() > 0);
        let streams = open.entry(session.to_owned()).or_default();
        (streams.receiver_count() < MOST).then(|| Ending(streams.subscribe()))
    }

    /// Ends all streams of a session.
    pub(crate) fn end(&self, session: &str) {
        self.lock().remove(session);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ending {
    /// Waits until the session has ended.
    pub(crate) async fn ended(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_streams_of_a_session_end_with_it_and_no_others() {
        let streams = Streams::default();
        let [mut first, mut second, mut other] = ["ada", "ada", "grace"].map(|session| streams.open(session).unwrap());
        streams.end("ada");
        first.ended().await;
        second.ended().await;
        assert!(futures_util::poll!(std::pin::pin!(other.ended())).is_pending());
    }

    #[test]
    fn a_session_has_so_many_streams_and_no_more() {
        let streams = Streams::default();
        let mut open: Vec<_> = (0..MOST).map(|_| streams.open("ada").unwrap()).collect();
        assert!(streams.open("ada").is_none());
        assert!(streams.open("grace").is_some());
        open.pop();
        assert!(streams.open("ada").is_some());
        drop(open);
        assert!(streams.open("alan").is_some());
        assert_eq!(streams.lock().len(), 1, "what has ended is remembered");
    }
}
