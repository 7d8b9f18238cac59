//! `GET /graphql` with an upgrade: the graphql-transport-ws protocol. What a socket asks for goes the way of every other request;
//! here is only who may open one, what is said in which order, and how it ends.
//!
//! One task holds one socket. It takes a result only when the last one was sent, so a client that reads slowly makes its
//! operations wait and nothing pile up; `line` gives up one that does not read, or is not there, at all.

mod line;
mod message;
mod operations;

use std::sync::Arc;

use axum::extract::ws::WebSocket;
use axum::extract::{FromRequestParts as _, Request, WebSocketUpgrade};
use axum::http::header::{HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tokio::time::timeout;
use tracing::Instrument as _;

use self::line::{Hangup, Line, code};
use self::message::{Heard, Told};
use self::operations::{Operations, Step};
use super::answer::{Answer, Envelope, label, reply};
use super::negotiate::Media;
use super::rejection::Rejection;
use super::{Edge, RequestId};
use crate::error::Error;
use crate::session::live::{self, End, Stay};
use crate::session::token::Plain;
use crate::viewer;

/// The name of the protocol, as clients offer it.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a socket is asked for.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a socket.
pub(super) async fn open(edge: Edge, id: RequestId, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if is_foreign(&parts.headers) {
        let refused = Rejection::http(StatusCode::FORBIDDEN, "Pages of another origin open no sockets here.");
        return reply(Media::Json, &id, Rejection { code: "FORBIDDEN", ..refused }.into());
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &edge).await {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]),
        Err(problem) => return reply(Media::Json, &id, Rejection::http(problem.status(), problem.body_text()).into()),
    };
    let token = viewer::presented(&parts.headers);
    // By the protocol a client that does not offer it is told so on the socket: the status of an upgrade says it to no browser.
    let agreed = upgrade.selected_protocol().is_some();
    Line::limit(upgrade).on_upgrade(move |socket| serve(socket, edge, id, token, agreed).in_current_span())
}

/// A browser sends along on behalf of which page it asks. Programs that are no browsers need not.
fn is_foreign(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    !matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host))
}

async fn serve(socket: WebSocket, edge: Edge, id: RequestId, token: Option<Plain>, agreed: bool) {
    let mut line = Line::new(socket, edge.patience);
    let hangup = if agreed {
        talk(&mut line, edge, id, token).await
    } else {
        Hangup::Close(code::NO_PROTOCOL, "Subprotocol not acceptable".into())
    };
    line.close(hangup).await;
}

/// The whole conversation; answers how it ends. With it goes whatever was still running.
async fn talk(line: &mut Line, edge: Edge, id: RequestId, token: Option<Plain>) -> Hangup {
    let greeted = tokio::select! {
        greeted = greet(line, &edge, &id, token) => greeted,
        () = edge.app.live.stopping() => return hangup(End::Stopping),
    };
    match greeted {
        Ok((token, stay)) => {
            let operations = Operations::new(edge, Arc::new(token));
            Talk { line, operations, stay, id }.run().await
        }
        Err(hangup) => hangup,
    }
}

/// Until it is known who is there.
async fn greet(line: &mut Line, edge: &Edge, id: &RequestId, token: Option<Plain>) -> Result<(Plain, Stay), Hangup> {
    let Ok(init) = timeout(edge.patience.init, introduction(line)).await else {
        return Err(Hangup::Close(code::INIT_TIMEOUT, "Connection initialisation timeout".into()));
    };
    // One that was sent and is none is no reason to be somebody else.
    let token = init?.unwrap_or(token).ok_or(Hangup::Close(code::FORBIDDEN, "Forbidden".into()))?;
    let late = Hangup::Close(code::TRY_AGAIN, "Try again later".into());
    let begun = timeout(edge.patience.init, live::begin(&edge.app, &token)).await.map_err(|_| late)?;
    let (_, stay) = begun.map_err(|error| refusal(error, id))?;
    line.tell(&Told::ConnectionAck).await?;
    Ok((token, stay))
}

async fn introduction(line: &mut Line) -> Result<Option<Option<Plain>>, Hangup> {
    loop {
        match line.hear().await? {
            Heard::Init(token) => return Ok(token),
            Heard::Ping(payload) => line.tell(&Told::Pong { payload }).await?,
            Heard::Pong => {}
            Heard::Subscribe(..) | Heard::Complete(_) => {
                return Err(Hangup::Close(code::UNAUTHORIZED, "Unauthorized".into()));
            }
        }
    }
}

