//! What the operator's listener answers: whether the process lives, and whether it is ready for requests. It is never open to
//! the people who chat.

use std::time::Duration;

use api::app::App;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use web::Web;

/// A readiness check that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// The halves that run in this process.
#[derive(Clone, Default)]
pub struct Halves {
    /// The api, when it runs here.
    pub api: Option<App>,
    /// The pages, when they run here.
    pub web: Option<Web>,
}

impl Halves {
    async fn ready(&self) -> anyhow::Result<()> {
        if let Some(api) = &self.api {
            api.ready().await?;
        }
        if let Some(web) = &self.web {
            web.ready().await?;
        }
        Ok(())
    }
}

/// `/healthz`: the process lives. `/readyz`: what it depends on answers; 503 with a sentence when it does not.
pub fn router(halves: Halves) -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).with_state(halves)
}

async fn ready(State(halves): State<Halves>) -> (StatusCode, String) {
    match tokio::time::timeout(PATIENCE, halves.ready()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n".to_owned()),
        Ok(Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "no answer within two seconds\n".to_owned()),
    }
}
