//! Clients that listen and then vanish: a lid that is shut, a train that enters a tunnel, a program that is killed. None of them
//! says goodbye. And clients that stay, and never read.

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{MaybeTlsStream, client_async};

use super::events::DOCUMENT;
use super::person::Person;
use super::socket::Socket;

/// How many vanish at a time.
const AT_ONCE: usize = 64;
/// A cursor that is nobody's: the first event is a reset, and tells that the stream is up.
const NOWHERE: &str = "nowhere";

/// How a client listens.
struct Client {
    document: &'static str,
    /// How much the system holds for it, if that is not for the system to say.
    buffer: Option<u32>,
}

const USUAL: Client = Client { document: DOCUMENT, buffer: None };

/// The server is soon left with what it does not read.
const DEAF: Client = Client {
    document: "subscription($after: String) { events(after: $after) { event { __typename ... on MessageChanged { \
               message { body b: body c: body d: body e: body f: body g: body h: body } } } } }",
    buffer: Some(4_096),
};

/// How far a client comes before it vanishes.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// It has connected, and said nothing.
    Silent,
    /// It was about to ask for something.
    HalfARequest,
    /// It has asked for server-sent events, and does not wait for the answer.
    EventStreamUnanswered,
    /// It listens to server-sent events.
    EventStream,
    /// It listens to server-sent events on an HTTP/2 connection, which others go on using.
    SharedEventStream,
    /// Its socket is open, and it has not said who it is.
    SocketOfNobody,
    /// It has subscribed on a socket, and does not wait for the first event.
    SocketUnanswered,
    /// It listens on a socket.
    Socket,
}

const WAYS: [Way; 8] = [
    Way::Silent,
    Way::HalfARequest,
    Way::EventStreamUnanswered,
    Way::EventStream,
    Way::SharedEventStream,
    Way::SocketOfNobody,
    Way::SocketUnanswered,
    Way::Socket,
];

/// How many vanish in a test; more where there is time, with `JBL_TEST_CLOSES`.
#[expect(clippy::disallowed_methods, reason = "the test run is set up by its environment")]
pub(crate) fn many() -> usize {
    std::env::var("JBL_TEST_CLOSES").map_or(500, |count| count.parse().expect("a number"))
}

/// Lets so many clients of a person vanish, in every way there is.
pub(crate) async fn vanish(person: &Person, count: usize) {
    let shared = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().expect("a client");
    let ways = WAYS.into_iter().cycle().take(count);
    stream::iter(ways).for_each_concurrent(AT_ONCE, |way| vanish_once(person, &shared, way)).await;
}

async fn vanish_once(person: &Person, shared: &reqwest::Client, way: Way) {
    match way {
        Way::Silent => drop(dial(person, &USUAL).await),
        Way::HalfARequest => {
            let mut line = dial(person, &USUAL).await;
            line.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-le").await.expect("the line holds");
        }
        Way::EventStreamUnanswered => drop(ask_for_events(person, &USUAL).await),
        Way::EventStream => drop(listen_to_events(person, &USUAL).await),
        Way::SharedEventStream => {
            let request = shared.post(format!("{}/graphql", person.api.url)).bearer_auth(&person.token);
            let request = request.header("accept", "text/event-stream").json(&wanted(&USUAL));
            let mut answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 200);
            assert!(answer.chunk().await.expect("the line holds").is_some(), "an event");
        }
        Way::SocketOfNobody => drop(open_socket(person, &USUAL).await),
        Way::SocketUnanswered => drop(subscribe(person, &USUAL).await),
        Way::Socket => drop(listen_on_socket(person, &USUAL).await),
    }
}

/// Somebody who asks for much by server-sent events, and reads no more than the first of them.
pub(crate) async fn deaf_stream(person: &Person) -> TcpStream {
    listen_to_events(person, &DEAF).await
}

/// Somebody who asks for much on a socket, and reads no more than the first event.
pub(crate) async fn deaf_socket(person: &Person) -> Socket {
    listen_on_socket(person, &DEAF).await
}

async fn listen_to_events(person: &Person, client: &Client) -> TcpStream {
    let mut line = ask_for_events(person, client).await;
    let mut head = [0; 12];
    line.read_exact(&mut head).await.expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 200");
    let (mut heard, mut some) = (Vec::new(), [0; 256]);
    while !heard.windows(11).any(|bytes| bytes == b"StreamReset") {
        let length = line.read(&mut some).await.expect("the line holds");
        assert!(length > 0, "the stream ended: {}", String::from_utf8_lossy(&heard));
        heard.extend_from_slice(&some[..length]);
    }
    line
}

async fn listen_on_socket(person: &Person, client: &Client) -> Socket {
    let mut socket = subscribe(person, client).await;
    assert_eq!(socket.told("1").await.kind(), "StreamReset");
    socket
}

/// What is asked for.
fn wanted(client: &Client) -> Value {
    json!({ "query": client.document, "variables": { "after": NOWHERE } })
}

async fn ask_for_events(person: &Person, client: &Client) -> TcpStream {
    let mut line = dial(person, client).await;
    let body = wanted(client).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        person.token,
        body.len()
    );
    line.write_all(head.as_bytes()).await.expect("the line holds");
    line
}

async fn open_socket(person: &Person, client: &Client) -> Socket {
    let line = MaybeTlsStream::Plain(dial(person, client).await);
    let (socket, _) = client_async(person.api.upgrade(), line).await.expect("a socket");
    Socket(socket)
}

async fn subscribe(person: &Person, client: &Client) -> Socket {
    let mut socket = open_socket(person, client).await;
    let bearer = format!("Bearer {}", person.token);
    socket.says(json!({ "type": "connection_init", "payload": { "authorization": bearer } })).await;
    assert_eq!(socket.hears().await["type"], "connection_ack");
    socket.subscribes("1", client.document, json!({ "after": NOWHERE })).await;
    socket
}

/// A line that is cut, not closed, when it is dropped. With a small `buffer` it holds little that nobody reads.
async fn dial(person: &Person, client: &Client) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    if let Some(bytes) = client.buffer {
        socket.set_recv_buffer_size(bytes).expect("a small buffer");
    }
    let line = socket.connect(address(person).parse().expect("host and port")).await.expect("the api is there");
    line.set_zero_linger().expect("an abrupt end");
    line
}

fn address(person: &Person) -> &str {
    person.api.url.strip_prefix("http://").expect("an address")
}
