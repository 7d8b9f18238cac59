//! One socket as a line to a client: whole messages in both directions, with a bound to everything that a client can do to it.

use std::borrow::Cow;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::time::{Duration, Instant, Interval, MissedTickBehavior, interval_at, sleep, timeout};

use super::super::Patience;
use super::super::body::MAX_BODY;
use super::message::{self, Heard, Told};

/// The largest message, which is what fits into a body over HTTP.
const MAX_MESSAGE: usize = MAX_BODY;
/// The largest frame that is read at all. What lies between this and [`MAX_MESSAGE`] can be read past, so that the client gets to
/// know why its socket was closed.
const MAX_FRAME: usize = 4 * MAX_MESSAGE;
/// How many frames of all kinds a client may send in one [`WINDOW`].
const MAX_FRAMES: u32 = 2000;
const WINDOW: Duration = Duration::from_secs(10);
/// The memory that a socket has for reading while nothing is sent.
const READ_BUFFER: usize = 4 * 1024;
/// How long a client may take to answer a close.
const LINGER: Duration = Duration::from_secs(2);
/// The longest reason that fits into a close frame.
const MAX_REASON: usize = 123;

/// The codes that close a socket: those of the protocol, and of WebSockets themselves.
pub(super) mod code {
    pub(crate) const INTERNAL: u16 = 1011;
    pub(crate) const RESTART: u16 = 1012;
    pub(crate) const TRY_AGAIN: u16 = 1013;
    pub(crate) const BAD_REQUEST: u16 = 4400;
    pub(crate) const UNAUTHORIZED: u16 = 4401;
    pub(crate) const FORBIDDEN: u16 = 4403;
    pub(crate) const NO_PROTOCOL: u16 = 4406;
    pub(crate) const INIT_TIMEOUT: u16 = 4408;
    pub(crate) const DUPLICATE: u16 = 4409;
    pub(crate) const TOO_MANY: u16 = 4429;
}

/// How a conversation ends.
#[derive(Debug)]
pub(super) enum Hangup {
    /// Nobody is there any more.
    Gone,
    /// The client is told why.
    Close(u16, Cow<'static, str>),
    /// The client is told why, and what it still sends cannot be read.
    Break(u16, Cow<'static, str>),
}

/// A socket.
pub(super) struct Line {
    socket: WebSocket,
    patience: Patience,
    /// When there was the last sign of the client.
    heard: Instant,
    ping: Interval,
    /// The frames since the beginning of the window.
    frames: u32,
    window: Instant,
}

impl Line {
    /// Bounds a socket that is about to open.
    pub(super) fn limit(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
        upgrade.read_buffer_size(READ_BUFFER).max_frame_size(MAX_FRAME).max_message_size(MAX_MESSAGE)
    }

    pub(super) fn new(socket: WebSocket, patience: Patience) -> Self {
        let now = Instant::now();
        let mut ping = interval_at(now + patience.ping, patience.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { socket, patience, heard: now, ping, frames: 0, window: now }
    }

    /// The next message. May be cancelled at any moment, and nothing is lost.
    pub(super) async fn hear(&mut self) -> Result<Heard, Hangup> {
        loop {
            let frame = tokio::select! {
                frame = self.socket.recv() => frame.ok_or(Hangup::Gone)?,
                _ = self.ping.tick() => {
                    self.ask().await?;
                    continue;
                }
            };
            // One that is too large for this, or breaks the rules of WebSockets; if the line is down, closing it does no harm.
            let frame =
                frame.map_err(|_| Hangup::Break(code::BAD_REQUEST, "The frame is too large, or not one.".into()))?;
            self.count()?;
            match frame {
                Message::Text(text) => {
                    return message::read(&text).map_err(|problem| Hangup::Close(code::BAD_REQUEST, problem.into()));
                }
                Message::Binary(_) => {
                    return Err(Hangup::Close(code::BAD_REQUEST, "Messages are text, not binary.".into()));
                }
                // The library answers these by itself; a close is followed by the end.
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {}
            }
        }
    }

    /// Asks a quiet client whether it is still there, unless it has failed to say so before.
    async fn ask(&mut self) -> Result<(), Hangup> {
        if self.heard.elapsed() >= 2 * self.patience.ping {
            return Err(Hangup::Gone);
        }
        self.send(Message::Ping(Default::default())).await
    }

    fn count(&mut self) -> Result<(), Hangup> {
        self.heard = Instant::now();
        if self.heard - self.window >= WINDOW {
            (self.window, self.frames) = (self.heard, 0);
        }
        self.frames += 1;
        if self.frames > MAX_FRAMES {
            return Err(Hangup::Close(code::TOO_MANY, "Too many messages".into()));
        }
        Ok(())
    }

    /// Sends a message, and waits until it is on its way.
    pub(super) async fn tell(&mut self, told: &Told<'_>) -> Result<(), Hangup> {
        match serde_json::to_string(told) {
            Ok(text) => self.send(Message::text(text)).await,
            Err(error) => {
                tracing::error!(%error, "A message cannot be written as JSON.");
                Err(Hangup::Close(code::INTERNAL, "Internal error".into()))
            }
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), Hangup> {
        match timeout(self.patience.send, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|_| Hangup::Gone),
            Err(_) => Err(Hangup::Close(code::TRY_AGAIN, "You have stopped reading: try again".into())),
        }
    }

    /// Closes the socket. What the client has already sent is read past: bytes that nobody reads would make the system cut the line
    /// before the client has seen why.
    pub(super) async fn close(mut self, hangup: Hangup) {
        let (code, reason, legible) = match hangup {
            Hangup::Gone => return,
            Hangup::Close(code, reason) => (code, reason, true),
            Hangup::Break(code, reason) => (code, reason, false),
        };
        let frame = CloseFrame { code, reason: cut(&reason).into() };
        let farewell = async {
            match self.socket.send(Message::Close(Some(frame))).await {
                Ok(()) if legible => while let Some(Ok(_)) = self.socket.recv().await {},
                Ok(()) => sleep(LINGER).await,
                Err(_) => {}
            }
        };
        let _ = timeout(LINGER, farewell).await;
    }
}

/// As much of a reason as a close frame holds.
fn cut(reason: &str) -> &str {
    &reason[..reason.floor_char_boundary(MAX_REASON)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"é".repeat(100)), "é".repeat(61));
    }
}
