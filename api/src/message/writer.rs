//! The delivery writer: one task for each process, which takes whatever sends are waiting into one transaction and answers each
//! after the commit. A lone send pays one commit; a hundred at once share one. Nothing depends on it for being right: sends
//! that fail together are tried one by one.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::delivery::{Delivered, Delivery, Verdict, deliver};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::event::bus::Bus;
use crate::id::Ids;

/// How many sends may wait before further ones are told to come back.
const QUEUE: usize = 4_096;
/// The most sends in one transaction: enough to share the cost of a commit, few enough that nobody waits long for the others.
const BATCH: usize = 64;
/// How often one send is tried when PostgreSQL asks for a retry (deadlock, serialisation failure).
const ATTEMPTS: u32 = 4;

/// The way to the writer; clones share it.
#[derive(Debug, Clone)]
pub struct Writer(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    delivery: Delivery,
    answer: oneshot::Sender<Result<Delivered>>,
}

impl Writer {
    /// Starts the task. It ends when the last handle is gone and everything accepted is answered.
    #[must_use]
    pub fn start(database: Database, ids: Ids, bus: Arc<dyn Bus>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(run(Desk { database, ids, bus }, receiver));
        Self(sender)
    }

    /// Delivers a message. The answer comes after the commit; who stops waiting may find it delivered all the same, and asks
    /// again with the same key.
    pub async fn deliver(&self, delivery: Delivery) -> Result<Delivered> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Waiting { delivery, answer }).map_err(|_| Error::Busy)?;
        answered.await.map_err(|_| Error::internal("the delivery writer has stopped"))?
    }
}

/// What the writer works with.
struct Desk {
    database: Database,
    ids: Ids,
    bus: Arc<dyn Bus>,
}

async fn run(desk: Desk, mut queue: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let Err(outage) = write(&desk, std::mem::take(&mut batch)).await else { continue };
        // Who has waited behind a database that is gone has waited long enough.
        while let Ok(send) = queue.try_recv() {
            send.say(Err(outage.again()));
        }
    }
}

/// The database could not be reached, and why.
struct Outage(String);

impl Outage {
    fn again(&self) -> Error {
        Error::Unavailable(self.0.clone().into())
    }
}

/// Writes a batch and answers it. When it fails, its members are tried one by one, so that none fails for another's sake; but
/// not when the database is out of reach, which would only make all of them wait for the same silence.
async fn write(desk: &Desk, batch: Vec<Waiting>) -> Result<(), Outage> {
    let Err((error, left)) = settle(desk, batch).await else { return Ok(()) };
    if let Error::Unavailable(cause) = error {
        let outage = Outage(cause.to_string());
        left.into_iter().for_each(|send| send.say(Err(outage.again())));
        return Err(outage);
    }
    for send in left {
        write_alone(desk, send).await;
    }
    Ok(())
}

async fn write_alone(desk: &Desk, send: Waiting) {
    let mut waiting = vec![send];
    for attempt in 1..=ATTEMPTS {
        let Err((error, left)) = settle(desk, waiting).await else { return };
        if attempt < ATTEMPTS && matches!(error, Error::Contended(_)) {
            waiting = left;
            continue;
        }
        if let Some(send) = left.into_iter().next() {
            send.say(Err(error));
        }
        return;
    }
}

/// Transactions until every send is answered; on a fault, the sends that are left. Each round settles at least one send of
/// every key, so a batch needs at most as many rounds as it has sends; two more are for keys that other processes take or
/// sever meanwhile.
async fn settle(desk: &Desk, mut waiting: Vec<Waiting>) -> Result<(), (Error, Vec<Waiting>)> {
    for _ in 0..waiting.len() + 2 {
        let deliveries: Vec<Delivery> = waiting.iter().map(|waiting| waiting.delivery.clone()).collect();
        let verdicts = match transact(desk, &deliveries).await {
            Ok(verdicts) => verdicts,
            Err(error) => return Err((error, waiting)),
        };
        let mut again = Vec::new();
        for (send, verdict) in waiting.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Done(answer) => send.say(answer.map_err(Error::from)),
                Verdict::Again => again.push(send),
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        waiting = again;
    }
    Err((Error::internal("an idempotency key was taken again and again"), waiting))
}

async fn transact(desk: &Desk, batch: &[Delivery]) -> Result<Vec<Verdict>> {
    let tx = desk.database.begin().await?;
    let (verdicts, moved) = deliver(&tx, &desk.ids, batch).await?;
    tx.commit().await?;
    desk.bus.wake(moved).await;
    Ok(verdicts)
}

impl Waiting {
    /// Answers; a caller who has gone away is not told.
    fn say(self, answer: Result<Delivered>) {
        let _ = self.answer.send(answer);
    }
}