/// How a socket ends that nobody could be found for.
fn refusal(error: Error, id: &RequestId) -> Hangup {
    let (code, reason) = match error {
        Error::Unauthenticated => (code::FORBIDDEN, "Forbidden"),
        Error::Busy => (code::TOO_MANY, "Too many sockets"),
        Error::Unavailable(_) | Error::Contended(_) => (code::TRY_AGAIN, "Try again later"),
        _ => (code::INTERNAL, "Internal error"),
    };
    // What is a fault goes to the log.
    label(&mut Answer::from(error).response, id);
    Hangup::Close(code, reason.into())
}

fn hangup(end: End) -> Hangup {
    match end {
        End::SessionOver => Hangup::Close(code::UNAUTHORIZED, "The session has ended".into()),
        End::Unavailable => Hangup::Close(code::TRY_AGAIN, "Try again later".into()),
        End::Stopping => Hangup::Close(code::RESTART, "The server stops".into()),
    }
}

/// A conversation with somebody who is known.
struct Talk<'a> {
    line: &'a mut Line,
    operations: Operations,
    stay: Stay,
    id: RequestId,
}

impl Talk<'_> {
    async fn run(mut self) -> Hangup {
        loop {
            let done = tokio::select! {
                end = self.stay.ended() => return hangup(end),
                heard = self.line.hear() => match heard {
                    Ok(heard) => self.obey(heard).await,
                    Err(hangup) => return hangup,
                },
                (id, step) = self.operations.step() => self.report(&id, step).await,
            };
            if let Err(hangup) = done {
                return hangup;
            }
        }
    }

    async fn obey(&mut self, heard: Heard) -> Result<(), Hangup> {
        match heard {
            Heard::Init(_) => Err(Hangup::Close(code::TOO_MANY, "Too many initialisation requests".into())),
            Heard::Ping(payload) => self.tell(&Told::Pong { payload }).await,
            Heard::Pong => Ok(()),
            Heard::Complete(id) => {
                self.operations.cancel(&id);
                Ok(())
            }
            Heard::Subscribe(id, request) if !self.operations.has(&id) => match self.operations.begin(&id, *request) {
                Ok(()) => Ok(()),
                Err(refused) => self.report(&id, Step::Refused(refused.into())).await,
            },
            Heard::Subscribe(id, _) => {
                Err(Hangup::Close(code::DUPLICATE, format!("Subscriber for {id} already exists").into()))
            }
        }
    }

    /// Tells what has become of an operation.
    async fn report(&mut self, id: &str, step: Step) -> Result<(), Hangup> {
        match step {
            Step::Event(outcome) => {
                self.stay.granted().await.map_err(hangup)?;
                self.next(id, outcome).await
            }
            Step::Answer(outcome) => self.next(id, outcome).await,
            Step::Refused(mut outcome) => {
                label(&mut outcome, &self.id);
                self.tell(&Told::Error { id, payload: &outcome.errors }).await
            }
            Step::Complete => self.tell(&Told::Complete { id }).await,
        }
    }

    async fn next(&mut self, id: &str, mut outcome: async_graphql::Response) -> Result<(), Hangup> {
        label(&mut outcome, &self.id);
        self.tell(&Told::Next { id, payload: Envelope::of(&outcome) }).await
    }

    /// The end of a session waits for nobody who reads slowly.
    async fn tell(&mut self, told: &Told<'_>) -> Result<(), Hangup> {
        tokio::select! {
            sent = self.line.tell(told) => sent,
            end = self.stay.ended() => Err(hangup(end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    #[test]
    fn only_pages_of_the_same_host_open_sockets() {
        let foreign = |origin: Option<&str>, host: &str| {
            let pairs: [(HeaderName, Option<&str>); 2] = [(ORIGIN, origin), (HOST, Some(host))];
            let sent = pairs.into_iter().filter_map(|(name, value)| Some((name, value?.parse().unwrap())));
            is_foreign(&sent.collect())
        };
        assert!(!foreign(None, "chat.example"));
        assert!(!foreign(Some("https://chat.example"), "chat.example"));
        assert!(!foreign(Some("http://Chat.Example:8081"), "chat.example:8081"));
        for other in
            ["https://evil.example", "https://chat.example:8443", "https://chat.example.evil.example", "null", ""]
        {
            assert!(foreign(Some(other), "chat.example"), "{other}");
        }
    }
}
