//! The schema of the database: up, down and up again, with data in it, and from two processes at once.

use api::database::{Database as Opened, Location};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::chat::Chat;
use crate::support::database::Database;
use crate::support::feed::{draft, no_draft};

async fn open(database: &Database) -> Opened {
    let location = Location::find(&database.config(), &database.data()).unwrap();
    Opened::open(&location, 2).await.unwrap()
}

/// Everything the schema is made of, as the database itself tells it.
async fn shape(database: &Database) -> Vec<String> {
    let sql = if database.is_postgres() {
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '') \
         FROM information_schema.columns WHERE table_schema = 'public' \
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
         UNION ALL SELECT conrelid::regclass::text || pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE connamespace = 'public'::regnamespace \
         UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
         UNION ALL SELECT proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
    } else {
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1"
    };
    let bookkeeping = |line: &String| !line.contains("seaql_migrations");
    database
        .db_rows(sql, |row| row.try_get_by_index::<String>(0).unwrap())
        .await
        .into_iter()
        .filter(bookkeeping)
        .collect()
}

#[tokio::test]
async fn every_migration_goes_up_down_and_up_again() {
    let database = Database::create().await;
    let opened = open(&database).await;
    let mut shapes = vec![shape(&database).await];
    for _ in Migrator::migrations() {
        Migrator::up(opened.writer(), Some(1)).await.unwrap();
        shapes.push(shape(&database).await);
    }
    assert!(opened.is_migrated().await.unwrap());
    for expected in shapes.iter().rev().skip(1) {
        Migrator::down(opened.writer(), Some(1)).await.unwrap();
        assert_eq!(shape(&database).await, *expected);
        assert!(!opened.is_migrated().await.unwrap());
    }
    opened.migrate().await.unwrap();
    assert_eq!(shape(&database).await, *shapes.last().unwrap());
}

/// How many migrations there are from the one of this name on.
fn since(name: &str) -> u32 {
    let later = Migrator::migrations().into_iter().skip_while(|migration| !migration.name().ends_with(name));
    later.count().try_into().unwrap()
}

/// Takes back the migrations from one on, and makes them again.
async fn back_and_forth(chat: &Chat, name: &str) {
    let writer = chat.app.database.writer();
    Migrator::down(writer, Some(since(name))).await.unwrap();
    Migrator::up(writer, None).await.unwrap();
}

#[tokio::test]
async fn a_schema_with_data_in_it_goes_down_and_up_again() {
    let chat = Chat::start_alone().await;
    let [alice, bob, carol] = chat.people(["alice", "bob", "carol"]).await;
    let group = chat.db_group("Lunch", [&alice, &bob]).await;
    alice.says(&bob, "hello").await;
    bob.says(&group, "soup?").await;
    bob.marks_read(&alice, 1).await.unwrap();
    alice.drafts(&bob, "are you", 0).await.unwrap();
    alice.drafts(&carol, "dear carol", 0).await.unwrap();
    // Drafts go with their columns, and nothing else does.
    let (list, unread) = (alice.lists().await, bob.unread().await);
    back_and_forth(&chat, "add_draft_to_participants").await;
    assert_eq!(alice.draft_in(&bob).await, Some(no_draft(0)));
    assert_eq!(
        (alice.sees(&bob).await, alice.lists().await, bob.unread().await),
        (vec!["hello".to_owned()], list, unread)
    );
    assert_eq!(carol.draft_in(&alice).await, None, "what was begun is no more to be seen than before");
    assert_eq!(alice.drafts(&carol, "dear carol", 0).await, Ok(draft("dear carol", 1)));
    alice.sends_draft(&carol, "dear carol", 1).await.unwrap();
    // The guards are triggers only.
    back_and_forth(&chat, "guard_messages").await;
    assert_eq!(bob.sees(&group).await, ["soup?"]);
    assert_eq!(carol.sees(&alice).await, ["dear carol"]);
    assert!(chat.database.db_run("UPDATE messages SET position = 9").await.is_err());
    Migrator::down(chat.app.database.writer(), None).await.unwrap();
    assert_eq!(shape(&chat.database).await, [""; 0]);
    chat.app.database.migrate().await.unwrap();
    assert_eq!(chat.database.db_number("SELECT COUNT(*) FROM users").await, 0);
}

