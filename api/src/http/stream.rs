//! `POST /graphql` with `Accept: text/event-stream`: the distinct connections mode of the graphql-sse protocol. Each result is an
//! event `next`, and `complete` is the last one. What is refused before it runs is no stream but an ordinary answer.
//!
//! The results are drawn by a task of the stream's own, one at a time and only when the last one is on its way: a client that
//! reads slowly finds later what has changed, and one that has stopped reading is given up. Nothing piles up for either.

use std::convert::Infallible;
use std::time::Duration;

use async_graphql::{Request, Response as Outcome};
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tracing::Instrument as _;

use super::answer::{Answer, Envelope, label, ran, reply};
use super::negotiate::Media;
use super::{Edge, RequestId, body, execute, guard, prepare};
use crate::error::Error;
use crate::session::live::{self, End, Stay};
use crate::session::token::Plain;
use crate::viewer;

/// How often a stream that has nothing to tell shows that it is there: more often than any proxy loses patience.
const BEAT_EVERY: Duration = Duration::from_secs(10);
/// A comment: clients pass over it.
const BEAT: Bytes = Bytes::from_static(b":\n\n");
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata:\n\n");

/// The answer to a request for a stream.
pub(super) async fn answer(edge: Edge, id: RequestId, headers: HeaderMap, body: Body) -> Response {
    let opened = guard(async {
        let request = body::read(&headers, body).await?;
        open(&edge, request, viewer::presented(&headers)).await
    });
    match opened.await {
        Ok((outcomes, stay)) => {
            let (room, told) = mpsc::channel(1);
            let teller = Teller { outcomes, stay, room: Room { room, patience: edge.patience.send }, id };
            tokio::spawn(teller.run().in_current_span());
            let told = stream::unfold(told, async |mut told| Some((Ok::<_, Infallible>(told.recv().await?), told)));
            let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
            ([(CONTENT_TYPE, "text/event-stream"), unbuffered], Body::from_stream(told)).into_response()
        }
        Err(refused) => reply(Media::GraphqlResponse, &id, refused),
    }
}

type Outcomes = BoxStream<'static, Outcome>;

/// Begins what was asked for; a subscription is held to its session. What fails at once was never a stream.
async fn open(edge: &Edge, request: Request, token: Option<Plain>) -> Result<(Outcomes, Option<Stay>), Answer> {
    let ready = prepare(edge, request, token.as_ref()).await?;
    let listens = ready.listens;
    let stay = match token {
        Some(token) if listens => Some(live::begin(&edge.app, &token).await?.1),
        _ => None,
    };
    let mut outcomes = execute(edge, ready);
    // A subscription may have nothing to tell for hours; that it is invalid it says at once.
    let first = if listens { outcomes.next().now_or_never().flatten() } else { outcomes.next().await };
    match first {
        Some(outcome) if !ran(&outcome) => Err(outcome.into()),
        first => Ok((stream::iter(first).chain(outcomes).boxed(), stay)),
    }
}

/// Tells one client the results of one operation.
struct Teller {
    outcomes: Outcomes,
    stay: Option<Stay>,
    room: Room,
    id: RequestId,
}

impl Teller {
    async fn run(mut self) {
        if let Some(end) = self.tell().await {
            self.part(end).await;
        }
    }

    /// Tells result after result; answers why it has to stop, where the client does not know that yet.
    async fn tell(&mut self) -> Option<End> {
        let mut beat = interval(BEAT_EVERY);
        loop {
            let outcome = tokio::select! {
                outcome = self.outcomes.next() => outcome,
                end = ended(&mut self.stay) => return Some(end),
                () = self.room.closed() => return None,
                _ = beat.tick() => {
                    self.room.place().await?.send(BEAT);
                    continue;
                }
            };
            // First the place, then the leave: while one waits for the place the session may end.
            let place = tokio::select! {
                place = self.room.place() => place?,
                end = ended(&mut self.stay) => return Some(end),
            };
            if let Some(stay) = &mut self.stay
                && let Err(end) = stay.granted().await
            {
                return Some(end);
            }
            match outcome {
                // An event that could not be told is the last word: whoever came back with the cursor of a later one would never
                // learn of it.
                Some(outcome) if self.stay.is_some() && !outcome.errors.is_empty() => {
                    place.send(next(outcome, &self.id));
                    self.room.place().await?.send(COMPLETE);
                    return None;
                }
                Some(outcome) => place.send(next(outcome, &self.id)),
                None => {
                    place.send(COMPLETE);
                    return None;
                }
            }
        }
    }

    /// The last words to a client whose stream ends without its doing. A process that stops says nothing: the client comes again.
    async fn part(self, end: End) {
        let error = match end {
            End::SessionOver => Error::Unauthenticated,
            End::Unavailable => Error::Unavailable("sessions cannot be looked up".into()),
            End::Stopping => return,
        };
        drop(self.outcomes);
        for last in [next(Answer::from(error).response, &self.id), COMPLETE] {
            let Some(place) = self.room.place().await else { return };
            place.send(last);
        }
    }
}

async fn ended(stay: &mut Option<Stay>) -> End {
    match stay {
        Some(stay) => stay.ended().await,
        None => std::future::pending().await,
    }
}

/// The room for what is on its way to a client: one event.
struct Room {
    room: mpsc::Sender<Bytes>,
    patience: Duration,
}

impl Room {
    /// Waits for a place as long as a client is given; none when it has stopped reading, or is gone.
    async fn place(&self) -> Option<mpsc::Permit<'_, Bytes>> {
        timeout(self.patience, self.room.reserve()).await.ok()?.ok()
    }

    async fn closed(&self) {
        self.room.closed().await;
    }
}

fn next(mut outcome: Outcome, id: &RequestId) -> Bytes {
    label(&mut outcome, id);
    // JSON in one line: it has no line ends but escaped ones.
    let json = serde_json::to_string(&Envelope::of(&outcome)).unwrap_or_else(|error| {
        tracing::error!(%error, "A result cannot be written as JSON.");
        r#"{"errors":[{"message":"something went wrong on the server","extensions":{"code":"INTERNAL"}}]}"#.to_owned()
    });
    format!("event: next\ndata: {json}\n\n").into()
}
