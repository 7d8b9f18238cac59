//! `/events`: what happens, told to a browser while its pages are open. Each browser's stream is one stream of the API, with
//! that browser's own token and place in the feed. What is told is made in `push`; nothing is decided here.

use std::{convert::Infallible, time::Duration};

use async_stream::stream;
use axum::{
    extract::{Query, State},
    response::{
        Html, IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::{Stream, StreamExt as _};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{Instant, MissedTickBehavior, interval_at},
};

use self::streams::Ending;
pub(crate) use self::streams::Streams;
use crate::{
    Web,
    api::{Failure, event::Envelope},
    error::Problem,
    session,
    visit::Viewer,
};

mod push;
mod streams;

/// How often a stream says that it is alive.
const BEAT: Duration = Duration::from_secs(4);
/// How far a browser may be behind. Whoever is further behind comes back, and goes on from the last event that arrived.
const MOST_WAITING: usize = 64;

/// What `/events` takes.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    /// Where to go on, when the browser does not say so by itself.
    after: Option<String>,
    /// The session whose page asks. Another person may have logged in meanwhile, and this page is not theirs.
    session: Option<String>,
}

/// GET `/events?after=&session=`.
pub(crate) async fn follow(
    State(web): State<Web>,
    viewer: Result<Viewer, Problem>,
    Query(Since { after, session }): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Problem::CrossSite);
    }
    let viewer = match viewer {
        Err(Problem::SignedOut) => return Ok(signed_out()),
        viewer => viewer?,
    };
    let name = session::public_name(&viewer.session).ok_or(Problem::Broken)?;
    if !viewer.is_behind(session.as_deref()) {
        return Ok(signed_out());
    }
    let ending = web.streams().open(&name).ok_or(Problem::TooOften)?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let after = last.or(after).filter(|cursor| !cursor.is_empty());
    let upstream = match web.api().follow(viewer.caller(), after).await {
        Err(Failure::SignedOut) => return Ok(signed_out()),
        upstream => upstream?,
    };
    let (waiting, arriving) = mpsc::channel(MOST_WAITING);
    tokio::spawn(relay(upstream, move |envelope| push::event(envelope, &viewer), waiting));
    // Neither kept by a cache nor held back by a proxy until there is more of it.
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Sse::new(until_ended(arriving, ending))).into_response())
}

/// Whatever was asked for: an event stream follows no redirect to a page.
fn signed_out() -> Response {
    (StatusCode::UNAUTHORIZED, Html(Problem::SignedOut.words().2)).into_response()
}

/// Takes what the API tells and puts it where the browser fetches it. It never waits for the browser: the streams of all
/// browsers arrive on one line.
async fn relay(
    upstream: impl Stream<Item = Result<Envelope, Failure>>,
    written: impl Fn(Envelope) -> Option<Event>,
    waiting: Sender<Event>,
) {
    let mut upstream = std::pin::pin!(upstream);
    // The first one is sent at once: it opens the stream for the browser, and stands before all news.
    let _ = waiting.try_send(push::beat());
    let mut beats = interval_at(Instant::now() + BEAT, BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let event = tokio::select! {
            biased;
            () = waiting.closed() => return,
            _ = beats.tick() => Some(push::beat()),
            told = upstream.next() => match told {
                Some(Ok(envelope)) => written(envelope),
                Some(Err(Failure::SignedOut)) => {
                    let _ = waiting.try_send(push::signed_out());
                    return;
                }
                // The browser comes back, and learns then what it is.
                Some(Err(_)) | None => return,
            },
        };
        if event.is_some_and(|event| waiting.try_send(event).is_err()) {
            return;
        }
    }
}

/// What the browser gets: what arrives, until its session ends here. Then not even what waits already.
fn until_ended(mut arriving: Receiver<Event>, mut ending: Ending) -> impl Stream<Item = Result<Event, Infallible>> {
    stream! {
        loop {
            let event = tokio::select! {
                biased;
                () = ending.ended() => {
                    yield Ok(push::signed_out());
                    break;
                }
                event = arriving.recv() => event,
            };
            match event {
                Some(event) => yield Ok(event),
                None => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream::{iter, pending};

    use super::*;
    use crate::api::event;

    fn envelope() -> Result<Envelope, Failure> {
        Ok(Envelope { cursor: None, event: event::Event::SomethingElse })
    }

    /// What waits for a browser that was told all this while it did not look.
    async fn told(upstream: impl Stream<Item = Result<Envelope, Failure>>, waiting: Sender<Event>) {
        relay(upstream, |_| Some(Event::default().event("push")), waiting).await;
    }

    /// An event, as it is sent.
    async fn text(event: Event) -> String {
        let answer = Sse::new(iter([Ok::<_, Infallible>(event)])).into_response();
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.expect("a body");
        String::from_utf8(body.to_vec()).expect("text")
    }

    #[tokio::test(start_paused = true)]
    async fn a_browser_that_is_too_far_behind_is_let_go() {
        let (waiting, mut arriving) = mpsc::channel(MOST_WAITING);
        told(iter((0..1_000).map(|_| envelope())).chain(pending()), waiting).await;
        let mut count = 0;
        while arriving.recv().await.is_some() {
            count += 1;
        }
        assert_eq!(count, MOST_WAITING, "what waited for it is lost, or grows without bounds");
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_stream_says_that_it_is_alive() {
        let (waiting, mut arriving) = mpsc::channel(MOST_WAITING);
        let relayed = tokio::spawn(told(pending(), waiting));
        for _ in 0..3 {
            let began = tokio::time::Instant::now();
            assert_eq!(text(arriving.recv().await.expect("a beat")).await, "event: beat\ndata: {}\n\n");
            assert!(began.elapsed() <= BEAT);
        }
        drop(arriving);
        relayed.await.expect("it ends when the browser is gone");
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_end_of_its_session_a_browser_is_told_nothing() {
        let (waiting, mut arriving) = mpsc::channel(MOST_WAITING);
        told(iter([envelope(), Err(Failure::SignedOut), envelope()]), waiting).await;
        let mut last = None;
        while let Some(event) = arriving.recv().await {
            last = Some(event);
        }
        assert!(text(last.expect("an event")).await.starts_with("event: signed-out\n"));

        let (waiting, arriving) = mpsc::channel(MOST_WAITING);
        waiting.try_send(Event::default().event("push").data("secret")).expect("room");
        let streams = Streams::default();
        let ending = streams.open("ada").expect("a place");
        streams.end("ada");
        let heard: Vec<_> = until_ended(arriving, ending).collect().await;
        assert_eq!(heard.len(), 1, "what waited was told after the end");
    }
}
