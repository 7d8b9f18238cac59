//! How much one request may ask for, and that a hostile one costs nobody else anything.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::person::Answer;

/// A field that holds itself, so many levels deep, counting the whole path.
fn deep(levels: usize) -> String {
    let around = (levels - 3) / 2;
    let open = "lastMessage { conversation { ".repeat(around);
    let leaf = if (levels - 3) % 2 == 1 { "lastMessage { body }" } else { "id" };
    format!("{{ conversations(first: 1) {{ nodes {{ {open} {leaf} {} }} }} }}", "} } ".repeat(around))
}

/// Fragments that each spread the next one twice: 2^`levels` selections in a few hundred bytes.
fn doubling(levels: usize) -> String {
    let mut document = "{ viewer { user { ...F0 } } }".to_owned();
    for level in 0..levels {
        document += &format!(" fragment F{level} on User {{ ...F{0} ...F{0} }}", level + 1);
    }
    format!("{document} fragment F{levels} on User {{ username }}")
}

#[tokio::test]
async fn fields_nest_ten_deep_and_no_deeper() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    for levels in 8..=10 {
        assert_eq!(alice.try_graphql(&deep(levels), json!({})).await.codes(), [""; 0], "{}", deep(levels));
    }
    for levels in [11, 12, 30, 500] {
        assert_eq!(alice.try_graphql(&deep(levels), json!({})).await.codes(), ["QUERY_TOO_DEEP"]);
    }
    let brackets = format!("{{ users(search: {}1{}) {{ totalCount }} }}", "[".repeat(7_000), "]".repeat(7_000));
    assert_eq!(alice.try_graphql(&brackets, json!({})).await.codes(), ["QUERY_TOO_DEEP"]);
}

#[tokio::test]
async fn aliases_and_directives_are_counted() {
    let chat = Chat::start().await;
    let aliases = |count: usize| {
        let fields: String = (0..count).map(|number| format!("a{number}: __typename ")).collect();
        format!("{{ {fields} }}")
    };
    let directives =
        |count: usize| format!("{{ __typename {} }}", "@include(if: true) @skip(if: false) ".repeat(count / 2));
    let codes = async |document: String| chat.api.ask(None, &document, json!({})).await.codes();
    assert_eq!(codes(aliases(20)).await, [""; 0]);
    assert_eq!(codes(aliases(21)).await, ["QUERY_TOO_COMPLEX"]);
    assert_eq!(codes(directives(22)).await, ["QUERY_TOO_COMPLEX"]);
    let spread = "{ ...F ...F ...F } fragment F on Query { a: __typename b: __typename c: __typename d: __typename \
                  e: __typename f: __typename g: __typename }";
    assert_eq!(
        codes(spread.to_owned()).await,
        ["QUERY_TOO_COMPLEX"],
        "aliases within fragments count as often as they are spread"
    );
}

#[tokio::test]
async fn one_document_changes_one_thing() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let say = |alias: &str| {
        let id = &bob.id;
        format!(
            "{alias}: sendMessage(input: {{ to: {{ userId: \"{id}\" }}, body: \"{alias}\", idempotencyKey: \"{alias}\" }}) {{ replayed }}"
        )
    };
    let (one, two) = (say("a"), say("b"));
    for document in [
        format!("mutation {{ {one} {two} }}"),
        format!("mutation {{ {one} ...F }} fragment F on Mutation {{ {two} }}"),
        format!("mutation {{ {one} ... on Mutation {{ {two} }} }}"),
    ] {
        let answer = alice.try_graphql(&document, json!({})).await;
        assert_eq!(answer.codes().len(), 1, "{}", answer.text);
        assert!(["BAD_REQUEST", "QUERY_TOO_COMPLEX"].contains(&answer.codes()[0].as_str()), "{}", answer.text);
    }
    assert_eq!(bob.sees(&alice).await, [""; 0]);
    alice.graphql(&format!("mutation {{ {one} }}"), json!({})).await;
    assert_eq!(bob.sees(&alice).await, ["a"]);
}

