//! What somebody is writing: it is kept for them while they do, and others may see that they write. Only scripts come here,
//! and what they get is no page but the state that their next request goes on from.

use axum::{
    Form, Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use cynic::{MutationBuilder as _, QueryBuilder as _};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    Web,
    api::{
        draft::{SaveDraft, SaveDraftInput, SaveDraftVariables, SetTyping, SetTypingInput, SetTypingVariables, Typing},
        message::MessageTarget,
        refusal::Code,
        user::{FindPerson, PersonVariables},
    },
    error::Problem,
    visit::Viewer,
};

/// What the composer holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    message: String,
    /// The revision of the stored draft that it grew from.
    revision: i32,
}

/// What is stored.
#[derive(Serialize)]
struct Stored {
    draft: String,
    revision: i32,
}

/// POST `/c/{id}/draft`.
pub(crate) async fn save(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    save_to(&web, &viewer, MessageTarget::ConversationId(cynic::Id::new(id)), typed).await
}

/// POST `/u/{username}/draft`: for somebody who was perhaps never written to. They learn nothing of it.
pub(crate) async fn save_first(
    State(web): State<Web>,
    viewer: Viewer,
    Path(username): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let find = FindPerson::build(PersonVariables { username });
    let person = web.api().run(viewer.caller(), find).await?.user.ok_or(Problem::NotFound)?;
    save_to(&web, &viewer, MessageTarget::UserId(person.id), typed).await
}

/// Says what is stored now: what was typed, or something newer that must not be overwritten.
async fn save_to(web: &Web, viewer: &Viewer, to: MessageTarget, typed: Typed) -> Result<Response, Problem> {
    let Typed { message: body, revision } = typed;
    let input = SaveDraftInput { to, body, revision };
    let saved = web.api().run(viewer.caller(), SaveDraft::build(SaveDraftVariables { input })).await?.save_draft;
    let status = match saved.user_errors.first().map(|refusal| refusal.code) {
        None => StatusCode::OK,
        Some(Code::StaleRevision) => StatusCode::CONFLICT,
        Some(Code::NotFound) => return Err(Problem::NotFound),
        Some(Code::TooLong) => return Err(Problem::TooLarge),
        Some(Code::RateLimited) => return Err(Problem::TooOften),
        Some(_) => return Err(Problem::BadForm),
    };
    let revision = saved.conversation.ok_or(Problem::Broken)?.viewer_draft_revision;
    let draft = saved.draft.map_or_else(String::new, |draft| draft.body);
    Ok((status, Json(Stored { draft, revision })).into_response())
}

/// Whether somebody writes.
#[derive(Debug, Deserialize)]
pub(crate) struct Pace {
    state: Step,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    Started,
    Stopped,
}

/// POST `/c/{id}/typing`. Where nobody is to be told there is nothing to say either: the conversation may not be stored yet.
pub(crate) async fn tell(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(Pace { state }): Form<Pace>,
) -> Result<StatusCode, Problem> {
    let state = match state {
        Step::Started => Typing::Started,
        Step::Stopped => Typing::Stopped,
    };
    let input = SetTypingInput { conversation_id: cynic::Id::new(id), state };
    web.api().run(viewer.caller(), SetTyping::build(SetTypingVariables { input })).await?;
    Ok(StatusCode::NO_CONTENT)
}
