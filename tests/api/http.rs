//! GraphQL over HTTP, as far as the audits of `tests/npm` do not look: what is refused, and what is on every answer.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::chat::Chat;
use crate::support::person::Answer;

const NEWER: &str = "application/graphql-response+json";
const QUERY: &str = r#"{"query": "{ __typename }"}"#;

#[tokio::test]
async fn only_json_comes_in() {
    let chat = Chat::start().await;
    for kind in [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
        "nonsense",
        "",
    ] {
        let answer = chat.api.post(&[("content-type", kind)], QUERY).await;
        assert_eq!(
            (answer.status, answer.codes()),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, vec!["BAD_REQUEST".to_owned()]),
            "{kind:?}"
        );
    }
    assert_eq!(chat.api.post(&[], QUERY).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let packed = [("content-type", "application/json"), ("content-encoding", "gzip")];
    assert_eq!(chat.api.post(&packed, QUERY).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused() {
    let chat = Chat::start().await;
    let long = "[".repeat(60_000);
    for body in [
        "",
        "{",
        "null",
        "7",
        "\"x\"",
        "[]",
        r#"[{"query": "{ __typename }"}]"#,
        "{}",
        r#"{"query": 7}"#,
        "query { __typename }",
        &long,
    ] {
        for accept in [NEWER, "application/json"] {
            let answer =
                chat.api.post(&[("content-type", "application/json"), ("accept", accept)], body.to_owned()).await;
            assert_eq!(
                (answer.status, answer.codes()),
                (StatusCode::BAD_REQUEST, vec!["BAD_REQUEST".to_owned()]),
                "{body:.40}"
            );
            assert!(answer.json().get("data").is_none(), "{body:.40}");
        }
    }
    let not_utf8 = chat.api.post(&[("content-type", "application/json")], &b"{\"query\": \"\xff\"}"[..]).await;
    assert_eq!(not_utf8.codes(), ["BAD_REQUEST"]);
}

#[tokio::test]
async fn the_status_follows_the_media_type_that_is_asked_for() {
    let chat = Chat::start().await;
    let ask = async |accept: &str, body: &str| {
        chat.api.post(&[("content-type", "application/json"), ("accept", accept)], body.to_owned()).await
    };
    let kind = |answer: &Answer| answer.headers["content-type"].to_str().unwrap().to_owned();
    for (body, newer) in [
        (QUERY, 200),
        (r#"{"query": "{"}"#, 400),
        (r#"{"query": "{ nothing }"}"#, 400),
        (r#"{"query": "{ users { totalCount } }"}"#, 200),
    ] {
        let answer = ask(NEWER, body).await;
        assert_eq!((answer.status.as_u16(), kind(&answer)), (newer, format!("{NEWER}; charset=utf-8")), "{body}");
        let answer = ask("application/json", body).await;
        assert_eq!(
            (answer.status.as_u16(), kind(&answer)),
            (200, "application/json; charset=utf-8".to_owned()),
            "{body}"
        );
    }
    assert_eq!(ask("text/html", QUERY).await.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(ask("*/*", QUERY).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_but_post_is_answered() {
    let chat = Chat::start().await;
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let url = format!("{}/graphql?query=%7B__typename%7D", chat.api.url);
        let answer = chat.api.http.request(method.clone(), url).header("accept", "text/html").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers()["allow"], "POST", "{method}");
    }
    for path in ["/", "/graphiql", "/graphql/", "/graphql/assets/graphiql.js"] {
        let answer = chat.api.http.get(format!("{}{path}", chat.api.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_playground_is_served_whole_when_it_is_on() {
    let chat = Chat::start_with(|config| config.playground = true).await;
    let page =
        chat.api.http.get(format!("{}/graphql", chat.api.url)).header("accept", "text/html").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("http"), "{policy}");
    let html = scraper::Html::parse_document(&page.text().await.unwrap());
    let selector = scraper::Selector::parse("script, link[rel=stylesheet]").unwrap();
    let mut files = 0;
    for element in html.select(&selector) {
        let address = element.attr("src").or(element.attr("href")).expect("nothing is written into the page itself");
        assert!(address.starts_with('/') && !address.starts_with("//"), "{address} is of another host");
        let file = chat.api.http.get(format!("{}{address}", chat.api.url)).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::OK, "{address}");
        files += 1;
    }
    assert!(files >= 4, "only {files} files");
    let without = chat
        .api
        .http
        .get(format!("{}/graphql", chat.api.url))
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    assert_eq!(without.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn every_answer_has_a_name_and_is_kept_by_nobody() {
    let chat = Chat::start().await;
    let named = [("content-type", "application/json"), ("x-request-id", "from-web.42")];
    assert_eq!(chat.api.post(&named, QUERY).await.headers["x-request-id"], "from-web.42");
    for body in [QUERY, "{", r#"{"query": "{ users { totalCount } }"}"#] {
        for odd in ["", "a b", "<script>", &"x".repeat(65)] {
            let answer = chat.api.post(&[("content-type", "application/json"), ("x-request-id", odd)], body).await;
            let name = answer.headers["x-request-id"].to_str().unwrap();
            assert!(!name.is_empty() && name != odd, "{odd:?}");
        }
    }
    let lost = chat.api.http.get(format!("{}/nowhere", chat.api.url)).send().await.unwrap();
    let answers = [
        chat.api.post(&[("content-type", "application/json")], QUERY).await.headers,
        chat.api.post(&[], "x").await.headers,
        lost.headers().clone(),
    ];
    for headers in answers {
        assert!(headers.contains_key("x-request-id"));
        assert_eq!(
            (&headers["cache-control"], &headers["x-content-type-options"]),
            (&"no-store".parse().unwrap(), &"nosniff".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn an_operation_is_chosen_by_its_name() {
    let chat = Chat::start().await;
    let headers = [("content-type", "application/json")];
    let ask = async |name: serde_json::Value| {
        let body = json!({ "query": "query A { __typename } query B { b: __typename }", "operationName": name });
        chat.api.post(&headers, body.to_string()).await
    };
    assert_eq!(ask(json!("B")).await.data(), json!({ "b": "Query" }));
    for other in [json!("C"), json!(null), json!(""), json!(7)] {
        let answer = ask(other.clone()).await;
        assert!(
            !answer.codes().is_empty() && answer.json().get("data").is_none_or(serde_json::Value::is_null),
            "{other}"
        );
    }
}

/// A variable that cannot be what it is declared as means that nothing was run.
#[tokio::test]
async fn a_variable_that_does_not_fit_is_a_refused_request() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let bearer = format!("Bearer {}", alice.token);
    let headers = [("content-type", "application/json"), ("accept", NEWER), ("authorization", bearer.as_str())];
    for variables in [json!({}), json!({ "id": null }), json!({ "id": [1] }), json!({ "id": {} }), json!({ "id": 1.5 })]
    {
        let body = json!({ "query": "query($id: ID!) { node(id: $id) { id } }", "variables": variables });
        let answer = chat.api.post(&headers, body.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{variables}: {}", answer.text);
        assert!(answer.json().get("data").is_none(), "{variables}: {}", answer.text);
    }
}
