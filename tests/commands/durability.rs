//! Acknowledged means kept: the process is killed in the middle of its work, and nothing that it answered for is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::support::chat::PASSWORD;
use crate::support::database::Database;
use crate::support::person::Person;
use crate::support::program::{command, run_with, serve};

const SENDS: usize = 1_000;
/// How many were acknowledged when the process is killed.
const KILLED_AFTER: usize = 400;

/// The position that a send was acknowledged with; none when the line broke before.
async fn send(alice: &Person, bob: &str, number: usize) -> Option<i64> {
    let query =
        "mutation($input: SendMessageInput!) { sendMessage(input: $input) { messageEdge { node { position } } } }";
    let input =
        json!({ "to": { "userId": bob }, "body": format!("message {number}"), "idempotencyKey": format!("k{number}") });
    let request = alice.api.http.post(format!("{}/graphql", alice.api.url)).bearer_auth(&alice.token);
    let answer = request.json(&json!({ "query": query, "variables": { "input": input } })).send().await.ok()?;
    let answer: Value = answer.json().await.ok()?;
    answer["data"]["sendMessage"]["messageEdge"]["node"]["position"].as_i64()
}

#[tokio::test]
async fn a_killed_process_loses_nothing_it_acknowledged_and_doubles_nothing() {
    let database = Database::create().await;
    for name in ["alice", "bob"] {
        let add = command(&database, ["user", "add", name, "--password-stdin"]);
        assert_eq!(run_with(add, PASSWORD).await.code, 0);
    }
    let mut server = serve(&database, &["api"]).await;
    let (alice, bob) = (server.api.log_in("alice").await, server.api.log_in("bob").await);

    let (next, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let acknowledged_so_far = Arc::new(AtomicUsize::new(0));
    let mut writers = JoinSet::new();
    for _ in 0..32 {
        let (alice, bob, next, enough) = (alice.clone(), bob.id.clone(), Arc::clone(&next), Arc::clone(&enough));
        let so_far = Arc::clone(&acknowledged_so_far);
        writers.spawn(async move {
            let mut acknowledged = BTreeMap::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= SENDS {
                    return acknowledged;
                }
                if let Some(position) = send(&alice, &bob, number).await {
                    acknowledged.insert(format!("message {number}"), position);
                    if so_far.fetch_add(1, Ordering::Relaxed) + 1 == KILLED_AFTER {
                        enough.notify_one();
                    }
                }
            }
        });
    }
    enough.notified().await;
    server.kill().await;
    let acknowledged: BTreeMap<String, i64> = writers.join_all().await.into_iter().flatten().collect();
    assert!(acknowledged.len() >= KILLED_AFTER && acknowledged.len() < SENDS, "{} acknowledged", acknowledged.len());

    let server = serve(&database, &["api"]).await;
    let (alice, bob) = (alice.at(&server.api), bob.at(&server.api));
    let kept: Vec<(i64, Option<String>)> = bob.messages(&alice).await;
    assert_eq!(alice.messages(&bob).await, kept);
    for (text, position) in &acknowledged {
        assert!(kept.contains(&(*position, Some(text.clone()))), "{text} was acknowledged and is lost");
    }
    // Retrying everything, the acknowledged too, fills the gaps and doubles nothing.
    for number in 0..SENDS {
        let position = send(&alice, &bob.id, number).await.expect("a retry is answered");
        let text = format!("message {number}");
        assert!(acknowledged.get(&text).is_none_or(|first| *first == position), "{text} has moved");
    }
    let mut texts = bob.sees(&alice).await;
    assert_eq!(texts.len(), SENDS);
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), SENDS);
    assert_eq!(alice.messages(&bob).await, bob.messages(&alice).await);
    assert_eq!(bob.unread().await, (1_000, 1));
}
