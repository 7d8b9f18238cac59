//! How made-up data gets in: by the same rules as everybody's, only in larger batches.

use std::collections::HashMap;

use api::app::App;
use api::conversation::{self, Mark};
use api::id::{ConversationId, UserId};
use api::instance;
use api::message::delivery::{Delivered, Delivery, Verdict, deliver as deliver_batch};
use api::user::name::{DisplayName, Username};
use api::user::{self, NewUser};
use api::viewer::Viewer;

use super::DEMO_PASSWORD;

/// Sends delivered at once: SQLite refuses expressions deeper than 1,000, and each send adds to one.
const SENDS_AT_ONCE: usize = 400;

/// Marks the data as made up. This comes before the first person: nobody with a password that everybody knows may ever be in
/// a database that could be served beyond this machine.
pub(super) async fn mark(app: &App) -> anyhow::Result<()> {
    Ok(instance::mark_demo(app.database.writer()).await?)
}

/// The one hash that all made-up people share: hashing is slow on purpose.
pub(super) async fn hash(app: &App) -> anyhow::Result<String> {
    Ok(app.passwords.hash(DEMO_PASSWORD.into()).await?)
}

/// Adds people, by username and display name, and gives their ids in the same order.
pub(super) async fn add(
    app: &App,
    hash: &str,
    people: impl Iterator<Item = (&str, &str)>,
) -> anyhow::Result<Vec<UserId>> {
    let (mut usernames, mut rows) = (Vec::new(), Vec::new());
    for (username, display_name) in people {
        let username = Username::parse(username)?;
        usernames.push(username.as_str().to_owned());
        rows.push(NewUser {
            username,
            display_name: DisplayName::parse(display_name)?,
            password_hash: hash.to_owned(),
        });
    }
    let added = user::add_many(app, rows).await?;
    let added = user::find_many(app, &added).await?;
    let ids: HashMap<&str, UserId> = added.iter().map(|user| (user.username.as_str(), user.id)).collect();
    let id = |username: &String| {
        ids.get(username.as_str()).copied().ok_or_else(|| anyhow::anyhow!("somebody is called {username} already"))
    };
    usernames.iter().map(id).collect()
}

/// Delivers messages in one transaction, in their order.
pub(super) async fn deliver(app: &App, sends: &[Delivery]) -> anyhow::Result<Vec<Delivered>> {
    let tx = app.database.begin().await?;
    let mut delivered = Vec::with_capacity(sends.len());
    for batch in sends.chunks(SENDS_AT_ONCE) {
        // Nobody listens to what is made up.
        let (verdicts, _) = deliver_batch(&tx, &app.ids, batch).await?;
        for verdict in verdicts {
            match verdict {
                Verdict::Done(answer) => delivered.push(answer.map_err(api::error::Error::from)?),
                Verdict::Again => anyhow::bail!("somebody else is writing to this database"),
            }
        }
    }
    tx.commit().await?;
    Ok(delivered)
}

/// Moves somebody's marker to a position.
pub(super) async fn mark_read(
    app: &App,
    reader: UserId,
    conversation: ConversationId,
    up_to: i64,
) -> anyhow::Result<()> {
    // Nobody is logged in: the session is one that was never stored.
    let viewer =
        Viewer { user_id: reader, session_id: app.ids.next(), expires_at: i64::MAX, last_used_at: app.clock.now() };
    Ok(conversation::mark_read(app, &viewer, Mark { conversation, up_to, allow_backwards: false }).await?)
}
