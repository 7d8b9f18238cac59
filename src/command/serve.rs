//! `serve`, `api` and `web`: binds the listeners, builds what runs behind them, accepts, and stops everything together.

use std::future::Future;
use std::net::SocketAddr;

use anyhow::Context as _;
use api::app::App;
use api::clock::Clock;
use api::config::{Config, DataFolder, Listen};
use api::database::Location;
use api::lock::{self, Hold, Use};
use api::{instance, user};
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use web::Web as Pages;

use super::{Outcome, say};
use crate::ops::{self, Halves};
use crate::{listen, seed};

/// Where the operator's listener is.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct OpsListen {
    /// Where health is asked for; keep it away from the people who chat
    #[arg(id = "ops_listen", long = "ops-listen", env = "JBL_OPS_LISTEN", default_value = "127.0.0.1:8082")]
    address: SocketAddr,
}

/// Both halves in one process.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Fill an empty database with people and conversations to try, and turn the playground on
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    api: Config,
    #[command(flatten)]
    api_listen: Listen,
    #[command(flatten)]
    web: web::Config,
    #[command(flatten)]
    ops: OpsListen,
}

/// The api alone.
#[derive(Debug, clap::Args)]
pub struct Api {
    #[command(flatten)]
    api: Config,
    #[command(flatten)]
    api_listen: Listen,
    #[command(flatten)]
    ops: OpsListen,
}

/// The pages alone.
#[derive(Debug, clap::Args)]
pub struct Web {
    #[command(flatten)]
    web: web::Config,
    #[command(flatten)]
    ops: OpsListen,
}

impl Serve {
    /// Serves until it is told to stop.
    pub(super) async fn run(mut self, data: &DataFolder) -> anyhow::Result<Outcome> {
        let api_listener = bind(self.api_listen.address).await?;
        let web_listener = bind(self.web.listen).await?;
        let ops_listener = bind(self.ops.address).await?;
        self.api.playground |= self.demo;
        let (app, _hold) = open(self.api, data).await?;
        if self.demo {
            seed::demo::fill(&app).await?;
        }
        refuse_beyond_loopback(&app, &[&api_listener, &web_listener]).await?;
        // The bound address, not the configured one: the port may have been left to the system.
        self.web.api_url = format!("http://{}", api_listener.local_addr()?);
        let address = public_address(&self.web, &web_listener)?;
        let pages = web::build(self.web, &data.path).await?;
        greet(&app, &address, &api_listener).await?;
        let halves = Halves { api: Some(app.clone()), web: Some(pages.clone()) };
        let listeners = vec![
            (api_listener, api::http::router(app.clone()), listen::MANY_STREAMS),
            (web_listener, pages.router(), listen::FEW_STREAMS),
            (ops_listener, ops::router(halves), listen::FEW_STREAMS),
        ];
        serve_all(listeners, || app.live.stop()).await;
        app.database.close().await?;
        Ok(Outcome::Done)
    }
}

impl Api {
    /// Serves until it is told to stop.
    pub(super) async fn run(self, data: &DataFolder) -> anyhow::Result<Outcome> {
        let api_listener = bind(self.api_listen.address).await?;
        let ops_listener = bind(self.ops.address).await?;
        let (app, _hold) = open(self.api, data).await?;
        refuse_beyond_loopback(&app, &[&api_listener]).await?;
        say(format_args!("The api is at http://{}/graphql", api_listener.local_addr()?));
        let halves = Halves { api: Some(app.clone()), ..Halves::default() };
        let listeners = vec![
            (api_listener, api::http::router(app.clone()), listen::MANY_STREAMS),
            (ops_listener, ops::router(halves), listen::FEW_STREAMS),
        ];
        serve_all(listeners, || app.live.stop()).await;
        app.database.close().await?;
        Ok(Outcome::Done)
    }
}

impl Web {
    /// Serves until it is told to stop.
    pub(super) async fn run(self, data: &DataFolder) -> anyhow::Result<Outcome> {
        let web_listener = bind(self.web.listen).await?;
        let ops_listener = bind(self.ops.address).await?;
        let address = public_address(&self.web, &web_listener)?;
        let pages: Pages = web::build(self.web, &data.path).await?;
        say(format_args!("The pages are at {address}"));
        let halves = Halves { web: Some(pages.clone()), ..Halves::default() };
        serve_all(
            vec![
                (web_listener, pages.router(), listen::FEW_STREAMS),
                (ops_listener, ops::router(halves), listen::FEW_STREAMS),
            ],
            || {},
        )
        .await;
        Ok(Outcome::Done)
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn open(config: Config, data: &DataFolder) -> anyhow::Result<(App, Hold)> {
    let hold = lock::take(&Location::find(&config, data)?, data, Use::Shared).await?;
    let app = App::open(config, data, Clock::machine()).await?;
    app.serve_in_background();
    Ok((app, hold))
}

/// Everybody knows the password of made-up people: nobody beyond this machine may reach them.
async fn refuse_beyond_loopback(app: &App, listeners: &[&TcpListener]) -> anyhow::Result<()> {
    if !instance::get(&app.database).await?.demo {
        return Ok(());
    }
    for listener in listeners {
        let address = listener.local_addr()?;
        anyhow::ensure!(
            address.ip().is_loopback(),
            "this database holds demo people, whose password everybody knows: it is served on loopback only, not on {address}"
        );
    }
    Ok(())
}

fn public_address(config: &web::Config, listener: &TcpListener) -> anyhow::Result<String> {
    let bound = listener.local_addr()?;
    Ok(config.public_url.as_ref().map_or_else(|| format!("http://{bound}"), ToString::to_string))
}

async fn greet(app: &App, address: &str, api: &TcpListener) -> anyhow::Result<()> {
    say(format_args!("jbl-chat is at {address}"));
    if instance::get(&app.database).await?.demo {
        say(format_args!("Log in as ada, grace or anybody else; the password is {}", seed::DEMO_PASSWORD));
    } else if user::is_nobody_here(app).await? {
        say("Nobody is here yet. Add somebody: jbl-chat user add NAME");
    }
    if app.config.playground {
        say(format_args!("The playground is at http://{}/graphql", api.local_addr()?));
    }
    Ok(())
}

/// Serves until SIGTERM or Ctrl-C, each listener with so many streams on one connection; when one ends, all do. `hang_up` ends what would not come to an end by itself.
async fn serve_all(listeners: Vec<(TcpListener, Router, u32)>, hang_up: impl FnOnce()) {
    let (stop, stopped) = watch::channel(false);
    let mut serving = JoinSet::new();
    for (listener, router, streams) in listeners {
        let mut stopped = stopped.clone();
        let shutdown = async move {
            let _ = stopped.wait_for(|&stop| stop).await;
        };
        serving.spawn(listen::run(listener, router, streams, shutdown));
    }
    tokio::select! {
        () = told_to_stop() => tracing::info!("told to stop: finishing what is being answered"),
        _ = serving.join_next() => tracing::error!("a listener has ended: stopping"),
    }
    let _ = stop.send(true);
    hang_up();
    serving.join_all().await;
}

#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    async {
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = terminated => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
