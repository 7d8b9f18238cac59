//! People who listen while others write to them: how long a message takes from send to receipt, and what a stream costs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::ensure;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};

use crate::crowd;
use crate::ledger::{Heard, Plan, Sent, compare};
use crate::person::{Api, Person};
use crate::report::{Report, Usages};
use crate::stream::{Connections, Messages, open_socket};
use crate::tell;
use crate::usage::Watched;

/// How many streams are being opened at once.
const OPENINGS_AT_ONCE: usize = 64;
/// How long the api is left alone before it is looked at: what opening took is settled by then.
const REST: Duration = Duration::from_secs(2);
/// How long what was sent may take to arrive before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// What to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Live {
    /// Where the api is, without /graphql
    #[arg(long, default_value = "http://127.0.0.1:8081")]
    api: String,
    /// How many streams are open, the same number for everybody or one more
    #[arg(long, default_value_t = 1_000)]
    streams: usize,
    /// How many people listen and write, each to a neighbour; as many as there are streams when this is not given
    #[arg(long)]
    people: Option<usize>,
    /// How many messages are sent in a second, by all people together
    #[arg(long, default_value_t = 100)]
    rate: u32,
    /// For how long messages are sent
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Listen by WebSockets, a connection for each stream, in place of server-sent events
    #[arg(long)]
    socket: bool,
    /// How many HTTP/2 connections server-sent events share
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// A file to keep people's sessions in, and to take them from the next time: with it, and the api started anew between two
    /// runs, what the api keeps of hashing passwords is no part of what is measured
    #[arg(long)]
    sessions: Option<PathBuf>,
    /// The api's process, if it runs on this machine (Linux): what it takes is measured then
    #[arg(long)]
    pid: Option<u32>,
}

impl Live {
    /// Opens the streams, sends, waits for everything to arrive, and compares.
    pub(crate) async fn run(self) -> anyhow::Result<Report> {
        let people = self.people.unwrap_or(self.streams).min(self.streams);
        ensure!(people >= 2, "it takes two people at least, and a stream for each");
        ensure!(self.rate > 0 && self.connections > 0, "a rate and a number of connections are above zero");
        let api = Api::at(&self.api)?;
        let people = Arc::new(crowd::gather(&api, people, self.sessions.as_deref()).await?);
        let cursors = crowd::cursors(&api, &people).await?;
        let plan = Arc::new(Plan { run: format!("{:016x}", getrandom::u64()?), people: people.len() });
        let watched = self.pid.map(Watched);
        let look = || watched.map(Watched::look).transpose();
        sleep(REST).await;
        let before = look()?;

        tell(&format!("Opening {} streams.", self.streams));
        let began = Instant::now();
        let streams = self.open(&people, &cursors).await?;
        let opening = began.elapsed();
        let audience = Audience::seat(streams, &plan);
        sleep(REST).await;
        let opened = look()?;

        tell(&format!("Sending {} messages a second for {} s.", self.rate, self.seconds));
        let began = Instant::now();
        let sent = self.send(&api, &people, &plan).await?;
        let expected = self.expected(&plan, &sent);
        tell(&format!("Sent {}; waiting for {expected} receipts.", sent.len()));
        audience.receives(expected).await;
        let lasted = began.elapsed();
        // What comes although it should not has a moment to come.
        sleep(REST).await;
        let after = look()?;
        let usage = before.zip(opened).zip(after).map(|((before, opened), after)| Usages { before, opened, after });
        let findings = compare(&plan, &sent, &audience.leave().await);
        Ok(Report { load: self.in_words(people.len()), streams: self.streams, opening, lasted, findings, usage })
    }

    fn in_words(&self, people: usize) -> String {
        let way = if self.socket {
            "WebSockets".to_owned()
        } else {
            format!("server-sent events on {} connections", self.connections)
        };
        format!("{} streams of {people} people by {way}, {} messages a second", self.streams, self.rate)
    }

