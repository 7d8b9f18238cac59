//! The accept loop of every listener: HTTP/1.1 and HTTP/2 (by prior knowledge) on one port, and patience with bounds. A
//! client that is slow on purpose holds one of many connections for some seconds, and nothing else.
//!
//! What is served is a router's business, and which addresses are listened on is the commands'.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::{BoxError, Router};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};
use tower::ServiceExt as _;

/// How many connections are open at once; further ones wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 10_000;
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

/// Serves `router` on `listener` until `shutdown`, and then until what is being answered is answered.
/// Handlers find the client's address as `ConnectInfo<SocketAddr>`.
pub async fn run(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let builder = builder();
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener), if connections.len() < MAX_CONNECTIONS => accepted,
        };
        connections.spawn(serve(builder.clone(), stream, peer, router.clone(), graceful.watcher()));
    }
    drop(listener);
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "Some requests did not finish in time and were cut off.");
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_SIZE);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING_TIME).keep_alive_timeout(PING_TIME);
    builder
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
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

async fn serve(builder: Builder<TokioExecutor>, stream: TcpStream, peer: SocketAddr, router: Router, watcher: Watcher) {
    // Answers are written whole: waiting for more to send would only add its delay.
    let _ = stream.set_nodelay(true);
    let asked = Arc::new(AtomicBool::new(false));
    let service = service_fn({
        let asked = Arc::clone(&asked);
        move |request: hyper::Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let mut request: Request = request.map(|body| Body::new(Timed::new(body)));
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        }
    });
    let connection = watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
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
mod tests {
    use axum::http::StatusCode;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::{Notify, oneshot};

    use super::*;

    /// A client of a listener of its own. Time stands still but for waiting, so that patience costs none.
    struct Client {
        stream: TcpStream,
        stop: oneshot::Sender<()>,
        ended: tokio::task::JoinHandle<()>,
    }

    impl Client {
        async fn of(router: Router) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = oneshot::channel();
            let ended = tokio::spawn(run(listener, router, async { drop(stopped.await) }));
            Self { stream: TcpStream::connect(address).await.unwrap(), stop, ended }
        }

        async fn sends(&mut self, bytes: impl AsRef<[u8]>) {
            self.stream.write_all(bytes.as_ref()).await.unwrap();
        }

        /// Everything until the server closes.
        async fn hears(&mut self) -> String {
            let mut heard = Vec::new();
            self.stream.read_to_end(&mut heard).await.unwrap();
            String::from_utf8_lossy(&heard).into_owned()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_knows_who_is_calling() {
        let whoami = get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
        let mut client = Client::of(Router::new().route("/", whoami)).await;
        client.sends("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let heard = client.hears().await;
        assert!(heard.ends_with(&client.stream.local_addr().unwrap().to_string()), "{heard}");
    }

    #[tokio::test(start_paused = true)]
    async fn http2_is_spoken_by_prior_knowledge() {
        let mut client = Client::of(Router::new()).await;
        client.sends(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
        let mut frame = [0; 9];
        client.stream.read_exact(&mut frame).await.unwrap();
        assert_eq!(frame[3], 4, "the server's settings come first");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_never_ends_is_cut_off() {
        for beginning in ["", "P", "PRI * HTTP/2", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: "] {
            let mut client = Client::of(Router::new()).await;
            client.sends(beginning).await;
            assert_eq!(client.hears().await, "", "{beginning:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_an_error_to_its_reader() {
        let read = post(|body: Result<Bytes, axum::extract::rejection::BytesRejection>| async move {
            if body.is_err() { StatusCode::REQUEST_TIMEOUT } else { StatusCode::OK }
        });
        let mut client = Client::of(Router::new().route("/", read)).await;
        client.sends("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nslow").await;
        assert!(client.hears().await.starts_with("HTTP/1.1 408"));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_being_answered_at_the_shutdown_is_answered() {
        let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (begins, finishes) = (Arc::clone(&begun), Arc::clone(&finish));
        let slow = get(move || async move {
            begins.notify_one();
            finishes.notified().await;
            "done"
        });
        let mut client = Client::of(Router::new().route("/", slow)).await;
        client.sends("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        begun.notified().await;
        let Client { mut stream, stop, ended } = client;
        stop.send(()).unwrap();
        tokio::task::yield_now().await;
        finish.notify_one();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        assert!(heard.ends_with("done"), "{heard}");
        ended.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_shutdown_does_not_wait_for_ever() {
        let stuck = get(std::future::pending::<()>);
        let mut client = Client::of(Router::new().route("/", stuck)).await;
        client.sends("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        client.stop.send(()).unwrap();
        client.ended.await.unwrap();
    }
}
