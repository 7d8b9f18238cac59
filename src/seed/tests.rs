//! `seed` from end to end, in a data folder of its own.

use api::user;

use super::*;

/// Settings that name no database: it is in the data folder.
pub(super) fn config() -> Config {
    Config {
        database_url: None,
        name: "test".to_owned(),
        playground: false,
        password_min_length: 15,
        database_connections: 2,
        look_every_ms: 10_000,
    }
}

/// A data folder that goes away with its first half.
pub(super) fn folder() -> (tempfile::TempDir, DataFolder) {
    let folder = tempfile::tempdir().unwrap();
    let data = DataFolder { path: folder.path().to_owned() };
    (folder, data)
}

async fn open(data: &DataFolder) -> App {
    App::open(config(), data, Clock::machine()).await.unwrap()
}

/// Everything of one person that a seed decides.
async fn shown(app: &App, username: &str) -> Vec<String> {
    let person = user::find(app, username).await.unwrap().unwrap();
    let mut shown = vec![format!("{} {}", person.id, person.display_name)];
    for place in conversation::list(app, person.id, Filter::All, &Page::first(100)).await.unwrap().rows {
        let (id, mine) = (place.conversation.id, place.mine);
        shown.push(format!("{id} {} {} {}", mine.unread, mine.last_read_position, mine.change));
        for message in api::message::list(app, person.id, id, &Page::last(100)).await.unwrap().rows {
            shown.push(format!("{:?} {} {} {:?}", message.root_id, message.position, message.created_at, message.body));
        }
    }
    shown
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows() {
    let plan = Plan { users: 12, messages: 700, seed: 5 };
    let [(_one, one), (_other, other)] = [folder(), folder()];
    for data in [&one, &other] {
        fill(config(), data, &plan, |_| ()).await.unwrap();
    }
    let [one, other] = [open(&one).await, open(&other).await];
    let people = user::all(&one).await.unwrap();
    assert_eq!(people.len(), 12);
    let mut messages = 0;
    for person in people {
        let rows = shown(&one, &person.username).await;
        messages += rows.len();
        assert_eq!(rows, shown(&other, &person.username).await);
    }
    assert!(messages > 700, "{messages}");
}

#[tokio::test]
async fn the_numbers_are_exact_and_the_instance_is_marked() {
    let (_folder, data) = folder();
    let told = std::cell::Cell::new(0);
    let plan = Plan { users: 3, messages: 41, seed: 1 };
    fill(config(), &data, &plan, |done| told.set(done)).await.unwrap();
    assert_eq!(told.get(), 41);
    let app = open(&data).await;
    assert!(api::instance::get(&app.database).await.unwrap().demo);
    let mut sent = 0;
    for person in user::all(&app).await.unwrap() {
        for place in conversation::list(&app, person.id, Filter::All, &Page::first(100)).await.unwrap().rows {
            let copies = api::message::list(&app, person.id, place.conversation.id, &Page::first(100)).await.unwrap();
            sent += copies.rows.iter().filter(|copy| copy.author_id == person.id).count();
        }
    }
    assert_eq!(sent, 41);
}

#[tokio::test]
async fn a_database_with_people_in_it_is_left_alone() {
    let (_folder, data) = folder();
    let plan = Plan { users: 2, messages: 1, seed: 1 };
    fill(config(), &data, &plan, |_| ()).await.unwrap();
    let refused = fill(config(), &data, &Plan { users: 5, ..plan }, |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("there are people"), "{refused}");
    assert_eq!(user::all(&open(&data).await).await.unwrap().len(), 2);
}

#[tokio::test]
async fn one_person_has_nobody_to_write_to() {
    let (_folder, data) = folder();
    let plan = Plan { users: 1, messages: 1, seed: 1 };
    assert!(fill(config(), &data, &plan, |_| ()).await.is_err());
}
