//! Made-up people and messages: any amount of them for `seed`, a small good company for `serve --demo`. Everything is delivered
//! by the api's own rules; nothing here writes a table.
//!
//! | where | what |
//! |---|---|
//! | [`demo`] | the company of `serve --demo`, written by hand |
//! | `crowd`, `story`, `text`, `tongue` | who there is, who writes to whom and when, what they write, in which languages |
//! | `store` | how it gets into the database |

mod crowd;
pub mod demo;
mod store;
mod story;
mod text;
mod tongue;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use api::app::App;
use api::clock::Clock;
use api::config::{Config, DataFolder};
use api::conversation::audience::Target;
use api::conversation::{self, Filter};
use api::event::bus::local::Local;
use api::id::{Ids, UserId};
use api::message::body::Body;
use api::message::delivery::Delivery;
use api::message::key::IdempotencyKey;
use api::page::Page;
use rand::rngs::ChaCha12Rng;
use rand::{RngExt as _, SeedableRng as _};

use crowd::{Crowd, Person};
use story::Story;

/// The password of everybody who is made up.
pub const DEMO_PASSWORD: &str = "welcome-to-the-demo";

/// People added in one transaction: SQLite takes 32,766 values a statement.
const PEOPLE_AT_ONCE: usize = 4_000;
/// Messages delivered in one transaction: enough that the cost of a commit disappears.
const MESSAGES_AT_ONCE: usize = 4_000;
/// How many of the people who write most have read some of it.
const READERS: usize = 5;
/// How many of each reader's newest conversations are looked at.
const OPENED: u64 = 40;

/// How much to make up.
#[derive(Debug, Clone, clap::Args)]
pub struct Plan {
    /// How many people
    #[arg(long, default_value_t = 50)]
    pub users: u64,
    /// How many messages
    #[arg(long, default_value_t = 5_000)]
    pub messages: u64,
    /// Which of many: the same number gives the same data
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// A stream of chance for each thing that is made up, so that asking one for more does not change the others.
#[derive(Debug, Clone, Copy)]
enum Stream {
    People = 1,
    Story = 2,
    Reading = 3,
}

impl Plan {
    fn chance(&self, of: Stream) -> ChaCha12Rng {
        let mut chance = ChaCha12Rng::seed_from_u64(self.seed);
        // Stream 0 is that of the ids.
        chance.set_stream(of as u64);
        chance
    }
}

/// Fills an empty database and says, in a sentence, what is there now; `progress` is told how many messages are in.
///
/// The same plan gives the same rows, but for the salt of the one password hash. The database is marked as made up before
/// anybody is in it. Where a run is interrupted, what was committed stays: a marked instance with fewer people or messages
/// than were asked for, which cannot be filled again; use a new data folder.
pub async fn fill(config: Config, data: &DataFolder, plan: &Plan, progress: impl Fn(u64)) -> anyhow::Result<String> {
    anyhow::ensure!(
        plan.users >= 2 || plan.messages == 0,
        "messages are written between people: ask for at least 2 users"
    );
    let began = Instant::now();
    let clock = Clock::stopped_at(story::BEGINNING);
    let ids = Ids::seeded(clock.clone(), plan.seed);
    let app = App::open_with(config, data, clock, ids, Arc::new(Local::default())).await?;
    anyhow::ensure!(
        api::user::is_nobody_here(&app).await?,
        "there are people in this database: seed wants an empty one"
    );
    store::mark(&app).await?;
    let (people, story) = add_people(&app, plan).await?;
    tell(&app, plan, &people, story, progress).await?;
    read_some(&app, plan, &people).await?;
    let names = first_names(&app, &people).await?;
    app.database.close().await?;
    let (users, messages, seconds) = (plan.users, plan.messages, began.elapsed().as_secs_f64());
    Ok(format!("Made {users} people and {messages} messages in {seconds:.1} s. {}", how_to_log_in(&names)))
}

async fn add_people(app: &App, plan: &Plan) -> anyhow::Result<(Vec<UserId>, Story)> {
    let count = usize::try_from(plan.users).context("more people than this machine can count")?;
    let hash = store::hash(app).await?;
    let mut crowd = Crowd::new(plan.chance(Stream::People));
    let (mut ids, mut tongues) = (Vec::with_capacity(count), Vec::with_capacity(count));
    while ids.len() < count {
        let people: Vec<Person> = crowd.by_ref().take(PEOPLE_AT_ONCE.min(count - ids.len())).collect();
        tongues.extend(people.iter().map(|person| person.tongue));
        let named = people.iter().map(|person| (person.username.as_str(), person.display_name.as_str()));
        ids.extend(store::add(app, &hash, named).await?);
    }
    Ok((ids, Story::new(plan.chance(Stream::Story), tongues, plan.messages)))
}

async fn tell(
    app: &App,
    plan: &Plan,
    people: &[UserId],
    mut story: Story,
    progress: impl Fn(u64),
) -> anyhow::Result<()> {
    let mut told = 0;
    while told < plan.messages {
        let wanted = usize::try_from(plan.messages - told)?.min(MESSAGES_AT_ONCE);
        let mut sends = Vec::with_capacity(wanted);
        for line in story.by_ref().take(wanted) {
            told += 1;
            sends.push(Delivery {
                author: people[line.author],
                to: Target::Person(people[line.reader]),
                body: Body::parse(&line.text)?,
                key: IdempotencyKey::parse(&format!("seed-{told}"))?,
                draft_revision: None,
                at: line.at,
            });
        }
        // Ids carry the time: it goes on with the story.
        let newest = sends.last().map_or(0, |send| send.at);
        app.clock.advance(Duration::from_millis(u64::try_from(newest - app.clock.now()).unwrap_or(0)));
        store::deliver(app, &sends).await?;
        progress(told);
    }
    Ok(())
}

/// Lets those who write most read most of what is newest: to the end, nearly to the end, or not at all.
async fn read_some(app: &App, plan: &Plan, people: &[UserId]) -> anyhow::Result<()> {
    let mut chance = plan.chance(Stream::Reading);
    for &reader in people.iter().take(READERS) {
        for place in conversation::list(app, reader, Filter::All, &Page::first(OPENED)).await?.rows {
            let left = match chance.random_range(0..10) {
                0 => continue,
                1 | 2 => chance.random_range(1..=9),
                _ => 0,
            };
            let up_to = (place.conversation.last_position - left).max(0);
            store::mark_read(app, reader, place.conversation.id, up_to).await?;
        }
    }
    Ok(())
}

async fn first_names(app: &App, people: &[UserId]) -> anyhow::Result<Vec<String>> {
    let mut first = api::user::find_many(app, &people[..people.len().min(3)]).await?;
    first.sort_by_key(|user| people.iter().position(|id| *id == user.id));
    Ok(first.into_iter().map(|user| user.username).collect())
}

fn how_to_log_in(names: &[String]) -> String {
    if names.is_empty() {
        return "Nobody can log in.".to_owned();
    }
    format!("Log in as {}; everybody's password is {DEMO_PASSWORD}.", names.join(" or "))
}

#[cfg(test)]
mod tests;
