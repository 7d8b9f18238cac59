//! Logging in and out. A text that could not be sent because its author was signed out passes through here unharmed.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use cynic::{MutationBuilder as _, QueryBuilder as _};
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Web,
    api::{
        Caller, Failure,
        session::{Login, LoginInput, LoginVariables, Logout, LogoutInput, LogoutVariables},
        viewer::{About, Instance},
    },
    error::{self, Problem},
    next::Next,
    session::{self, Unsent},
    shell::Face,
    visit::{Viewer, Visit, html},
};

/// How a session of ours is called among a person's sessions.
const DEVICE: &str = "Web browser";

/// In a demo, these people are let in at one press.
const DEMO_PEOPLE: [(&str, &str); 2] = [("ada", "Ada Lovelace"), ("grace", "Grace Hopper")];
const DEMO_PASSWORD: &str = "welcome-to-the-demo";

/// The log-in page.
#[derive(Template)]
#[template(path = "login/login.html")]
struct Door {
    instance: Instance,
    next: Next,
    username: String,
    refusal: String,
    unsent: Option<Unsent>,
    demo_people: Vec<Face>,
    demo_password: &'static str,
}

impl Door {
    fn new(instance: Instance, next: Next) -> Self {
        let demo_people = DEMO_PEOPLE.iter().filter(|_| instance.is_demo);
        Self {
            demo_people: demo_people.map(|(username, name)| Face::of(username, name, username)).collect(),
            demo_password: DEMO_PASSWORD,
            username: String::new(),
            refusal: String::new(),
            unsent: None,
            instance,
            next,
        }
    }
}

/// Said instead of the log-in form where logging in cannot work: the cookie is for another host.
#[derive(Template)]
#[template(path = "login/elsewhere.html")]
struct Elsewhere {
    address: String,
}

/// What `/login` takes.
#[derive(Debug, Deserialize)]
pub(crate) struct Destination {
    next: Option<String>,
}

/// GET `/login`. Who is logged in already goes on.
pub(crate) async fn show(
    State(web): State<Web>,
    visit: Visit,
    session: Session,
    Query(Destination { next }): Query<Destination>,
) -> Result<Response, Problem> {
    if let Some(elsewhere) = elsewhere(&web, &visit) {
        return elsewhere;
    }
    let next = Next::or_home(next.as_deref());
    let token = session::login(&session).await?.map(|login| login.token.into());
    let caller = Caller { token: token.as_ref(), ..visit.stranger() };
    let page = match web.api().run(caller, About::build(())).await {
        Err(Failure::SignedOut) => web.api().run(visit.stranger(), About::build(())).await?,
        page => page?,
    };
    if page.viewer.is_some() {
        return Ok(Redirect::to(next.as_str()).into_response());
    }
    html(&Door::new(page.instance, next))
}

/// The log-in form. The password is in it: no `Debug`.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
    key: Option<String>,
    message: Option<String>,
    draft: Option<i32>,
}

impl Credentials {
    fn unsent(&self, next: &Next) -> Option<Unsent> {
        let (key, text) = (self.key.clone()?, self.message.clone()?);
        Some(Unsent { page: next.as_str().to_owned(), key, text, draft: self.draft })
    }
}

/// POST `/login`.
pub(crate) async fn log_in(
    State(web): State<Web>,
    visit: Visit,
    session: Session,
    Form(form): Form<Credentials>,
) -> Result<Response, Problem> {
    if let Some(elsewhere) = elsewhere(&web, &visit) {
        return elsewhere;
    }
    let next = Next::or_home(form.next.as_deref());
    let unsent = form.unsent(&next);
    let username = form.username.trim().to_owned();
    let input = LoginInput { username, password: form.password, device_name: Some(DEVICE.to_owned()) };
    let login = match web.api().run(visit.stranger(), Login::build(LoginVariables { input })).await {
        Ok(answer) => answer.login,
        Err(failure) => {
            let (status, _, sentence) = Problem::from(failure).words();
            let door = Door::new(Instance::unknown(), next);
            let door = Door { username: form.username, refusal: sentence.to_owned(), unsent, ..door };
            return Ok((status, html(&door)?).into_response());
        }
    };
    if let (Some(viewer), Some(token), Some(expires_at)) = (login.viewer, login.access_token, login.expires_at) {
        let login = session::Login { token, user_id: viewer.user.id.into_inner(), expires_at: expires_at.as_second() };
        if let Some(earlier) = session::public_name(&session) {
            web.streams().end(&earlier);
        }
        session::begin(&session, login, unsent).await?;
        return Ok(Redirect::to(next.as_str()).into_response());
    }
    let refusal = login.user_errors.first().ok_or(Problem::Broken)?;
    let page = web.api().run(visit.stranger(), About::build(())).await?;
    let refusal = error::sentence(refusal, page.instance.max_body_length);
    let door = Door { username: form.username, refusal, unsent, ..Door::new(page.instance, next) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&door)?).into_response())
}

/// POST `/logout`. The session here ends whether or not the API can be told: nobody else has its token.
pub(crate) async fn log_out(State(web): State<Web>, viewer: Viewer) -> Result<Response, Problem> {
    let variables = LogoutVariables { input: LogoutInput { all_sessions: false } };
    if let Err(failure) = web.api().run(viewer.caller(), Logout::build(variables)).await {
        tracing::warn!(?failure, "the API was not told of a log-out");
    }
    if let Some(name) = session::public_name(&viewer.session) {
        web.streams().end(&name);
    }
    session::end(&viewer.session).await?;
    Ok(([session::forget_cookie(web.public_url())], Redirect::to("/login")).into_response())
}

/// The answer to a send by somebody who is signed out: the log-in form, with the text in it.
pub(crate) async fn keep_text(web: &Web, visit: &Visit, unsent: Unsent) -> Result<Response, Problem> {
    let page = web.api().run(visit.stranger(), About::build(())).await?;
    let next = Next::or_home(Some(&unsent.page));
    let door = Door { unsent: Some(unsent), ..Door::new(page.instance, next) };
    Ok((StatusCode::UNAUTHORIZED, html(&door)?).into_response())
}

/// A link to the public address, for those who came by another one: the cookie would not hold there.
fn elsewhere(web: &Web, visit: &Visit) -> Option<Result<Response, Problem>> {
    let public_url = web.public_url().filter(|url| url.is_secure())?;
    (!public_url.is_host(&visit.host)).then(|| html(&Elsewhere { address: public_url.to_string() }))
}
