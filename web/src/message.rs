//! Messages: pages of them, sending, and how far one has read. A text that cannot be sent stays with its author,
//! whatever the reason.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use cynic::{MutationBuilder as _, QueryBuilder as _};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

use crate::{
    Web,
    api::{
        Failure,
        conversation::{
            Conversation, ConversationPage, MarkRead, MarkReadInput, MarkReadVariables, Messages, Thread,
            ThreadVariables,
        },
        message::{MessageTarget, Send, SendMessageInput, SendMessagePayload, SendVariables},
        refusal::{Code, UserError},
        user::{FindPerson, PersonVariables},
        viewer::About,
    },
    chance,
    conversation::{Begun, Scene, draw, draw_person, scene},
    error::{self, Problem},
    login,
    session::{self, Unsent},
    shell::{self, Row},
    timeline::MessageRow,
    visit::{Asked, Viewer, Visit, html},
};

/// Older messages, for a list that stays.
#[derive(Template)]
#[template(path = "message/_older.html")]
struct Older {
    scene: Scene,
}

/// The answer to an accepted send: each piece goes to its place.
#[derive(Template)]
#[template(path = "message/_sent.html")]
struct Sent {
    id: String,
    rows: Vec<MessageRow>,
    row: Row,
    key: String,
    draft: i32,
    seen: i32,
}

/// The answer to a refused send: the sentence, and a new key when the old one is spent.
#[derive(Template)]
#[template(path = "message/_refused.html")]
struct Refused {
    sentence: String,
    key: Option<String>,
}

/// Said when a send failed for no fault of its author, and there is no page to say it on.
#[derive(Template)]
#[template(path = "message/unsent.html")]
struct NotSent<'a> {
    heading: &'a str,
    sentence: &'a str,
    request_id: &'a str,
    action: String,
    form: &'a Written,
}

/// What reading changes on the page.
#[derive(Template)]
#[template(path = "message/_read.html")]
struct Read {
    row: Row,
    title: String,
}

/// What `/c/{id}/messages` takes.
#[derive(Debug, Deserialize)]
pub(crate) struct Cut {
    before: Option<String>,
    after: Option<String>,
}

/// GET `/c/{id}/messages?before=` (or `after=`): a page of the conversation, or older messages for one that is open.
pub(crate) async fn page(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(Cut { before, after }): Query<Cut>,
) -> Result<Response, Problem> {
    let variables = match after {
        Some(after) => ThreadVariables::on(&id, after),
        None => ThreadVariables::back(&id, before),
    };
    if viewer.visit.asked == Asked::Fragment {
        let page = web.api().run(viewer.caller(), Messages::build(variables)).await?;
        let thread = page.conversation.ok_or(Problem::NotFound)?;
        return html(&Older { scene: scene(&thread, &viewer, None) });
    }
    let page = web.api().run(viewer.caller(), ConversationPage::build(variables)).await?;
    let thread = page.conversation.ok_or(Problem::NotFound)?;
    draw(page.frame, &thread, &viewer, None, None).await
}

/// What the composer sends.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Written {
    message: String,
    key: String,
    /// The newest position that its author had before them.
    seen: Option<i32>,
    /// The revision of the draft that this was.
    draft: Option<i32>,
    /// The log-in that its page is of.
    session: Option<String>,
}

/// Where a composer stands.
enum Place {
    Conversation(String),
    Person(String),
}

impl Place {
    /// The page's address.
    fn page(&self) -> String {
        match self {
            Self::Conversation(id) => format!("/c/{id}"),
            Self::Person(username) => format!("/u/{username}"),
        }
    }
}

/// POST `/c/{id}/messages`.
pub(crate) async fn send(
    State(web): State<Web>,
    visit: Visit,
    viewer: Result<Viewer, Problem>,
    Path(id): Path<String>,
    Form(form): Form<Written>,
) -> Result<Response, Problem> {
    send_from(&web, &visit, viewer, Place::Conversation(id), form).await
}

/// POST `/u/{username}/messages`: the conversation is made by the first message.
pub(crate) async fn send_first(
    State(web): State<Web>,
    visit: Visit,
    viewer: Result<Viewer, Problem>,
    Path(username): Path<String>,
    Form(form): Form<Written>,
) -> Result<Response, Problem> {
    send_from(&web, &visit, viewer, Place::Person(username), form).await
}

