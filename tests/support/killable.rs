//! An api that can be killed in the middle of whatever it does and started again on the same database, and the bus it has: one
//! that loses half of what it should pass on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::app::App;
use api::clock::Clock;
use api::error::Result;
use api::event::bus::local::Local;
use api::event::bus::{Bus, Fleeting, Listener};
use api::id::{Ids, UserId};
use api::mailbox::Moved;
use async_trait::async_trait;
use tokio::runtime::{Builder, Runtime};

use super::chat::serve;
use super::database::Database;
use super::person::Api;

/// An api with a runtime of its own, so that it can be ended from one moment to the next.
pub(crate) struct Killable {
    database: Arc<Database>,
    life: Mutex<Life>,
}

struct Life {
    api: Api,
    /// None once it was killed.
    runtime: Option<Runtime>,
}

impl Killable {
    /// An api on a database.
    pub(crate) async fn start(database: Arc<Database>) -> Self {
        let life = Mutex::new(Life::begin(&database).await);
        Self { database, life }
    }

    /// The way to it: another one after each start.
    pub(crate) fn api(&self) -> Api {
        self.life().api.clone()
    }

    /// Ends it without a word, and starts it again.
    pub(crate) async fn restart(&self) {
        self.life().kill();
        let next = Life::begin(&self.database).await;
        *self.life() = next;
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Life {
    async fn begin(database: &Database) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (mut config, data) = (database.config(), database.data());
        config.look_every_ms = 50;
        let served = runtime.spawn(async move {
            let clock = Clock::machine();
            let ids = Ids::random(clock.clone()).expect("ids");
            let app = App::open_with(config, &data, clock, ids, Arc::new(Lossy::default())).await;
            let app = app.expect("the api opens");
            app.serve_in_background();
            serve(api::http::router(app)).await
        });
        let url = served.await.expect("an address");
        Self { api: Api::at(url), runtime: Some(runtime) }
    }

    /// Whatever it was doing is dropped where it stands.
    fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A bus that loses about half of the wakes, each for itself.
#[derive(Debug, Default)]
struct Lossy {
    lines: Local,
    luck: AtomicU64,
}

impl Lossy {
    fn is_lucky(&self) -> bool {
        // Steps of the golden ratio: as even as a coin, and never the same pattern twice.
        self.luck.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed) >> 63 == 0
    }
}

#[async_trait]
impl Bus for Lossy {
    async fn wake(&self, Moved(moved): Moved) {
        let kept = moved.into_iter().filter(|_| self.is_lucky()).collect();
        self.lines.wake(Moved(kept)).await;
    }

    async fn tell(&self, people: &[UserId], fleeting: Fleeting) {
        self.lines.tell(people, fleeting).await;
    }

    async fn listen(&self, user: UserId) -> Result<Listener> {
        self.lines.listen(user).await
    }
}
