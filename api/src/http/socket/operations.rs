//! The operations of one socket: all of them run side by side, and one that waits, fails or panics leaves the others alone.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Request, Response};
use async_stream::stream;
use futures_util::StreamExt as _;
use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable};

use super::super::answer::{Answer, ran};
use super::super::rejection::Rejection;
use super::super::{Edge, execute, guard, prepare};
use crate::session::live;
use crate::session::token::Plain;

/// How many operations of one socket may run at once.
const MOST: usize = 20;

/// What has become of an operation.
pub(super) enum Step {
    /// A subscription has something to tell.
    Event(Response),
    /// A query or mutation has its answer.
    Answer(Response),
    /// It was refused before it began: its end.
    Refused(Response),
    /// It has come to its end.
    Complete,
}

/// What runs on one socket.
pub(super) struct Operations {
    edge: Edge,
    token: Arc<Plain>,
    running: SelectAll<BoxStream<'static, (Arc<str>, Step)>>,
    cancels: HashMap<Arc<str>, AbortHandle>,
}

impl Operations {
    /// None yet, for whoever holds the token.
    pub(super) fn new(edge: Edge, token: Arc<Plain>) -> Self {
        Self { edge, token, running: SelectAll::new(), cancels: HashMap::new() }
    }

    /// Whether an operation of this id runs.
    pub(super) fn has(&self, id: &str) -> bool {
        self.cancels.contains_key(id)
    }

    /// Begins an operation, if there is room for it.
    pub(super) fn begin(&mut self, id: &str, request: Request) -> Result<(), Rejection> {
        if self.cancels.len() >= MOST {
            return Err(Rejection::new("RATE_LIMITED", "A socket runs at most 20 operations at once."));
        }
        let id: Arc<str> = id.into();
        let named = Arc::clone(&id);
        let steps = run(self.edge.clone(), Arc::clone(&self.token), request);
        let (steps, cancel) = abortable(steps.map(move |step| (Arc::clone(&named), step)));
        self.running.push(steps.boxed());
        self.cancels.insert(id, cancel);
        Ok(())
    }

    /// Ends an operation at the client's wish, without a word. One that has ended by itself is forgotten already.
    pub(super) fn cancel(&mut self, id: &str) {
        if let Some(cancel) = self.cancels.remove(id) {
            cancel.abort();
        }
    }

    /// The next thing that becomes of any of them. May be cancelled at any moment.
    pub(super) async fn step(&mut self) -> (Arc<str>, Step) {
        let Some((id, step)) = self.running.next().await else { return std::future::pending().await };
        if matches!(step, Step::Refused(_) | Step::Complete) {
            self.cancels.remove(&id);
        }
        (id, step)
    }
}

/// One operation from its document to its end.
fn run(edge: Edge, token: Arc<Plain>, request: Request) -> impl futures_util::Stream<Item = Step> + Send {
    stream! {
        let ready = match guard(prepare(&edge, request, Some(&token))).await {
            Ok(ready) => ready,
            Err(refused) => {
                yield Step::Refused(refused.response);
                return;
            }
        };
        let listens = ready.listens;
        // Each counts among the live streams of its session; the socket itself asks for leave before it tells anything.
        let _stay = match listens.then_some(live::begin(&edge.app, &token)) {
            None => None,
            Some(begun) => match begun.await {
                Ok((_, stay)) => Some(stay),
                Err(error) => {
                    yield Step::Refused(Answer::from(error).response);
                    return;
                }
            },
        };
        let mut outcomes = execute(&edge, ready);
        while let Some(outcome) = outcomes.next().await {
            // An event that could not be told is the last word of its subscription: whoever came back with the cursor of a later
            // one would never learn of it.
            if !ran(&outcome) || (listens && !outcome.errors.is_empty()) {
                yield Step::Refused(outcome);
                return;
            }
            yield if listens { Step::Event(outcome) } else { Step::Answer(outcome) };
        }
        yield Step::Complete;
    }
}
