//! Your copy is yours: the database itself refuses, whatever the code does. (That no code but the copy rule can name these rows
//! is in `tidy`; that no request reaches another's is in `api::isolation`.)

use crate::support::chat::Chat;

/// Two people and a message each, and a third who must never be drawn in.
async fn chat_with_messages() -> (Chat, [String; 3]) {
    let chat = Chat::start().await;
    let [alice, bob, mallory] = chat.people(["alice", "bob", "mallory"]).await;
    alice.says(&bob, "for bob").await;
    bob.says(&alice, "for alice").await;
    mallory.says(&bob, "let me in").await;
    let keys = [&alice, &bob, &mallory].map(|person| chat.database.literal(person.user_id));
    (chat, keys)
}

/// The statement fails, and says so in the words of the guard.
async fn assert_refused(chat: &Chat, sql: &str, sentence: &str) {
    let error = chat.database.db_run(sql).await.expect_err(sql).to_string();
    assert!(error.contains(sentence), "{sql}: {error}");
}

#[tokio::test]
async fn a_copy_never_changes_hands_or_place() {
    let (chat, [alice, bob, mallory]) = chat_with_messages().await;
    let sentence = "the recipient, place, author and time of a message never change";
    let other = format!("(SELECT conversation_id FROM messages WHERE author_id = {mallory} LIMIT 1)");
    for change in [
        format!("recipient_id = {mallory}"),
        format!("conversation_id = {other}"),
        "position = position + 100".to_owned(),
        format!("author_id = {mallory}"),
        "created_at = created_at + 1".to_owned(),
        format!("body = 'forged', recipient_id = {mallory}"),
    ] {
        let place = format!("WHERE recipient_id = {bob} AND author_id = {alice}");
        assert_refused(&chat, &format!("UPDATE messages SET {change} {place}"), sentence).await;
        assert_refused(&chat, &format!("UPDATE messages SET {change}"), sentence).await;
    }
    assert_refused(&chat, &upsert(&chat, &mallory), sentence).await;
    // What has to be possible is: the holder's own copy may still be edited and marked.
    chat.database.db_run("UPDATE messages SET body = 'edited', edited_at = 2, revision = 2").await.unwrap();
}

/// The change of a recipient in the clothes of an insert.
fn upsert(chat: &Chat, mallory: &str) -> String {
    let target = if chat.database.is_postgres() { "messages AS m" } else { "messages" };
    format!(
        "INSERT INTO {target} SELECT * FROM messages WHERE true \
         ON CONFLICT (recipient_id, conversation_id, position) DO UPDATE SET recipient_id = {mallory}"
    )
}

#[tokio::test]
async fn a_cut_link_is_never_mended() {
    let (chat, [alice, bob, _]) = chat_with_messages().await;
    let sentence = "the root of a message may only become null";
    let other = format!("(SELECT id FROM roots WHERE author_id = {bob})");
    assert_refused(&chat, &format!("UPDATE messages SET root_id = {other} WHERE author_id = {alice}"), sentence).await;
    chat.database.db_run(&format!("UPDATE messages SET root_id = NULL WHERE author_id = {bob}")).await.unwrap();
    assert_refused(&chat, &format!("UPDATE messages SET root_id = {other} WHERE author_id = {bob}"), sentence).await;
    // Deleting a root severs its copies and leaves them otherwise as they were.
    chat.database.db_run(&format!("DELETE FROM roots WHERE author_id = {alice}")).await.unwrap();
    let severed =
        format!("SELECT COUNT(*) FROM messages WHERE author_id = {alice} AND root_id IS NULL AND body = 'for bob'");
    assert_eq!(chat.database.db_number(&severed).await, 2);
}

#[tokio::test]
async fn what_is_erased_stays_erased() {
    let (chat, [alice, bob, _]) = chat_with_messages().await;
    let sentence = "a withdrawn or removed message stays erased";
    for (column, holder) in [("removed_at", &alice), ("withdrawn_at", &bob)] {
        let place = format!("WHERE recipient_id = {holder} AND author_id = {alice}");
        assert_refused(&chat, &format!("UPDATE messages SET {column} = 1 {place}"), sentence).await;
        chat.database.db_run(&format!("UPDATE messages SET {column} = 1, body = NULL {place}")).await.unwrap();
        assert_refused(&chat, &format!("UPDATE messages SET body = 'back' {place}"), sentence).await;
        assert_refused(&chat, &format!("UPDATE messages SET {column} = NULL {place}"), sentence).await;
        assert_refused(&chat, &format!("UPDATE messages SET {column} = NULL, body = 'back' {place}"), sentence).await;
    }
}

#[tokio::test]
async fn a_root_stays_where_it_is() {
    let (chat, [alice, bob, mallory]) = chat_with_messages().await;
    let sentence = "the place, author, key and time of a root never change";
    for change in [
        "position = position + 100".to_owned(),
        format!("author_id = {mallory}"),
        format!("conversation_id = (SELECT conversation_id FROM roots WHERE author_id = {mallory})"),
        "idempotency_key = 'another'".to_owned(),
        "created_at = 1".to_owned(),
        format!("id = {bob}"),
    ] {
        assert_refused(&chat, &format!("UPDATE roots SET {change} WHERE author_id = {alice}"), sentence).await;
    }
    chat.database.db_run(&format!("UPDATE roots SET content_hash = NULL WHERE author_id = {alice}")).await.unwrap();
}

#[tokio::test]
async fn a_copy_needs_its_recipient_to_take_part() {
    let (chat, [alice, _, mallory]) = chat_with_messages().await;
    let smuggled = format!(
        "INSERT INTO messages (recipient_id, conversation_id, position, author_id, body, created_at, revision, change) \
         SELECT {mallory}, conversation_id, position, author_id, body, created_at, revision, 99 FROM messages \
         WHERE recipient_id = {alice} AND author_id = {alice}"
    );
    let error = chat.database.db_run(&smuggled).await.expect_err("smuggled").to_string().to_lowercase();
    assert!(error.contains("foreign key"), "{error}");
}
