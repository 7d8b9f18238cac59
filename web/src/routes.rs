//! Every address in one table, and the layers around them, outermost last.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn,
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{Web, asset, conversation, draft, error, layers, live, login, message, people, session, settings};

/// A message of 8,000 characters is at most 96 kB as a form; beyond this nobody wrote it.
const BODY_LIMIT: usize = 256 * 1024;

pub(crate) fn router(web: &Web) -> Router {
    let public_url = web.public_url();
    pages()
        .layer(session::layer(web.0.store.clone(), public_url))
        .route("/assets/{digest}/{*name}", get(asset::show))
        .fallback(|| async { error::Problem::NotFound })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(layers::same_site(public_url))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(from_fn(error::explain))
        .layer(from_fn(layers::protect))
        .layer(from_fn(layers::identify))
        .with_state(web.clone())
}

fn pages() -> Router<Web> {
    Router::new()
        .route("/", get(conversation::home))
        .route("/login", get(login::show).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route("/people", get(people::list))
        .route("/u/{username}", get(conversation::with_person))
        .route("/u/{username}/messages", post(message::send_first))
        .route("/u/{username}/draft", post(draft::save_first))
        .route("/c", get(conversation::list))
        .route("/c/{id}", get(conversation::show))
        .route("/c/{id}/messages", get(message::page).post(message::send))
        .route("/c/{id}/m/{position}", get(conversation::around))
        .route("/c/{id}/read", post(message::mark_read))
        .route("/c/{id}/draft", post(draft::save))
        .route("/c/{id}/typing", post(draft::tell))
        .route("/events", get(live::follow))
        .route("/m/{id}", get(conversation::of_message))
        .route("/settings", get(settings::show))
}
