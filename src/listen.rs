//! The accept loop of every listener: HTTP/1.1 and HTTP/2 (by prior knowledge) on one port, and patience with bounds. A
//! client that is slow on purpose holds one of many connections for some seconds, and nothing else.
//!
//! What is served is a router's business, and which addresses are listened on is the commands'.

mod wire;

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::{BoxError, Router};
use futures_util::StreamExt as _;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};
use tower::ServiceExt as _;

use self::wire::Wire;

/// How many connections are open at once, those that became sockets included; further ones wait in the kernel's queue.
const MAX_CONNECTIONS: u32 = 10_000;
/// How many requests and streams one HTTP/2 connection of a browser carries at once.
pub const FEW_STREAMS: u32 = 200;
/// The same where one connection carries the streams of all browsers: from web to the api.
pub const MANY_STREAMS: u32 = 20_000;
/// How much of an answer waits in memory for an HTTP/2 client that does not take it.
const SEND_BUFFER: usize = 64 * 1024;
/// How long a client may take over the head of a request, its silence before it included.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a client may take over the body of a request, from the head on.
const BODY_TIME: Duration = Duration::from_secs(30);
/// The most that the head of a request is given to grow into.
const HEAD_SIZE: usize = 64 * 1024;
/// How often a quiet HTTP/2 connection is asked whether it is still there, and how long it may take to say so.
const PING_TIME: Duration = Duration::from_secs(20);
/// How long requests that are being answered may take to finish after the shutdown has begun.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait when no connection can be accepted: out of file descriptors, say.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves `router` on `listener` until `shutdown`, and then until what is being answered is answered. Streams of events have no
/// end of their own: theirs is the beginning of the shutdown. Handlers find the client's address as `ConnectInfo<SocketAddr>`.
/// One HTTP/2 connection carries at most so many `streams` at once.
pub async fn run(listener: TcpListener, router: Router, streams: u32, shutdown: impl Future<Output = ()>) {
    let builder = builder(streams);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let stopping = watch::Sender::new(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer, place) = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &places) => accepted,
        };
        let guest = Guest { peer, router: router.clone(), stopping: stopping.subscribe() };
        connections.spawn(serve(builder.clone(), Wire::new(stream, place), guest, graceful.watcher()));
    }
    drop(listener);
    stopping.send_replace(true);
    let all_left = async {
        graceful.shutdown().await;
        // A connection that became a socket is nobody's business here any more, but for its place.
        let _ = places.acquire_many(MAX_CONNECTIONS).await;
    };
    if timeout(GRACE, all_left).await.is_err() {
        let left = MAX_CONNECTIONS as usize - places.available_permits();
        tracing::warn!(connections = left, "Some requests did not finish in time and were cut off.");
    }
}

fn builder(streams: u32) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_SIZE);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING_TIME).keep_alive_timeout(PING_TIME);
    builder.http2().max_concurrent_streams(streams).max_send_buf_size(SEND_BUFFER);
    builder
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    let Ok(place) = Arc::clone(places).acquire_owned().await else { return std::future::pending().await };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            // This one is gone already; the next may be fine.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) => {}
            // Trying again at once would keep a core busy with nothing.
            Err(error) => {
                tracing::warn!(%error, "No connection can be accepted at the moment.");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Who has connected, and what is there for them.
#[derive(Clone)]
struct Guest {
    peer: SocketAddr,
    router: Router,
    stopping: watch::Receiver<bool>,
}

async fn serve(builder: Builder<TokioExecutor>, wire: Wire, guest: Guest, watcher: Watcher) {
    let asked = Arc::new(AtomicBool::new(false));
    let service = service_fn({
        let asked = Arc::clone(&asked);
        move |request: hyper::Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let guest = guest.clone();
            async move {
                let mut request: Request = request.map(|body| Body::new(Timed::new(body)));
                request.extensions_mut().insert(ConnectInfo(guest.peer));
                guest.router.oneshot(request).await.map(|response| until_stopping(response, guest.stopping))
            }
        }
    });
    let connection = watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(wire), service));
    // hyper's own limit begins with HTTP/1. A connection that has not yet shown its version is watched from here.
    let silence = async {
        sleep(HEAD_TIME).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = connection => {
            if let Err(error) = ended {
                tracing::debug!(error = &*error, "A connection broke.");
            }
        }
        () = silence => tracing::debug!("A connection asked for nothing."),
    }
}

/// Ends a stream of events with the beginning of the shutdown; any other answer comes to its own end.
fn until_stopping(response: Response, mut stopping: watch::Receiver<bool>) -> Response {
    let kind = response.headers().get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    let stop = async move { stopping.wait_for(|&stopping| stopping).await.is_ok() };
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(stop)))
}

/// A request's body that has to arrive in time.
struct Timed {
    body: Incoming,
    deadline: Pin<Box<Sleep>>,
}

impl Timed {
    fn new(body: Incoming) -> Self {
        Self { body, deadline: Box::pin(sleep(BODY_TIME)) }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => Poll::Ready(frame.map(|frame| frame.map_err(BoxError::from))),
            Poll::Pending => self.deadline.as_mut().poll(cx).map(|()| Some(Err("the body took too long".into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