#[tokio::test]
async fn a_document_may_cost_two_thousand_points() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    // A connection costs two and its page times what a row costs.
    let page =
        "{ users(first: 100) { nodes { id username displayName isActive } edges { cursor node { id username } } } }";
    assert_eq!(alice.try_graphql(page, json!({})).await.codes(), [""; 0]);
    let pages = "{ conversations(first: 100) { nodes { id messages(first: 100) { nodes { id body } } } } }";
    assert_eq!(alice.try_graphql(pages, json!({})).await.codes(), ["QUERY_TOO_COMPLEX"]);
    let by_variable =
        "query($n: Int) { conversations(first: $n) { nodes { id messages(first: $n) { nodes { id body } } } } }";
    assert_eq!(alice.try_graphql(by_variable, json!({ "n": 100 })).await.codes(), ["QUERY_TOO_COMPLEX"]);
    assert_eq!(alice.try_graphql(by_variable, json!({ "n": 5 })).await.codes(), [""; 0]);
}

#[tokio::test]
async fn a_body_has_64_and_a_document_16_kib() {
    let chat = Chat::start().await;
    let headers = [("content-type", "application/json")];
    let padded = |query: &str, length: usize| {
        let bare = json!({ "query": query }).to_string();
        format!("{}{bare}", " ".repeat(length - bare.len()))
    };
    let fits = chat.api.post(&headers, padded("{ __typename }", 64 * 1024)).await;
    assert_eq!(fits.data(), json!({ "__typename": "Query" }));
    let too_large = chat.api.post(&headers, padded("{ __typename }", 64 * 1024 + 1)).await;
    assert_eq!((too_large.status.as_u16(), too_large.codes()), (413, vec!["BAD_REQUEST".to_owned()]));
    let endless = chat.api.post(&headers, "x".repeat(5_000_000)).await;
    assert_eq!(endless.status.as_u16(), 413);
    let document = |length: usize| format!("{{ __typename }}{}", " ".repeat(length - 14));
    assert_eq!(chat.api.ask(None, &document(16 * 1024), json!({})).await.codes(), [""; 0]);
    assert_eq!(chat.api.ask(None, &document(16 * 1024 + 1), json!({})).await.codes(), ["QUERY_TOO_COMPLEX"]);
    // The longest message fits, however wide its characters are and however they are escaped.
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let wide = "𝒳".repeat(8_000);
    assert_eq!(alice.says(&bob, &wide).await.body, Some(wide));
}

/// The answer must come from the screen: the library's own walk over such a document takes minutes.
#[tokio::test]
async fn doubling_fragments_are_refused_at_once_and_delay_nobody() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let began = Instant::now();
    let hostile = alice.try_graphql(&doubling(30), json!({})).await;
    assert!(["QUERY_TOO_COMPLEX", "QUERY_TOO_DEEP"].contains(&hostile.codes()[0].as_str()), "{}", hostile.text);
    let mut requests: JoinSet<Answer> = JoinSet::new();
    for number in 0..60 {
        let alice = alice.clone();
        let document =
            if number % 3 == 0 { "{ viewer { user { username } } }".to_owned() } else { doubling(20 + number % 11) };
        requests.spawn(async move { alice.try_graphql(&document, json!({})).await });
    }
    let answers = requests.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.codes().is_empty()).count(), 20);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_fragment_that_contains_itself_is_refused() {
    let chat = Chat::start().await;
    for document in [
        "{ ...F } fragment F on Query { ...F }",
        "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
        "{ __typename } fragment F on Query { ...G } fragment G on Query { ...F }",
    ] {
        let answer = chat.api.ask(None, document, json!({})).await;
        assert_eq!(answer.codes()[0], "GRAPHQL_VALIDATION_FAILED", "{}", answer.text);
    }
}
