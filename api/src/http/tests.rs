//! How what happened becomes an answer; the whole edge is in [`edge`].

mod edge;

use std::sync::Arc;

use async_graphql::ServerError;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use serde_json::{Value as Json, json};

use super::*;

async fn said(media: Media, answer: Answer) -> (StatusCode, Json, HeaderMap) {
    let id = RequestId::named("req-1");
    let (parts, body) = reply(media, &id, answer).into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, serde_json::from_slice(&bytes).unwrap(), parts.headers)
}

/// An answer whose resolver of `field` failed.
fn failed(field: &str, error: Error) -> Answer {
    let mut refused = ServerError::new(error.to_string(), None);
    refused.path = vec![async_graphql::PathSegment::Field(field.to_owned())];
    refused.source = Some(Arc::new(error));
    Answer { status: None, response: async_graphql::Response::from_errors(vec![refused]) }
}

#[tokio::test]
async fn a_refused_document_is_400_only_in_the_newer_media_type() {
    for (media, expected) in [(Media::GraphqlResponse, StatusCode::BAD_REQUEST), (Media::Json, StatusCode::OK)] {
        let (status, body, headers) = said(media, Rejection::new("QUERY_TOO_DEEP", "Too deep.").into()).await;
        assert_eq!(status, expected);
        assert_eq!(body, json!({ "errors": [{ "message": "Too deep.", "extensions": { "code": "QUERY_TOO_DEEP" } }] }));
        assert_eq!(headers[CONTENT_TYPE], media.content_type());
    }
}

#[tokio::test]
async fn what_http_itself_refuses_has_its_status_in_both() {
    for media in [Media::GraphqlResponse, Media::Json] {
        let (status, body, _) = said(media, Rejection::http(StatusCode::PAYLOAD_TOO_LARGE, "Too large.").into()).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    }
}

#[tokio::test]
async fn a_resolvers_error_has_its_code_and_null_data() {
    let (status, body, _) = said(Media::GraphqlResponse, failed("users", Error::Unauthenticated)).await;
    assert_eq!(status, StatusCode::OK);
    let error = json!({ "message": "log in first", "path": ["users"], "extensions": { "code": "UNAUTHENTICATED" } });
    assert_eq!(body, json!({ "data": null, "errors": [error] }));
}

#[tokio::test]
async fn nothing_of_the_inside_leaves() {
    let (_, body, _) = said(Media::Json, failed("users", Error::internal("password=hunter2"))).await;
    assert!(!body.to_string().contains("hunter2"), "{body}");
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": "req-1" }));
}

#[tokio::test]
async fn who_is_asking_can_be_unknown_for_a_while() {
    let answer = Answer::from(Error::Unavailable("connection refused".into()));
    let (status, body, _) = said(Media::Json, answer).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(body.get("data"), None);
}

#[tokio::test]
async fn a_panic_stays_with_its_request() {
    let answer = guard::<()>(async { panic!("the text of a message") }).await.unwrap_err();
    let (status, body, _) = said(Media::Json, answer).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": "req-1" }));
    assert!(!body.to_string().contains("text"), "{body}");
}

#[tokio::test(start_paused = true)]
async fn a_request_has_ten_seconds() {
    let answer = guard::<()>(std::future::pending()).await.unwrap_err();
    let (status, body, _) = said(Media::GraphqlResponse, answer).await;
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT");
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let fresh = harden(Response::new(Body::empty())).await;
    assert_eq!(fresh.headers()[CACHE_CONTROL], "no-store");
    assert_eq!(fresh.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
    let kept = harden(([(CACHE_CONTROL, "immutable")], "").into_response()).await;
    assert_eq!(kept.headers()[CACHE_CONTROL], "immutable");
}
