//! Patience with slow clients, and how a listener stops. Time stands still here but for waiting.

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
        let ended = tokio::spawn(run(listener, router, FEW_STREAMS, async { drop(stopped.await) }));
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

#[tokio::test(start_paused = true)]
async fn a_stream_of_events_ends_with_the_shutdown() {
    let endless = get(|| async {
        let events = futures_util::stream::once(async { Ok::<_, std::convert::Infallible>("data: here\n\n") });
        let body = Body::from_stream(events.chain(futures_util::stream::pending()));
        ([(CONTENT_TYPE, "text/event-stream")], body)
    });
    let mut client = Client::of(Router::new().route("/", endless)).await;
    client.sends("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let mut heard = String::new();
    while !heard.contains("data: here") {
        heard.push(char::from(client.stream.read_u8().await.unwrap()));
    }
    let began = tokio::time::Instant::now();
    client.stop.send(()).unwrap();
    client.stream.read_to_string(&mut heard).await.unwrap();
    client.ended.await.unwrap();
    assert!(heard.ends_with("0\r\n\r\n"), "{heard}");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

/// What goes on after an upgrade is counted and waited for as well.
#[tokio::test(start_paused = true)]
async fn the_shutdown_waits_for_what_became_a_socket() {
    let (leave, left) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let (leaves, has_left) = (Arc::clone(&leave), Arc::clone(&left));
    let upgrade = get(move |mut request: Request| async move {
        let upgrading = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let socket = upgrading.await.unwrap();
            leaves.notified().await;
            has_left.store(true, Ordering::Relaxed);
            drop(socket);
        });
        (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "x")])
    });
    let mut client = Client::of(Router::new().route("/", upgrade)).await;
    client.sends("GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n").await;
    let mut answer = [0; 12];
    client.stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 101");
    client.stop.send(()).unwrap();
    tokio::task::yield_now().await;
    leave.notify_one();
    client.ended.await.unwrap();
    assert!(left.load(Ordering::Relaxed), "the socket was not waited for");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_is_cut_off() {
    let endless = get(|| async {
        let bytes = futures_util::stream::repeat(Bytes::from_static(&[0; 64 * 1024]));
        Body::from_stream(bytes.map(Ok::<_, std::convert::Infallible>))
    });
    let mut client = Client::of(Router::new().route("/", endless)).await;
    client.sends("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let began = tokio::time::Instant::now();
    sleep(Duration::from_secs(60)).await;
    // What the system had taken comes still, and then the end.
    let mut heard = Vec::new();
    let _ = client.stream.read_to_end(&mut heard).await;
    assert!(!heard.is_empty() && began.elapsed() < Duration::from_secs(120), "{:?}", began.elapsed());
}
