//! That the demo's company is what the product promises of it.

use std::collections::HashSet;

use api::clock::Clock;
use api::conversation::{self, Filter};
use api::page::Page;
use api::user;

use super::*;
use crate::seed::tests::{config, folder};

const NOW: Millis = 1_800_000_000_000;
const DAY: Millis = 24 * 60 * 60 * 1_000;

#[test]
fn everybody_who_speaks_is_in_the_cast_and_every_pair_speaks_once() {
    let cast: HashSet<&str> = cast::CAST.into_iter().map(|(username, _)| username).collect();
    let mut pairs = HashSet::new();
    for talk in talks() {
        let mut pair = talk.between;
        pair.sort_unstable();
        assert!(pairs.insert(pair) && pair.iter().all(|name| cast.contains(name)), "{pair:?}");
    }
    assert!(cast.len() >= 14 && pairs.len() >= 14);
}

#[test]
fn every_conversation_goes_forward_and_ends_in_the_past() {
    for talk in talks() {
        let lines = talk.lines(NOW).unwrap();
        assert!(lines.windows(2).all(|pair| pair[0].at < pair[1].at), "{:?}", talk.between);
        assert!(lines.iter().all(|line| NOW - 60 * DAY < line.at && line.at < NOW), "{:?}", talk.between);
        let unread = &lines[lines.len() - talk.unread..];
        assert!(unread.iter().all(|line| line.author == unread[0].author), "{:?}", talk.between);
        for line in lines {
            assert_eq!(Body::parse(&line.text).unwrap().as_str(), line.text);
        }
    }
    assert!(ada_and_grace::TALK.lines(NOW).unwrap().len() >= 250);
}

#[tokio::test]
async fn the_demo_fills_once_and_leaves_something_to_read() {
    let (_folder, data) = folder();
    let app = App::open(config(), &data, Clock::stopped_at(NOW)).await.unwrap();
    fill(&app).await.unwrap();
    fill(&app).await.unwrap();
    assert!(instance::get(&app.database).await.unwrap().demo);
    assert_eq!(user::all(&app).await.unwrap().len(), cast::CAST.len());
    for (name, conversations, unread) in [("ada", 14, 7), ("grace", 12, 4)] {
        let id = user::find(&app, name).await.unwrap().unwrap().id;
        let list = conversation::list(&app, id, Filter::All, &Page::first(100)).await.unwrap().rows;
        assert_eq!(list.len(), conversations, "{name}");
        assert_eq!(conversation::unread(&app, id).await.unwrap().messages, unread, "{name}");
    }
}

#[tokio::test]
async fn a_database_with_other_people_is_refused() {
    let (_folder, data) = folder();
    let app = App::open(config(), &data, Clock::stopped_at(NOW)).await.unwrap();
    user::add(&app, "somebody", "Somebody", "an honest long password".into()).await.unwrap();
    assert!(fill(&app).await.is_err());
    assert!(!instance::get(&app.database).await.unwrap().demo);
    assert_eq!(user::all(&app).await.unwrap().len(), 1);
}