async fn send_from(
    web: &Web,
    visit: &Visit,
    viewer: Result<Viewer, Problem>,
    place: Place,
    form: Written,
) -> Result<Response, Problem> {
    let viewer = viewer.and_then(|viewer| match viewer.is_behind(form.session.as_deref()) {
        true => Ok(viewer),
        false => Err(Problem::SignedOut),
    });
    let sent = match &viewer {
        Ok(viewer) => attempt(web, viewer, &place, &form).await,
        Err(problem) => Err(*problem),
    };
    match (sent, viewer) {
        (Ok(payload), Ok(viewer)) => match (payload.message_edge, payload.conversation) {
            (Some(edge), Some(tail)) => accepted(web, &viewer, &form, edge.node.position, tail.into()).await,
            _ => {
                let refusal = payload.user_errors.into_iter().next().ok_or(Problem::Broken)?;
                refused(web, &viewer, place, form, refusal).await
            }
        },
        (Ok(_), Err(problem)) | (Err(problem), _) => failed(web, visit, &place, form, problem).await,
    }
}

/// Asks the API to send. What the API does not even take is as much a refusal as what it refuses.
async fn attempt(web: &Web, viewer: &Viewer, place: &Place, form: &Written) -> Result<SendMessagePayload, Problem> {
    let to = match place {
        Place::Conversation(id) => MessageTarget::ConversationId(cynic::Id::new(id)),
        Place::Person(username) => {
            let variables = PersonVariables { username: username.clone() };
            let person = web.api().run(viewer.caller(), FindPerson::build(variables)).await?.user;
            MessageTarget::UserId(person.ok_or(Problem::NotFound)?.id)
        }
    };
    let input = SendMessageInput {
        to,
        body: form.message.clone(),
        idempotency_key: form.key.clone(),
        draft_revision: form.draft,
    };
    match web.api().run(viewer.caller(), Send::build(SendVariables { input })).await {
        Err(Failure::TooLarge) => {
            let refusal = UserError { code: Code::TooLong, field: None, retry_after_ms: None };
            Ok(SendMessagePayload { message_edge: None, conversation: None, user_errors: vec![refusal] })
        }
        answer => Ok(answer?.send_message),
    }
}

/// Shows the new message, and all that came before it since the page was made. Sending marks read what was seen.
async fn accepted(
    web: &Web,
    viewer: &Viewer,
    form: &Written,
    position: i32,
    mut thread: Thread,
) -> Result<Response, Problem> {
    session::forget_unsent(&viewer.session, &form.key).await?;
    let unread = &thread.conversation;
    if let Some(seen) =
        form.seen.filter(|seen| unread.viewer_unread_count > 0 && *seen > unread.viewer_last_read_position)
    {
        // The message is sent whatever comes of this.
        if let Ok((read, _)) = read_up_to(web, viewer, unread.id.clone(), seen).await {
            thread.conversation = read;
        }
    }
    let id = thread.conversation.id.inner().to_owned();
    let newest = newest_of(&thread.conversation);
    if viewer.visit.asked == Asked::Page {
        return Ok(Redirect::to(&newest).into_response());
    }

    let mut rows = scene(&thread, viewer, None).rows;
    let seen = form.seen.unwrap_or(position - 1);
    let has_gap = thread.messages.page_info.has_previous_page && rows.first().is_some_and(|row| row.position > seen);
    if has_gap {
        // More came in than is at hand here: the page goes to its newest end instead of getting a hole.
        let place = serde_json::json!({ "path": newest, "target": "#main", "select": "#main", "swap": "outerSync" });
        let place = HeaderValue::try_from(place.to_string()).map_err(|_| Problem::Broken)?;
        return Ok((StatusCode::OK, [("hx-location", place)]).into_response());
    }
    rows.retain(|row| row.position > seen || row.position == position);
    for row in &mut rows {
        row.new = None;
        row.key = (row.position == position).then(|| form.key.clone());
    }
    let sent = Sent {
        key: chance::uuid().to_string(),
        draft: thread.conversation.viewer_draft_revision,
        seen: rows.last().map_or(seen, |row| row.position.max(seen)),
        row: Row { is_current: true, ..Row::of(&thread.conversation, viewer) },
        rows,
        id: id.clone(),
    };
    // A person's page becomes the conversation's, which is stored now.
    let address = HeaderValue::try_from(format!("/c/{id}")).map_err(|_| Problem::Broken)?;
    Ok(([("hx-replace-url", address)], html(&sent)?).into_response())
}

