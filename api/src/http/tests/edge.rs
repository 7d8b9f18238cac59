//! The edge as a whole, over an empty database: requests go in at the router and answers come out.

use axum::body::Body;
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::request::Builder;
use axum::http::{Method, Request, Response, StatusCode};
use clap::Parser as _;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, DataFolder};
use crate::http::{playground, router};

const NEWER: &str = "application/graphql-response+json";

/// The api, and the folder that it lives in.
struct Edge {
    router: axum::Router,
    _folder: tempfile::TempDir,
}

#[derive(clap::Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

impl Edge {
    async fn new() -> Self {
        Self::of(&[]).await
    }

    async fn with_playground() -> Self {
        Self::of(&["--playground"]).await
    }

    async fn of(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}/chat.db", folder.path().display());
        let named = ["api", "--database-url", &database];
        let settings = Settings::parse_from(named.iter().chain(flags));
        let data = DataFolder { path: folder.path().to_owned() };
        let app = App::open(settings.config, &data, Clock::machine()).await.unwrap();
        Self { router: router(app), _folder: folder }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        assert!(answer.headers().contains_key("x-request-id"), "every answer has its name");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        answer
    }

    /// Sends a document in the newer media type.
    async fn ask(&self, query: &str) -> (StatusCode, Json) {
        let answer = self.send(post().header(ACCEPT, NEWER).body(body(query)).unwrap()).await;
        let status = answer.status();
        (status, serde_json::from_slice(&bytes(answer).await).unwrap())
    }
}

fn post() -> Builder {
    Request::post("/graphql").header(CONTENT_TYPE, "application/json")
}

fn body(query: &str) -> Body {
    json!({ "query": query }).to_string().into()
}

fn html(address: &str) -> Request<Body> {
    Request::get(address).header(ACCEPT, "text/html,*/*;q=0.8").body(Body::empty()).unwrap()
}

async fn bytes(answer: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

fn code(answer: &Json) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn each_refusal_of_http_has_its_status() {
    let edge = Edge::new().await;
    let fine = || body("{ __typename }");
    let cases = [
        (post().body(fine()), StatusCode::OK),
        (post().header(ACCEPT, "text/csv").body(fine()), StatusCode::NOT_ACCEPTABLE),
        (Request::post("/graphql").body(fine()), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().header("content-encoding", "gzip").body(fine()), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().body(" ".repeat(64 * 1024 + 1).into()), StatusCode::PAYLOAD_TOO_LARGE),
        (post().body("{".into()), StatusCode::BAD_REQUEST),
        (post().body("[]".into()), StatusCode::BAD_REQUEST),
        (Request::get("/elsewhere").body(Body::empty()), StatusCode::NOT_FOUND),
    ];
    for (request, expected) in cases {
        let request = request.unwrap();
        let told = format!("{} {} {:?}", request.method(), request.uri(), request.headers());
        assert_eq!(edge.send(request).await.status(), expected, "{told}");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS] {
        let request = Request::builder().method(method.clone()).uri("/graphql?query={__typename}");
        let answer = edge.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers()[ALLOW], "POST");
    }
}

#[tokio::test]
async fn each_refusal_of_a_document_has_its_code() {
    let edge = Edge::new().await;
    let doubling = "{ ...f0 }".to_owned()
        + &(0..30).map(|n| format!(" fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1)).collect::<String>();
    let cases = [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothingOfTheKind }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        (&doubling, "QUERY_TOO_COMPLEX"),
        (
            "{ users(first: 100) { nodes { directConversation { messages(last: 100) { nodes { id } } } } } }",
            "QUERY_TOO_COMPLEX",
        ),
        ("{a{a{a{a{a{a{a{a{a{a{a}}}}}}}}}}}", "QUERY_TOO_DEEP"),
    ];
    for (document, expected) in cases {
        let (status, answer) = edge.ask(document).await;
        assert_eq!((status, code(&answer)), (StatusCode::BAD_REQUEST, expected), "{document}: {answer}");
        assert_eq!(answer.get("data"), None, "nothing was run");
    }
}

#[tokio::test]
async fn nobody_is_told_the_schema_before_they_log_in() {
    for document in ["{ __schema { types { name } } }", "query A { instance { name } __type(name: \"User\") { name } }"]
    {
        let edge = Edge::new().await;
        let answer = edge.send(post().header(ACCEPT, NEWER).body(body(document)).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers()[WWW_AUTHENTICATE], "Bearer");
        let answer = serde_json::from_slice(&bytes(answer).await).unwrap();
        assert_eq!(code(&answer), "UNAUTHENTICATED");

        let (status, answer) = Edge::with_playground().await.ask(document).await;
        assert_eq!((status, answer.get("errors")), (StatusCode::OK, None));
    }
}

#[tokio::test]
async fn the_playground_is_there_when_it_is_on_and_asked_for() {
    let off = Edge::new().await;
    assert_eq!(off.send(html("/graphql")).await.status(), StatusCode::METHOD_NOT_ALLOWED);

    let on = Edge::with_playground().await;
    let plain = Request::get("/graphql").body(Body::empty()).unwrap();
    assert_eq!(on.send(plain).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let page = on.send(html("/graphql")).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    assert!(page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
}

#[tokio::test]
async fn all_that_the_playground_loads_comes_from_here() {
    let edge = Edge::with_playground().await;
    let page = String::from_utf8(bytes(edge.send(html("/graphql")).await).await).unwrap();
    assert!(!page.contains("//"), "no other host is named");
    let addresses: Vec<&str> = page.split('"').filter(|text| text.starts_with("/graphql/assets/")).collect();
    assert_eq!(addresses.len(), playground::FILES.len());
    for address in addresses {
        let file = edge.send(html(address)).await;
        assert_eq!(file.status(), StatusCode::OK, "{address}");
        assert!(file.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    }
    assert_eq!(edge.send(html("/graphql/assets/0/react.js")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_worked_operations_are_operations_of_this_schema() {
    let edge = Edge::with_playground().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/operations");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (status, answer) = edge.ask(&std::fs::read_to_string(&path).unwrap()).await;
        // A subscription is refused as a whole, since nobody is logged in.
        assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&status), "{}: {answer}", path.display());
        assert!(["", "UNAUTHENTICATED"].contains(&code(&answer)), "{}: {answer}", path.display());
        count += 1;
    }
    assert_eq!(count, 6);
}
