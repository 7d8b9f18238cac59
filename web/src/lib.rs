//! jbl-chat's pages: what browsers see of the product. This half keeps the browser's session and asks the API for
//! everything else, over HTTP, with the same contract that any other client has.
//!
//! - `routes` is every address in one table; `layers` is what all of them share.
//! - `login`, `people`, `conversation`, `message`, `draft`, `settings`: a noun each, template structs above their handlers.
//! - `live` tells browsers what happens, in the same markup.
//! - `shell`, `timeline`, `zone`, `next` are the parts that pages are made of; they are pure.
//! - `api` is the only file that speaks to the API, `session` the only one that knows what a session holds.
//! - `error` turns every problem into words.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use secrecy::ExposeSecret;
use tokio::task::AbortHandle;

pub use config::{Config, PublicUrl};

mod api;
mod asset;
mod chance;
mod clock;
mod config;
mod conversation;
mod draft;
mod error;
mod layers;
mod live;
mod login;
mod message;
mod next;
mod people;
mod routes;
mod session;
mod settings;
mod shell;
mod timeline;
mod visit;
mod zone;

/// How often expired sessions are deleted. They are refused from the moment they expire.
const REAP_EVERY: Duration = Duration::from_secs(600);

/// The web half, connected and ready to be served.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

struct Parts {
    api: api::Api,
    store: session::Store,
    streams: live::Streams,
    public_url: Option<PublicUrl>,
    reaper: AbortHandle,
}

impl Drop for Parts {
    fn drop(&mut self) {
        self.reaper.abort();
    }
}

/// Opens web's own database and prepares the way to the API, which need not be there yet.
pub async fn build(config: Config, data_dir: &Path) -> anyhow::Result<Web> {
    let api = api::Api::new(&config.api_url)?;
    let store = match &config.session_database_url {
        Some(url) => session::Store::open(url.expose_secret()).await,
        None => session::Store::open_file(&data_dir.join("web.db")).await,
    };
    let store = store.context("the database of browser sessions cannot be opened")?;
    let reaper = tokio::spawn(reap(store.clone())).abort_handle();
    let streams = live::Streams::default();
    Ok(Web(Arc::new(Parts { api, store, streams, public_url: config.public_url, reaper })))
}

async fn reap(store: session::Store) {
    let mut ticks = tokio::time::interval(REAP_EVERY);
    loop {
        ticks.tick().await;
        match store.reap(clock::now()).await {
            Ok(0) => {}
            Ok(count) => tracing::debug!(count, "expired sessions were deleted"),
            Err(error) => tracing::warn!(%error, "expired sessions could not be deleted"),
        }
    }
}

impl Web {
    /// Whether web's own database answers. The API is not asked: without it there still is a page that says so.
    pub async fn ready(&self) -> anyhow::Result<()> {
        self.0.store.ready().await.context("the database of browser sessions does not answer")
    }

    /// Every page, with every layer.
    pub fn router(&self) -> axum::Router {
        routes::router(self)
    }

    fn api(&self) -> &api::Api {
        &self.0.api
    }

    fn streams(&self) -> &live::Streams {
        &self.0.streams
    }

    fn public_url(&self) -> Option<&PublicUrl> {
        self.0.public_url.as_ref()
    }
}