/// Where a page goes after a send: to the newest end, also when something unread would draw it elsewhere.
fn newest_of(conversation: &Conversation) -> String {
    let at = if conversation.viewer_unread_count > 0 { "?at=newest" } else { "" };
    format!("/c/{}{at}#newest", conversation.id.inner())
}

/// Says why, and keeps the text in its box.
async fn refused(
    web: &Web,
    viewer: &Viewer,
    place: Place,
    form: Written,
    refusal: UserError,
) -> Result<Response, Problem> {
    let fresh_key = refusal.wants_new_key().then(|| chance::uuid().to_string());
    let limit = match refusal.code {
        Code::TooLong => web.api().run(viewer.caller(), About::build(())).await?.instance.max_body_length,
        _ => 0,
    };
    let sentence = error::sentence(&refusal, limit);
    let page = if viewer.visit.asked == Asked::Fragment {
        html(&Refused { sentence, key: fresh_key })?
    } else {
        let draft = form.draft.unwrap_or_default();
        let key = fresh_key.unwrap_or(form.key);
        let begun = Begun { key, text: form.message, draft, refusal: sentence, is_unsaved: true };
        let refused = Some(begun);
        match place {
            Place::Person(username) => draw_person(web, viewer, username, refused).await?,
            Place::Conversation(id) => {
                let variables = ThreadVariables::back(&id, None);
                let page = web.api().run(viewer.caller(), ConversationPage::build(variables)).await?;
                let thread = page.conversation.ok_or(Problem::NotFound)?;
                draw(page.frame, &thread, viewer, None, refused).await?
            }
        }
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Where no page can be drawn to keep the text on, another one keeps it.
async fn failed(web: &Web, visit: &Visit, place: &Place, form: Written, problem: Problem) -> Result<Response, Problem> {
    match problem {
        _ if visit.asked == Asked::Fragment => Err(problem),
        Problem::SignedOut => {
            let unsent = Unsent { page: place.page(), key: form.key, text: form.message, draft: form.draft };
            login::keep_text(web, visit, unsent).await
        }
        Problem::Unavailable | Problem::TooOften | Problem::Broken => {
            let (status, heading, sentence) = problem.words();
            let action = format!("{}/messages", place.page());
            let page = NotSent { heading, sentence, request_id: &visit.id.0, action, form: &form };
            Ok((status, html(&page)?).into_response())
        }
        _ => Err(problem),
    }
}

/// How far one has read.
#[derive(Debug, Deserialize)]
pub(crate) struct ReadUpTo {
    position: i32,
}

/// POST `/c/{id}/read`.
pub(crate) async fn mark_read(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(ReadUpTo { position }): Form<ReadUpTo>,
) -> Result<Response, Problem> {
    let (conversation, unread) = read_up_to(&web, &viewer, cynic::Id::new(&id), position).await?;
    if viewer.visit.asked == Asked::Page {
        return Ok(Redirect::to(&format!("/c/{}", conversation.id.inner())).into_response());
    }
    let row = Row { is_current: true, ..Row::of(&conversation, &viewer) };
    let instance = web.api().run(viewer.caller(), About::build(())).await?.instance;
    let title = shell::title(unread, &row.face.name, &instance.name);
    html(&Read { row, title })
}

/// Gives the conversation as it is then, and how many messages are unread in all.
async fn read_up_to(
    web: &Web,
    viewer: &Viewer,
    conversation_id: cynic::Id,
    up_to_position: i32,
) -> Result<(Conversation, i32), Problem> {
    let input = MarkReadInput { conversation_id, up_to_position };
    let read = web.api().run(viewer.caller(), MarkRead::build(MarkReadVariables { input })).await?.mark_read;
    match (read.conversation, read.unread) {
        (Some(conversation), Some(unread)) => Ok((conversation, unread.messages)),
        _ => Err(match read.user_errors.first().map(|refusal| refusal.code) {
            Some(Code::NotFound) => Problem::NotFound,
            Some(_) => Problem::BadForm,
            None => Problem::Broken,
        }),
    }
}
