//! WebSockets with the `graphql-transport-ws` protocol: a connection for each stream.

use anyhow::{bail, ensure};
use futures_util::stream::try_unfold;
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message as Frame, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Messages, Outcome, operation};
use crate::person::Person;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the server says; what comes with it depends on the type.
#[derive(Debug, Deserialize)]
struct Said {
    r#type: String,
}

/// What comes with "next".
#[derive(Debug, Deserialize)]
struct Next {
    payload: Outcome,
}

/// Opens a person's socket and one subscription on it.
pub(crate) async fn open(api: &str, person: &Person, after: &str) -> anyhow::Result<Messages> {
    let (_, address) = api.split_once("://").unwrap_or(("", api));
    let mut request = format!("ws://{}/graphql", address.trim_end_matches('/')).into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (mut socket, _) = connect_async(request).await?;
    let bearer = format!("Bearer {}", person.token);
    say(&mut socket, &json!({ "type": "connection_init", "payload": { "authorization": bearer } })).await?;
    let first = hear(&mut socket).await?;
    ensure!(kind(&first)? == "connection_ack", "the socket began with {first}");
    say(&mut socket, &json!({ "type": "subscribe", "id": "1", "payload": operation(after) })).await?;
    Ok(try_unfold(socket, next).boxed())
}

/// Goes on to the next message.
async fn next(mut socket: Socket) -> anyhow::Result<Option<(super::Message, Socket)>> {
    loop {
        let said = hear(&mut socket).await?;
        match kind(&said)?.as_str() {
            "next" => {
                if let Some(message) = serde_json::from_str::<Next>(&said)?.payload.message()? {
                    return Ok(Some((message, socket)));
                }
            }
            "ping" => say(&mut socket, &json!({ "type": "pong" })).await?,
            "complete" => return Ok(None),
            "error" => bail!("the subscription was refused: {said}"),
            _ => {}
        }
    }
}

fn kind(said: &str) -> anyhow::Result<String> {
    Ok(serde_json::from_str::<Said>(said)?.r#type)
}

async fn say(socket: &mut Socket, what: &Value) -> anyhow::Result<()> {
    Ok(socket.send(Frame::text(what.to_string())).await?)
}

async fn hear(socket: &mut Socket) -> anyhow::Result<Utf8Bytes> {
    loop {
        match socket.next().await {
            Some(Ok(Frame::Text(text))) => return Ok(text),
            Some(Ok(Frame::Close(reason))) => bail!("the socket was closed: {reason:?}"),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.into()),
            None => bail!("the socket ended"),
        }
    }
}
