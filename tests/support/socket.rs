//! A client of graphql-transport-ws that does what it is told and nothing by itself: also what no good client would do.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use super::events::{DOCUMENT, Told};
use super::person::{Api, Person};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The name of the protocol.
pub(crate) const PROTOCOL: &str = "graphql-transport-ws";

/// An open socket.
pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

/// How a server ended a socket: the code and the words of its close frame.
pub(crate) type Closed = (u16, String);

impl Api {
    /// What opens a socket, to be changed before it is used.
    pub(crate) fn upgrade(&self) -> Request {
        let address = format!("{}/graphql", self.url.replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("an address");
        request.headers_mut().insert("sec-websocket-protocol", PROTOCOL.parse().expect("a name"));
        request
    }

    /// A line whose client has hardly any room for what it is sent.
    pub(crate) async fn narrow_line(&self) -> TcpStream {
        let narrow = TcpSocket::new_v4().expect("a socket");
        narrow.set_recv_buffer_size(4096).expect("a small buffer");
        let address = self.url.trim_start_matches("http://").parse().expect("an address");
        narrow.connect(address).await.expect("a line")
    }

    /// A socket over such a line.
    pub(crate) async fn opens_narrow_socket(&self) -> Socket {
        let line = MaybeTlsStream::Plain(self.narrow_line().await);
        Socket(client_async(self.upgrade(), line).await.expect("a socket").0)
    }

    /// A socket on which nothing was said yet.
    pub(crate) async fn opens_socket(&self) -> Socket {
        let (socket, answer) = self.tries_socket(self.upgrade()).await.expect("a socket");
        assert_eq!(answer.as_deref(), Some(PROTOCOL), "the protocol that was chosen");
        socket
    }

    /// A socket by a request of one's own, and the protocol that the server chose; or the status of the refusal.
    pub(crate) async fn tries_socket(&self, request: Request) -> Result<(Socket, Option<String>), u16> {
        match timeout(PATIENCE, connect_async(request)).await.expect("an answer in time") {
            Ok((socket, answer)) => {
                let chosen = answer.headers().get("sec-websocket-protocol");
                Ok((Socket(socket), chosen.map(|name| name.to_str().expect("a name").to_owned())))
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no socket: {error}"),
        }
    }
}

impl Person {
    /// A socket that knows who they are.
    pub(crate) async fn connects(&self) -> Socket {
        self.introduced(self.api.opens_socket().await).await
    }

    /// A socket that now knows who they are.
    pub(crate) async fn introduced(&self, mut socket: Socket) -> Socket {
        let payload = json!({ "authorization": format!("Bearer {}", self.token) });
        socket.says(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
        socket
    }
}

impl Socket {
    /// Sends a message of the protocol.
    pub(crate) async fn says(&mut self, message: Value) {
        self.sends(Message::text(message.to_string())).await;
    }

    /// Sends any frame.
    pub(crate) async fn sends(&mut self, frame: Message) {
        timeout(PATIENCE, self.0.send(frame)).await.expect("room to send").expect("an open socket");
    }

    /// Begins an operation.
    pub(crate) async fn subscribes(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.says(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// Listens to the feed, from a cursor or from now on.
    pub(crate) async fn listens(&mut self, id: &str, after: Option<&str>) {
        self.subscribes(id, DOCUMENT, json!({ "after": after })).await;
    }

    /// The next message of the protocol.
    pub(crate) async fn hears(&mut self) -> Value {
        loop {
            match self.frame().await {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).expect("JSON"),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("not a message: {other:?}"),
            }
        }
    }

    /// The next event of the feed, told to one operation.
    pub(crate) async fn told(&mut self, id: &str) -> Told {
        let message = self.hears().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        Told::of(&message["payload"])
    }

    /// How the server ends it; whatever comes before is passed over.
    pub(crate) async fn closed(&mut self) -> Closed {
        loop {
            match self.frame().await {
                Ok(Message::Close(Some(close))) => return (close.code.into(), close.reason.to_string()),
                Ok(Message::Close(None)) => return (1005, String::new()),
                Ok(_) => {}
                Err(problem) => return (1006, problem),
            }
        }
    }

    /// The next frame; what is lower than a message is the library's own.
    pub(crate) async fn frame(&mut self) -> Result<Message, String> {
        match timeout(PATIENCE, self.0.next()).await.expect("something in time") {
            Some(Ok(frame)) => Ok(frame),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("the line is gone".to_owned()),
        }
    }
}
