//! Listening to the feed: first what was missed, then what happens, at once and without a gap between.

use tokio::task::JoinSet;

use crate::support::chat::Chat;
use crate::support::events::Events;
use crate::support::feed::line;
use crate::support::person::Person;

/// A product in which nobody looks unasked for as long as a test lasts: what is heard was woken for.
async fn without_looking() -> Chat {
    Chat::start_with(|config| config.look_every_ms = 3_600_000).await
}

async fn listens(person: &Person) -> Events {
    person.listens(Some(&person.event_cursor().await)).await
}

async fn hears(events: &mut Events) -> String {
    line(&events.next().await.event)
}

#[tokio::test]
async fn whatever_happens_wakes_every_device_it_concerns() {
    let chat = without_looking().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob, &carol]).await;
    let phone = alice.on_another_device().await;
    let [mut alices, mut phones, mut bobs, mut carols] =
        [listens(&alice).await, listens(&phone).await, listens(&bob).await, listens(&carol).await];
    alice.says(&bob, "hello").await;
    for events in [&mut alices, &mut phones, &mut bobs] {
        assert_eq!(hears(events).await, "1 hello");
    }
    bob.says(&group, "soup?").await;
    for events in [&mut alices, &mut phones, &mut bobs, &mut carols] {
        assert_eq!(hears(events).await, "1 soup?", "and nothing before it");
    }
    alice.drafts(&group, "yes", 0).await.unwrap();
    for events in [&mut alices, &mut phones] {
        assert_eq!(hears(events).await, "read 0, draft yes");
    }
    phone.marks_read(&group, 1).await.unwrap();
    for events in [&mut alices, &mut phones] {
        assert_eq!(hears(events).await, "read 1, draft yes");
    }
    phone.sends_draft(&group, "yes", 1).await.unwrap();
    for events in [&mut alices, &mut phones] {
        assert_eq!([hears(events).await, hears(events).await], ["2 yes", "read 1"]);
    }
    for events in [&mut bobs, &mut carols] {
        assert_eq!(hears(events).await, "2 yes");
    }
}

#[tokio::test]
async fn what_was_missed_comes_first_and_goes_over_into_what_happens_without_a_gap() {
    let chat = without_looking().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let cursor = bob.event_cursor().await;
    // More than a stream reads at a time.
    let mut sends = JoinSet::new();
    for number in 0..130 {
        let (alice, bob) = (alice.clone(), bob.clone());
        sends.spawn(async move { alice.says(&bob, &format!("missed {number}")).await });
    }
    sends.join_all().await;
    let author = alice.clone();
    let reader = bob.clone();
    let going_on = tokio::spawn(async move {
        for number in 0..70 {
            author.says(&reader, &format!("live {number}")).await;
        }
    });
    let mut events = bob.listens(Some(&cursor)).await;
    for position in 1..=200 {
        let told = events.next().await;
        assert_eq!(told.event["message"]["position"], position, "{told:?}");
    }
    going_on.await.unwrap();
    // The cursor of any of them is a place to go on from.
    let mut events = bob.listens(Some(&cursor)).await;
    let mut last = String::new();
    for _ in 0..137 {
        last = events.message().await.1;
    }
    drop(events);
    assert_eq!(bob.listens(Some(&last)).await.message().await.0, "live 7");
}

#[tokio::test]
async fn a_wake_that_is_lost_costs_time_and_nothing_else() {
    let chat = Chat::start_with(|config| config.look_every_ms = 100).await;
    // Another process, whose wakes do not come here.
    let beside = chat.beside().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut bobs = listens(&bob).await;
    for text in ["one", "two", "three"] {
        alice.at(&beside.api).says(&bob, text).await;
        assert_eq!(bobs.message().await.0, text);
    }
}

#[tokio::test]
async fn a_stream_that_starts_afresh_goes_on_from_there() {
    let chat = without_looking().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    alice.says(&bob, "before").await;
    for cursor in ["", "nonsense", &alice.event_cursor().await] {
        let mut events = bob.listens(Some(cursor)).await;
        let reset = events.next().await;
        assert_eq!(
            (line(&reset.event), reset.cursor),
            ("reset UNKNOWN_CURSOR".to_owned(), Some(bob.event_cursor().await))
        );
        alice.says(&bob, "after").await;
        assert_eq!(events.message().await.0, "after");
    }
}

/// A stream is at work for as long as it may be, so what it shows must not be what it once saw.
#[tokio::test]
async fn a_stream_shows_what_is_true_now() {
    let chat = without_looking().await;
    let [alice, bob] = chat.people(["alice", "bob"]).await;
    let mut bobs = listens(&bob).await;
    let row = chat.database.literal(alice.user_id);
    for round in 1..=3 {
        alice.says(&bob, "hello").await;
        assert_eq!(bobs.next().await.event["unread"]["messages"], 1);
        let renamed = format!("UPDATE users SET username = 'alice{round}' WHERE id = {row}");
        chat.database.db_run(&renamed).await.unwrap();
        alice.says(&bob, "me again").await;
        assert_eq!(bobs.next().await.event["message"]["author"]["username"], format!("alice{round}"));
        bob.marks_read(&alice, 99).await.unwrap();
        assert_eq!(bobs.next().await.event["unread"]["messages"], 0);
    }
}