/// What was stored by the release before this one is as it should be afterwards.
#[tokio::test]
async fn what_was_there_before_drafts_has_none_and_can_be_given_some() {
    let database = Database::create().await;
    let opened = open(&database).await;
    let all: u32 = Migrator::migrations().len().try_into().unwrap();
    let drafts = since("add_draft_to_participants");
    Migrator::up(opened.writer(), Some(all - drafts)).await.unwrap();
    let [alice, bob, talk] = ["a", "b", "c"].map(|digit| database.literal(format!("x_{}", digit.repeat(32))));
    let mut sql = format!("INSERT INTO conversations VALUES ({talk}, 'group', 'Lunch', 1, 0);");
    for (name, person) in [("alice", &alice), ("bob", &bob)] {
        sql += &format!(
            "INSERT INTO users (id, username, display_name, search_key, password_hash, created_at) \
             VALUES ({person}, '{name}', '{name}', ' {name}', '', 0); \
             INSERT INTO mailboxes VALUES ({person}, 1, 0); \
             INSERT INTO participants VALUES ({talk}, {person}, 'member', 0, NULL, NULL, 0, 1, 1, 1); \
             INSERT INTO messages (recipient_id, conversation_id, position, author_id, body, created_at, revision, change) \
             VALUES ({person}, {talk}, 1, {alice}, 'soup?', 0, 1, 1);"
        );
    }
    database.db_run(&sql).await.unwrap();
    opened.migrate().await.unwrap();
    let draftless = "SELECT COUNT(*) FROM participants WHERE draft IS NULL AND draft_at IS NULL AND draft_revision = 0 \
                     AND unread = 1 AND activity = 1 AND change = 1";
    assert_eq!(database.db_number(draftless).await, 2);
    assert_eq!(database.db_number("SELECT COUNT(*) FROM messages WHERE body = 'soup?'").await, 2);
    database
        .db_run(&format!(
            "UPDATE participants SET draft = 'no', draft_at = 1, draft_revision = 1 WHERE user_id = {bob}"
        ))
        .await
        .unwrap();
    Migrator::down(opened.writer(), Some(drafts)).await.unwrap();
    opened.migrate().await.unwrap();
    assert_eq!(database.db_number(draftless).await, 2);
}

#[tokio::test]
async fn processes_that_start_together_migrate_once() {
    let database = Database::create().await;
    let (one, other, third) = (open(&database).await, open(&database).await, open(&database).await);
    let (first, second, last) = tokio::join!(one.migrate(), other.migrate(), third.migrate());
    for migrated in [first, second, last] {
        migrated.unwrap();
    }
    let applied = database.db_number("SELECT COUNT(*) FROM seaql_migrations").await;
    assert_eq!(applied, i64::try_from(Migrator::migrations().len()).unwrap());
    one.migrate().await.unwrap();
    assert!(other.is_migrated().await.unwrap());
}

#[tokio::test]
async fn sqlite_is_opened_so_that_promises_hold() {
    let database = Database::create().await;
    if database.is_postgres() {
        return;
    }
    let opened = open(&database).await;
    let setting = async |connection: &sea_orm::DatabaseConnection, name: &str| {
        let statement = Statement::from_string(sea_orm::DbBackend::Sqlite, format!("PRAGMA {name}"));
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
            .unwrap()
    };
    for (name, wanted) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1")]
    {
        assert_eq!(setting(opened.writer(), name).await, wanted, "{name}");
    }
    let patience: u64 = setting(opened.writer(), "busy_timeout").await.parse().unwrap();
    assert!((1_000..2_000).contains(&patience), "{patience}");
    assert_eq!(setting(opened.reader(), "foreign_keys").await, "1");
    opened.migrate().await.unwrap();
    let refused = opened.reader().execute_unprepared("DELETE FROM users").await.unwrap_err().to_string();
    assert!(refused.contains("readonly"), "{refused}");
    assert!(opened.writer().execute_unprepared("DELETE FROM users").await.is_ok());
}

/// A transaction that reads first and writes later must hold the write lock from its beginning.
#[tokio::test]
async fn a_transaction_of_sqlite_waits_for_its_turn_and_then_succeeds() {
    let database = Database::create().await;
    if database.is_postgres() {
        return;
    }
    let (one, other) = (open(&database).await, open(&database).await);
    one.migrate().await.unwrap();
    let step = async |opened: &Opened| {
        let tx = opened.begin().await.unwrap();
        tx.execute_unprepared("SELECT COUNT(*) FROM users").await.unwrap();
        tokio::task::yield_now().await;
        tx.execute_unprepared("UPDATE mailboxes SET floor = 0").await.unwrap();
        tx.commit().await.unwrap();
    };
    for _ in 0..20 {
        tokio::join!(step(&one), step(&other));
    }
}