    /// The streams, each with whose it is.
    async fn open(&self, people: &[Person], cursors: &[String]) -> anyhow::Result<Vec<(usize, Messages)>> {
        let connections = Connections::to(&self.api, self.connections)?;
        let open = async |person: usize| {
            let (who, after) = (&people[person], &cursors[person]);
            let messages = match self.socket {
                true => open_socket(&self.api, who, after).await?,
                false => connections.open(who, after).await?,
            };
            anyhow::Ok((person, messages))
        };
        let openings = (0..self.streams).map(|number| open(number % people.len()));
        stream::iter(openings).buffer_unordered(OPENINGS_AT_ONCE).try_collect().await
    }

    /// Sends at a steady rate, whether or not earlier messages are answered by then.
    async fn send(&self, api: &Api, people: &Arc<Vec<Person>>, plan: &Arc<Plan>) -> anyhow::Result<Vec<Sent>> {
        let mut due = interval(Duration::from_secs(1) / self.rate);
        let mut sends = JoinSet::new();
        for number in 0..(self.rate * self.seconds) as usize {
            let due = due.tick().await;
            let (api, people, plan) = (api.clone(), Arc::clone(people), Arc::clone(plan));
            sends.spawn(async move {
                let (author, reader) = plan.pair(number);
                let (body, key) = (plan.body(number), plan.key(number));
                let answer = api.send(&people[author], &people[reader], &body, &key).await;
                let problem = answer.err().map(|error| format!("{error:#}"));
                Sent { number, due, answered: Instant::now(), problem }
            });
        }
        Ok(sends.join_all().await)
    }

    /// How many receipts there should be in all.
    fn expected(&self, plan: &Plan, sent: &[Sent]) -> usize {
        let streams = |person: usize| (self.streams - person).div_ceil(plan.people);
        let accepted = sent.iter().filter(|sent| sent.problem.is_none());
        let receipts = accepted.map(|sent| plan.pair(sent.number)).map(|(one, other)| streams(one) + streams(other));
        receipts.sum()
    }
}

/// All streams, each read by a task of its own.
struct Audience {
    listeners: JoinSet<Heard>,
    /// How many receipts there were in all.
    arrived: Arc<AtomicUsize>,
    stop: watch::Sender<bool>,
}

impl Audience {
    fn seat(streams: Vec<(usize, Messages)>, plan: &Arc<Plan>) -> Self {
        let (arrived, stop) = (Arc::new(AtomicUsize::new(0)), watch::Sender::new(false));
        let mut listeners = JoinSet::new();
        for (person, messages) in streams {
            listeners.spawn(listen(person, messages, Arc::clone(plan), Arc::clone(&arrived), stop.subscribe()));
        }
        Self { listeners, arrived, stop }
    }

    /// Waits until so many receipts are there, as long as they may take.
    async fn receives(&self, expected: usize) {
        let all = async {
            while self.arrived.load(Ordering::Relaxed) < expected {
                sleep(Duration::from_millis(1)).await;
            }
        };
        // What is missing then counts as lost.
        let _ = timeout(PATIENCE, all).await;
    }

    /// What everybody has heard.
    async fn leave(self) -> Vec<Heard> {
        self.stop.send_replace(true);
        self.listeners.join_all().await
    }
}

/// Notes what one stream receives until it is told to stop.
async fn listen(
    person: usize,
    mut messages: Messages,
    plan: Arc<Plan>,
    arrived: Arc<AtomicUsize>,
    mut stop: watch::Receiver<bool>,
) -> Heard {
    let mut heard = Heard::nothing(person);
    loop {
        let next = tokio::select! {
            next = messages.next() => next,
            _ = stop.wait_for(|stop| *stop) => return heard,
        };
        match next {
            Some(Ok(message)) => {
                let counted = heard.note(&plan, message, Instant::now());
                arrived.fetch_add(usize::from(counted), Ordering::Relaxed);
            }
            Some(Err(error)) => heard.problem = Some(format!("{error:#}")),
            None => heard.problem = Some("the stream was completed".to_owned()),
        }
        if heard.problem.is_some() {
            return heard;
        }
    }
}
