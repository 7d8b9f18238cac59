//! The company of `serve --demo`: a small club with a messenger of its own, written by hand. It fills an empty database only.

mod ada;
mod ada_and_grace;
mod cast;
mod grace;
mod others;
mod script;

use std::collections::HashMap;

use api::app::App;
use api::clock::Millis;
use api::conversation::audience::Target;
use api::id::{ConversationId, UserId};
use api::instance;
use api::message::body::Body;
use api::message::delivery::{Delivered, Delivery};
use api::message::key::IdempotencyKey;

use super::store;
use script::{Line, Talk};

/// Fills an empty database with the demo's people and conversations, the newest of them minutes old. A database that is
/// marked as made up is left as it is; one that has other people in it is refused.
///
/// The messages come in one transaction. Where filling is interrupted before that, the instance is marked and has nothing to
/// show: remove its data folder.
pub async fn fill(app: &App) -> anyhow::Result<()> {
    if instance::get(&app.database).await?.demo {
        return Ok(());
    }
    anyhow::ensure!(
        api::user::is_nobody_here(app).await?,
        "there are people in this database who are not made up: leave out --demo, or choose another folder with --data"
    );
    let hash = store::hash(app).await?;
    store::mark(app).await?;
    let ids = store::add(app, &hash, cast::CAST.into_iter()).await?;
    let people: HashMap<&str, UserId> = cast::CAST.into_iter().map(|(username, _)| username).zip(ids).collect();
    let sends = sends(&people, app.clock.now())?;
    let delivered = store::deliver(app, &sends).await?;
    read(app, &people, &positions(&delivered)).await
}

fn talks() -> impl Iterator<Item = &'static Talk> {
    std::iter::once(&ada_and_grace::TALK).chain(&ada::TALKS).chain(&grace::TALKS).chain(&others::TALKS)
}

/// Everything that was said, in the order of time: the lists of conversations follow it.
fn sends(people: &HashMap<&str, UserId>, now: Millis) -> anyhow::Result<Vec<Delivery>> {
    let mut lines: Vec<Line> = Vec::new();
    for talk in talks() {
        lines.extend(talk.lines(now)?);
    }
    lines.sort_by_key(|line| line.at);
    let send = |(number, line): (usize, Line)| {
        Ok(Delivery {
            author: people[line.author],
            to: Target::Person(people[line.reader]),
            body: Body::parse(&line.text)?,
            key: IdempotencyKey::parse(&format!("demo-{number}"))?,
            draft_revision: None,
            at: line.at,
        })
    };
    lines.into_iter().enumerate().map(send).collect()
}

/// Where the messages of each conversation are, oldest first.
fn positions(delivered: &[Delivered]) -> HashMap<ConversationId, Vec<i64>> {
    let mut positions: HashMap<ConversationId, Vec<i64>> = HashMap::new();
    for message in delivered {
        let position = message.copy.as_ref().map(|copy| copy.position);
        positions.entry(message.conversation).or_default().extend(position);
    }
    positions
}

/// Everybody has read everything but what a talk leaves unread.
async fn read(
    app: &App,
    people: &HashMap<&str, UserId>,
    positions: &HashMap<ConversationId, Vec<i64>>,
) -> anyhow::Result<()> {
    for talk in talks() {
        let [one, other] = talk.between.map(|name| people[name]);
        let conversation = ConversationId::direct(one, other);
        let all = &positions[&conversation];
        // What is unread at the end was written by one of the two: to that one the marker makes no difference.
        let read = &all[..all.len() - talk.unread];
        let up_to = read.last().copied().unwrap_or(0);
        for reader in [one, other] {
            store::mark_read(app, reader, conversation, up_to).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
