//! See all other users.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::chat::Chat;
use crate::support::person::{Person, list, string};

#[tokio::test]
async fn everyone_else_is_listed_and_never_oneself() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    chat.add("carol", "Carol").await;
    assert_eq!(alice.searches("").await, ["bob", "carol"]);
    assert_eq!(bob.searches("  ").await, ["alice", "carol"]);
    assert_eq!(alice.searches("alice").await, [""; 0]);
    let data =
        alice.graphql("{ users(first: 1) { totalCount nodes { id username displayName isActive } } }", json!({})).await;
    let bob = json!({ "id": bob.id, "username": "bob", "displayName": "Bob", "isActive": true });
    assert_eq!(data, json!({ "users": { "totalCount": 2, "nodes": [bob] } }));
}

#[tokio::test]
async fn disabled_people_are_left_out_of_the_list_and_still_found_by_name() {
    let chat = Chat::start().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    chat.disable(&bob).await;
    assert_eq!(alice.searches("").await, [""; 0]);
    assert_eq!(alice.searches("bob").await, [""; 0]);
    let find = "query($name: String!) { user(username: $name) { username isActive } }";
    let found = alice.graphql(find, json!({ "name": "BOB" })).await;
    assert_eq!(found, json!({ "user": { "username": "bob", "isActive": false } }));
    assert_eq!(alice.graphql(find, json!({ "name": "nobody" })).await, json!({ "user": null }));
    api::user::enable(&chat.app, "bob").await.unwrap();
    assert_eq!(alice.searches("").await, ["bob"]);
}

#[tokio::test]
async fn a_search_meets_a_name_however_it_is_typed() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let names = [
        ("zoe", "Zoë Ångström"),
        ("jose.m", "José María Núñez"),
        ("wide", "Ｆｕｌｌ Ｗｉｄｔｈ"),
        ("weiss", "Jürgen Weiß"),
        ("odysseus", "ΟΔΥΣΣΕΎΣ"),
        ("olga", "Ольга Ёлкина"),
        ("sakura", "中村 さくら"),
        ("under_score", "100% Real"),
        ("underxscore", "1000 Unreal"),
    ];
    chat.add_all(names.map(|(username, name)| (username.to_owned(), name.to_owned()))).await;
    for (typed, found) in [
        ("zoe", &["zoe"][..]),
        ("ZOË", &["zoe"]),
        ("Zoe\u{308}", &["zoe"]),
        ("angst", &["zoe"]),
        ("ngst", &[]),
        ("oe", &[]),
        ("ＪＯＳＥ", &["jose.m"]),
        ("full width", &["wide"]),
        ("width full", &["wide"]),
        ("full weiss", &[]),
        ("WEISS", &["weiss"]),
        ("weiß j", &["weiss"]),
        ("οδυσσεύς", &["odysseus"]),
        ("елкина", &["olga"]),
        ("さく", &["sakura"]),
        ("中村", &["sakura"]),
        ("jose.m", &["jose.m"]),
        ("under_s", &["under_score"]),
        ("underx", &["underxscore"]),
        ("100%", &["under_score", "underxscore"]),
        ("nobody", &[]),
    ] {
        let mut seen = alice.searches(typed).await;
        seen.sort();
        assert_eq!(seen, found, "searched for {typed:?}");
    }
}

#[tokio::test]
async fn a_search_of_punctuation_alone_finds_nobody() {
    let chat = Chat::start().await;
    let [alice, _bob] = chat.people(["alice", "bob"]).await;
    for typed in ["%", "_", "\\", "'", "*", "--", "% _", "…", "\"; DROP TABLE users"] {
        assert_eq!(alice.searches(typed).await, [""; 0], "searched for {typed:?}");
    }
    assert_eq!(alice.searches("@bob!").await, ["bob"]);
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_nobodys() {
    let chat = Chat::start().await;
    let [alice, _bob] = chat.people(["alice", "bob"]).await;
    for typed in ["b\0", "\0", "bo\u{7}b", "\u{FFFF}", "\u{202E}bob\u{FDD0}"] {
        let found =
            alice.try_graphql("query($s: String) { users(search: $s) { nodes { id } } }", json!({ "s": typed })).await;
        assert_eq!(found.codes(), [""; 0], "searched for {typed:?}");
        let found = alice.try_graphql("query($n: String!) { user(username: $n) { id } }", json!({ "n": typed })).await;
        assert_eq!(found.data(), json!({ "user": null }), "{typed:?}");
    }
}

#[tokio::test]
async fn ten_thousand_people_are_each_met_exactly_once_in_both_directions() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    // Many share a name, and case and accents mix: the order of the list must not stumble over either.
    let names = ["Ana", "ana", "Ána", "Bo", "Zoë", "zoe", "Ольга", "さくら"];
    let people = (0..9_999).map(|number: usize| (format!("u{number}"), names[number % names.len()].to_owned()));
    chat.add_all(people).await;
    let forwards = walk(&alice, "first", "after", "hasNextPage", "endCursor").await;
    let mut backwards = walk(&alice, "last", "before", "hasPreviousPage", "startCursor").await;
    assert_eq!(forwards.len(), 9_999);
    assert_eq!(forwards.iter().collect::<HashSet<_>>().len(), 9_999);
    backwards.reverse();
    assert_eq!(backwards, forwards);
}

/// Everybody's username in the order of the walk: pages of 100 one after the other, each page read in the walk's direction.
async fn walk(viewer: &Person, size: &str, from: &str, more: &str, edge: &str) -> Vec<String> {
    let query = format!(
        "query($from: String) {{ users({size}: 100, {from}: $from) {{ nodes {{ username }} pageInfo {{ {more} {edge} }} }} }}"
    );
    let (mut met, mut place) = (Vec::new(), Value::Null);
    loop {
        let users = viewer.graphql(&query, json!({ "from": place })).await["users"].take();
        let mut page: Vec<String> = list(&users["nodes"]).iter().map(|user| string(&user["username"])).collect();
        if size == "last" {
            page.reverse();
        }
        met.extend(page);
        if users["pageInfo"][more] == json!(false) {
            return met;
        }
        place = users["pageInfo"][edge].clone();
    }
}
