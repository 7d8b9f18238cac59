//! How many SQL statements an answer takes does not depend on how much there is.

use api::conversation::audience::Target;
use api::id::UserId;
use api::message::body::Body;
use api::message::delivery::Delivery;
use api::message::key::IdempotencyKey;
use serde_json::json;

use crate::support::chat::Chat;
use crate::support::person::Person;

const LIST: &str = "{ viewer { unread { messages conversations } } conversations(first: 20) { nodes { id kind title viewerOrder \
    viewerUnreadCount viewerLastReadPosition viewerCanPost lastActivityAt lastMessage { id body viewerIsAuthor author { displayName } } \
    participants(first: 2) { totalCount nodes { user { username displayName isActive } } } } pageInfo { hasNextPage endCursor } } }";

const MESSAGES: &str = "id kind viewerCanPost messages(last: 50) { edges { cursor node { id position body state createdAt \
    viewerIsAuthor idempotencyKey author { id displayName } } } pageInfo { hasPreviousPage } }";

/// Sends that wait together, as many as are wanted.
async fn deliver(chat: &Chat, sends: impl IntoIterator<Item = (UserId, UserId)>) {
    let sends = sends.into_iter().enumerate().map(|(number, (author, to))| Delivery {
        author,
        to: Target::Person(to),
        body: Body::parse(&format!("message {number}")).unwrap(),
        key: IdempotencyKey::parse(&crate::support::person::new_key()).unwrap(),
        draft_revision: None,
        at: chat.app.clock.now(),
    });
    let mut answers = tokio::task::JoinSet::new();
    for send in sends {
        let writer = chat.app.writer.clone();
        answers.spawn(async move { writer.deliver(send).await.unwrap() });
    }
    answers.join_all().await;
}

/// Statements that a document takes: once to warm up, once to count.
async fn cost(chat: &Chat, person: &Person, query: &str, variables: serde_json::Value) -> u64 {
    person.graphql(query, variables.clone()).await;
    let before = chat.app.database.statements();
    person.graphql(query, variables).await;
    chat.app.database.statements() - before
}

#[tokio::test]
async fn the_first_page_of_conversations_costs_the_same_among_ten_and_a_thousand() {
    let chat = Chat::start_alone().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let others = chat.add_all((0..1_000).map(|number| (format!("o{number}"), format!("Other {number}")))).await;
    deliver(&chat, others[..10].iter().map(|&other| (other, bob.user_id))).await;
    deliver(&chat, others.iter().map(|&other| (other, alice.user_id))).await;
    let (few, many) = (cost(&chat, &bob, LIST, json!({})).await, cost(&chat, &alice, LIST, json!({})).await);
    // Two loaders that end at the same moment may ask for people together or one after the other.
    assert!(many <= few + 2, "{few} among ten, {many} among a thousand");
    assert!(many <= 10, "{many} statements");
    assert_eq!(alice.unread().await, (1_000, 1_000));
}

#[tokio::test]
async fn a_page_of_messages_costs_the_same_among_ten_and_a_thousand() {
    let chat = Chat::start_alone().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    deliver(&chat, (0..10).map(|_| (carol.user_id, alice.user_id))).await;
    deliver(
        &chat,
        (0..1_000)
            .map(|number| if number % 2 == 0 { (alice.user_id, bob.user_id) } else { (bob.user_id, alice.user_id) }),
    )
    .await;
    let query = format!("query($id: ID!) {{ conversation(id: $id) {{ {MESSAGES} }} }}");
    let few = json!({ "id": alice.conversation(&carol).await });
    let many = json!({ "id": alice.conversation(&bob).await });
    let (few, many) = (cost(&chat, &alice, &query, few).await, cost(&chat, &alice, &query, many).await);
    // Own messages need their keys, and the library resolves a long list in two goes, so loaders may run twice.
    assert!(many <= few + 4, "{few} among ten, {many} among a thousand");
    assert!(many <= 10, "{many} statements");
}

#[tokio::test]
async fn a_batch_of_sends_costs_what_one_send_costs() {
    let chat = Chat::start_alone().await;
    let people = chat.add_all((0..80).map(|number| (format!("p{number}"), format!("Person {number}")))).await;
    let cost = async |sends: Vec<(UserId, UserId)>| {
        let before = chat.app.database.statements();
        deliver(&chat, sends).await;
        chat.app.database.statements() - before
    };
    let one = cost(vec![(people[0], people[1])]).await;
    let batch = cost((0..64).map(|number| (people[number], people[number + 1])).collect()).await;
    assert!(one <= 14, "{one} statements");
    // The batch may have been taken in two: the first as soon as it came.
    assert!(batch <= 2 * one, "{one} for one, {batch} for 64");
}

#[tokio::test]
async fn a_page_of_changes_costs_the_same_with_ten_and_with_a_hundred() {
    let chat = Chat::start_alone().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let others = chat.add_all((0..100).map(|number| (format!("o{number}"), format!("Other {number}")))).await;
    let (a, b) = (alice.event_cursor().await, bob.event_cursor().await);
    deliver(&chat, others[..10].iter().map(|&other| (other, bob.user_id))).await;
    deliver(&chat, others.iter().map(|&other| (other, alice.user_id))).await;
    let query = "query($after: String!) { changes(after: $after, first: 100) { hasMore events { event { \
                 ... on MessageChanged { unread { messages } message { body author { username } idempotencyKey \
                 conversation { viewerOrder viewerUnreadCount } } } \
                 ... on ConversationChanged { unread { messages } conversation { id viewerDraft { body } } } } } } }";
    let few = cost(&chat, &bob, query, json!({ "after": b })).await;
    let many = cost(&chat, &alice, query, json!({ "after": a })).await;
    assert!(many <= few + 4, "{few} for ten, {many} for a hundred");
    assert!(many <= 10, "{many} statements");
    // Who is woken for nothing asks once.
    let idle = json!({ "after": alice.event_cursor().await });
    let nothing = cost(&chat, &alice, "{ __typename }", json!({})).await;
    assert_eq!(cost(&chat, &alice, query, idle).await, nothing + 1);
}

#[tokio::test]
async fn a_draft_costs_a_send_two_statements() {
    let chat = Chat::start_alone().await;
    let people = chat.people(["alice", "bob"]).await;
    let [alice, bob] = &people;
    alice.says(bob, "hello").await;
    let cost = async |draft: Option<i64>| {
        let before = chat.app.database.statements();
        match draft {
            Some(revision) => alice.sends_draft(bob, "sent", revision).await.unwrap(),
            None => alice.says(bob, "said").await,
        };
        chat.app.database.statements() - before
    };
    let plain = cost(None).await;
    let other = cost(Some(7)).await;
    alice.drafts(bob, "sent", 0).await.unwrap();
    let before = chat.app.database.statements();
    alice.drafts(bob, "sent by me", 1).await.unwrap();
    let save = chat.app.database.statements() - before;
    let cleared = cost(Some(2)).await;
    assert_eq!((other - plain, cleared - plain), (1, 2), "{plain} without a draft");
    assert!(save <= 12, "{save} statements for a save");
}
