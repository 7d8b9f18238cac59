//! The messages of graphql-transport-ws: what a client may say, read strictly, and what it is told. Nothing here knows a socket.

use async_graphql::{Request, ServerError};
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::answer::Envelope;
use super::super::body;
use crate::session::token::Plain;
use crate::viewer;

/// What a client says.
#[derive(Debug)]
pub(super) enum Heard {
    /// It opens the conversation, and may say who it is: with a token, or with what is none.
    Init(Option<Option<Plain>>),
    /// It wants to know whether we are there.
    Ping(Option<Value>),
    /// It is there.
    Pong,
    /// It begins an operation.
    Subscribe(String, Box<Request>),
    /// It has heard enough of one.
    Complete(String),
}

/// What a client is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Told<'a> {
    /// It may begin operations.
    ConnectionAck,
    /// We are there; the payload comes back as it was sent.
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    /// A result of an operation.
    Next { id: &'a str, payload: Envelope<'a> },
    /// An operation did not begin: its last message.
    Error { id: &'a str, payload: &'a [ServerError] },
    /// An operation has come to its end.
    Complete { id: &'a str },
}

/// Reads a message; the error says what is wrong with it.
pub(super) fn read(text: &str) -> Result<Heard, String> {
    let Ok(Value::Object(mut members)) = serde_json::from_str(text) else {
        return Err("A message is a JSON object.".to_owned());
    };
    let Some(Value::String(kind)) = members.remove("type") else {
        return Err("`type` is missing, or not a string.".to_owned());
    };
    match kind.as_str() {
        "connection_init" => Ok(Heard::Init(token(payload(&mut members)?.as_ref()))),
        "ping" => Ok(Heard::Ping(payload(&mut members)?)),
        "pong" => payload(&mut members).map(|_| Heard::Pong),
        "subscribe" => {
            let id = id(&mut members)?;
            let Some(Value::Object(request)) = members.remove("payload") else {
                return Err("`payload` is missing, or not an object.".to_owned());
            };
            let request = body::request(request).map_err(|rejection| rejection.message.into_owned())?;
            Ok(Heard::Subscribe(id, Box::new(request)))
        }
        "complete" => Ok(Heard::Complete(id(&mut members)?)),
        _ => Err("The type of the message is not one that clients send.".to_owned()),
    }
}

fn payload(members: &mut Map<String, Value>) -> Result<Option<Value>, String> {
    body::object(members, "payload").map_err(|rejection| rejection.message.into_owned())
}

fn id(members: &mut Map<String, Value>) -> Result<String, String> {
    match members.remove("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        _ => Err("`id` is missing, or not a string with something in it.".to_owned()),
    }
}

/// The token under `authorization`, in whatever case its name is written: people type it as they write the header.
fn token(payload: Option<&Value>) -> Option<Option<Plain>> {
    let members = payload?.as_object()?;
    let (_, authorization) = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    Some(authorization.as_str().and_then(viewer::bearer))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_message_of_a_client_is_read() {
        let token = "A".repeat(43);
        for name in ["authorization", "Authorization", "AUTHORIZATION"] {
            let init = json!({ "type": "connection_init", "payload": { name: format!("Bearer {token}") } });
            assert!(matches!(read(&init.to_string()), Ok(Heard::Init(Some(Some(_))))), "{name}");
        }
        for empty in [json!({}), json!({ "payload": null }), json!({ "payload": { "a": 7 } })] {
            let mut init = empty;
            init["type"] = json!("connection_init");
            assert!(matches!(read(&init.to_string()), Ok(Heard::Init(None))), "{init}");
        }
        assert!(matches!(read(r#"{"type":"ping"}"#), Ok(Heard::Ping(None))));
        assert!(matches!(read(r#"{"type":"ping","payload":{"a":1}}"#), Ok(Heard::Ping(Some(_)))));
        assert!(matches!(read(r#"{"type":"pong","payload":{}}"#), Ok(Heard::Pong)));
        assert!(matches!(read(r#"{"type":"complete","id":"1"}"#), Ok(Heard::Complete(id)) if id == "1"));
        let subscribe =
            json!({ "type": "subscribe", "id": "1", "payload": { "query": "{a}", "variables": { "b": 1 } } });
        match read(&subscribe.to_string()) {
            Ok(Heard::Subscribe(id, request)) => {
                assert_eq!((id.as_str(), request.query.as_str(), request.variables.len()), ("1", "{a}", 1));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_not_a_message_is_refused_with_its_reason() {
        let cases = [
            ("", "JSON object"),
            ("[]", "JSON object"),
            ("{}", "`type`"),
            (r#"{"type":7}"#, "`type`"),
            (r#"{"type":"next","id":"1","payload":{}}"#, "clients send"),
            (r#"{"type":"start"}"#, "clients send"),
            (r#"{"type":"ping","payload":"x"}"#, "`payload`"),
            (r#"{"type":"connection_init","payload":[]}"#, "`payload`"),
            (r#"{"type":"complete"}"#, "`id`"),
            (r#"{"type":"complete","id":""}"#, "`id`"),
            (r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#, "`id`"),
            (r#"{"type":"subscribe","id":"1"}"#, "`payload`"),
            (r#"{"type":"subscribe","id":"1","payload":"{a}"}"#, "`payload`"),
            (r#"{"type":"subscribe","id":"1","payload":{}}"#, "`query`"),
            (r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#, "`variables`"),
        ];
        for (text, reason) in cases {
            let problem = read(text).expect_err(text);
            assert!(problem.contains(reason) && problem.len() <= 123, "{text}: {problem}");
        }
    }

    #[test]
    fn what_is_told_has_the_members_of_the_protocol() {
        let told = |told: Told<'_>| serde_json::to_value(&told).unwrap();
        assert_eq!(told(Told::ConnectionAck), json!({ "type": "connection_ack" }));
        assert_eq!(told(Told::Pong { payload: None }), json!({ "type": "pong" }));
        assert_eq!(told(Told::Complete { id: "1" }), json!({ "type": "complete", "id": "1" }));
        let refused = [ServerError::new("No.", None)];
        let error = told(Told::Error { id: "1", payload: &refused });
        assert_eq!(error, json!({ "type": "error", "id": "1", "payload": [{ "message": "No." }] }));
    }
}
