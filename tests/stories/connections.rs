//! Clients that vanish while they listen, seen from inside: no task and no listener outlives its client.

use std::sync::Arc;
use std::time::Duration;

use api::event::bus::local::Local;
use tokio::runtime::Handle;

use crate::support::chat::Chat;
use crate::support::hangup::{many, vanish};
use crate::support::within;

/// Longer than it takes on a busy machine to notice that somebody is gone.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn whoever_vanishes_leaves_no_task_and_no_listener_behind() {
    let bus = Local::default();
    let chat = Chat::start_on_bus(Arc::new(bus.clone()), |_| {}).await;
    let [ada, grace] = chat.people(["ada", "grace"]).await;
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let quiet = tasks();
    vanish(&ada, many()).await;
    // Some of them vanish with this on the way.
    grace.says(&ada, "are you there?").await;
    within(PATIENCE, "the end of their tasks", async || tasks() <= quiet).await;
    assert_eq!(bus.listening(), 0);
    let mut still_here = ada.listens(None).await;
    grace.says(&ada, "are you there now?").await;
    assert_eq!(still_here.message().await.0, "are you there now?");
}
