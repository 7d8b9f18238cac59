//! The body of a POST: read up to a limit, parsed as JSON, and held to the members that GraphQL over HTTP knows.

use async_graphql::{Request, Variables};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::negotiate;
use super::rejection::Rejection;

/// The largest body that is read.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// The request in a body.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Request, Rejection> {
    if !negotiate::sends_json(headers) {
        let problem = "Send the request as application/json in UTF-8, not compressed.";
        return Err(Rejection::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
    }
    parse(&collect(body).await?)
}

async fn collect(body: Body) -> Result<Bytes, Rejection> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Rejection::http(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 64 KiB."))
        }
        Err(_) => Err(bad("The body did not arrive in full.")),
    }
}

fn parse(bytes: &[u8]) -> Result<Request, Rejection> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => request(members),
        Ok(Value::Array(_)) => Err(bad("One request at a time: the body is an object, not a list.")),
        Ok(_) => Err(bad("The body is not a JSON object.")),
        Err(error) => Err(bad(format!("The body is not JSON: {error}."))),
    }
}

/// The request in these members, which are the same on every transport.
pub(super) fn request(mut members: Map<String, Value>) -> Result<Request, Rejection> {
    let Some(Value::String(query)) = members.remove("query") else {
        return Err(bad("`query` is missing, or not a string."));
    };
    let mut request = Request::new(query);
    match members.remove("operationName") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => request.operation_name = Some(name),
        Some(_) => return Err(bad("`operationName` is not a string.")),
    }
    if let Some(variables) = object(&mut members, "variables")? {
        request.variables = Variables::from_json(variables);
    }
    // Nothing here has a use for extensions, but the protocol says what they look like.
    object(&mut members, "extensions")?;
    Ok(request)
}

/// An object or null by this name; none when it is absent.
pub(super) fn object(members: &mut Map<String, Value>, name: &str) -> Result<Option<Value>, Rejection> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(object @ Value::Object(_)) => Ok(Some(object)),
        Some(_) => Err(bad(format!("`{name}` is not an object."))),
    }
}

fn bad(message: impl Into<std::borrow::Cow<'static, str>>) -> Rejection {
    Rejection::http(StatusCode::BAD_REQUEST, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_request_is_refused_with_its_reason() {
        let cases = [
            ("", "not JSON"),
            ("{", "not JSON"),
            ("[]", "One request"),
            ("7", "not a JSON object"),
            ("{}", "`query`"),
            (r#"{"query": 7}"#, "`query`"),
            (r#"{"query": "{a}", "operationName": []}"#, "`operationName`"),
            (r#"{"query": "{a}", "variables": "x"}"#, "`variables`"),
            (r#"{"query": "{a}", "extensions": [1]}"#, "`extensions`"),
        ];
        for (body, reason) in cases {
            let rejection = parse(body.as_bytes()).expect_err(body);
            assert_eq!(rejection.status, Some(StatusCode::BAD_REQUEST));
            assert!(rejection.message.contains(reason), "{body}: {}", rejection.message);
        }
        assert!(parse(&[b'"', 0xff, b'"']).is_err());
    }

    #[test]
    fn null_members_count_as_absent() {
        let body = r#"{"query": "{a}", "operationName": null, "variables": null, "extensions": null}"#;
        let request = parse(body.as_bytes()).unwrap();
        assert_eq!((request.query.as_str(), request.operation_name), ("{a}", None));
    }
}
