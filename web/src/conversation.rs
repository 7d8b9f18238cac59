//! Conversations: the list as a page, and one of them with its messages and its composer. Opening never writes: a person
//! can be opened before any conversation with them is stored.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use cynic::QueryBuilder as _;
use serde::Deserialize;

use crate::{
    Web,
    api::{
        conversation::{
            AfterVariables, AroundPage, AroundVariables, Conversation, ConversationPage, Latest, MoreConversations,
            Thread, ThreadVariables,
        },
        message::{FindMessage, FindMessageVariables, Found},
        user::{PersonPage, PersonVariables},
        viewer::{Frame, FramedPage},
    },
    chance, clock,
    error::{Problem, thousands},
    next::address,
    session::{self, Unsent},
    shell::{Face, Page, Rows, Shell, face_of},
    timeline::{MessageRow, Timeline, Unread},
    visit::{Asked, Viewer, answer, html},
};

/// `/c`: on a phone the list is a page of its own; beside it, on a wide screen, nothing is open yet.
#[derive(Template)]
#[template(path = "conversation/chats.html", blocks = ["main"])]
struct Chats {
    shell: Shell,
}

/// More rows for a list that stays.
#[derive(Template)]
#[template(path = "conversation/_rows.html")]
struct MoreRows {
    list: Rows,
}

/// A conversation's page.
#[derive(Template)]
#[template(path = "conversation/conversation.html", blocks = ["main"])]
struct Open {
    shell: Shell,
    scene: Scene,
}

/// What is seen of a conversation.
pub(crate) struct Scene {
    pub(crate) id: String,
    pub(crate) face: Face,
    pub(crate) rows: Vec<MessageRow>,
    /// Where older messages go on; none at the start of the conversation.
    pub(crate) older: Option<String>,
    /// Where newer messages go on; none at the newest end.
    pub(crate) newer: Option<String>,
    pub(crate) unread: i32,
    /// None where nobody can be written to.
    pub(crate) composer: Option<Composer>,
}

impl Scene {
    /// The newest position on the page.
    pub(crate) fn seen(&self) -> i32 {
        self.rows.last().map_or(0, |row| row.position)
    }
}

/// The form that sends.
pub(crate) struct Composer {
    /// The page it stands on: it posts to that page's `/messages`, and keeps its draft at its `/draft`.
    pub(crate) page: String,
    pub(crate) begun: Begun,
    pub(crate) limit: i32,
}

impl Composer {
    /// The limit as it is read.
    pub(crate) fn limit_in_words(&self) -> String {
        thousands(self.limit)
    }
}

/// What stands in a composer.
#[derive(Default)]
pub(crate) struct Begun {
    pub(crate) key: String,
    pub(crate) text: String,
    /// The revision of the stored draft that the text grew from.
    pub(crate) draft: i32,
    /// Why it was not sent.
    pub(crate) refusal: String,
    /// Whether it is something else than the stored draft.
    pub(crate) is_unsaved: bool,
}

impl Begun {
    /// What its author has begun to write in a conversation, without a key.
    fn stored_in(conversation: &Conversation) -> Self {
        let text = conversation.viewer_draft.as_ref().map_or_else(String::new, |draft| draft.body.clone());
        Self { text, draft: conversation.viewer_draft_revision, ..Self::default() }
    }

    /// The text that waited for its author to log in; `draft` is the stored revision, where it does not know of one.
    fn unsent(Unsent { key, text, draft: known, .. }: Unsent, draft: i32) -> Self {
        Self { key, text, draft: known.unwrap_or(draft), refusal: String::new(), is_unsaved: true }
    }
}

/// GET `/`.
pub(crate) async fn home(State(web): State<Web>, viewer: Viewer) -> Result<Redirect, Problem> {
    let latest = web.api().run(viewer.caller(), Latest::build(())).await?;
    let conversation = latest.conversations.nodes.first();
    Ok(Redirect::to(&conversation.map_or("/people".to_owned(), |latest| format!("/c/{}", latest.id.inner()))))
}

/// What `/c` takes.
#[derive(Debug, Deserialize)]
pub(crate) struct After {
    after: Option<String>,
}

/// GET `/c?after=`.
pub(crate) async fn list(
    State(web): State<Web>,
    viewer: Viewer,
    Query(After { after }): Query<After>,
) -> Result<Response, Problem> {
    let after = after.filter(|cursor| !cursor.is_empty());
    if after.is_none() {
        let page = web.api().run(viewer.caller(), FramedPage::build(())).await?;
        let page = Chats { shell: Shell::of(page.frame, Page::Chats, &viewer)? };
        return answer(viewer.visit.asked, &page, || page.as_main());
    }
    let more = web.api().run(viewer.caller(), MoreConversations::build(AfterVariables { after })).await?;
    let list = Rows::of(&more.conversations, &viewer);
    if viewer.visit.asked == Asked::Fragment {
        return html(&MoreRows { list });
    }
    let page = web.api().run(viewer.caller(), FramedPage::build(())).await?;
    html(&Chats { shell: Shell { list, ..Shell::of(page.frame, Page::Chats, &viewer)? } })
}

/// What `/c/{id}` takes.
#[derive(Debug, Deserialize)]
pub(crate) struct At {
    at: Option<String>,
}

/// GET `/c/{id}`: at the first unread message when there is one, else at the newest. `?at=newest` insists.
pub(crate) async fn show(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(At { at }): Query<At>,
) -> Result<Response, Problem> {
    let page = web.api().run(viewer.caller(), ConversationPage::build(ThreadVariables::back(&id, None))).await?;
    let thread = page.conversation.ok_or(Problem::NotFound)?;
    if at.as_deref() == Some("newest") {
        return draw(page.frame, &thread, &viewer, None, None).await;
    }
    draw_at_unread(&web, page.frame, &thread, &viewer).await
}

/// The newest page, or the one with the first unread message when that lies further back.
async fn draw_at_unread(web: &Web, frame: Frame, thread: &Thread, viewer: &Viewer) -> Result<Response, Problem> {
    if begins_after_first_unread(thread) {
        let Thread { conversation, .. } = thread;
        let id = conversation.id.inner().to_owned();
        return page_around(web, viewer, id, conversation.viewer_last_read_position, None).await;
    }
    draw(frame, thread, viewer, None, None).await
}

/// Whether the first unread message may lie before this page.
fn begins_after_first_unread(thread: &Thread) -> bool {
    let first = thread.messages.edges.first().map(|edge| edge.node.position);
    thread.conversation.viewer_unread_count > 0
        && thread.messages.page_info.has_previous_page
        && first.is_some_and(|position| position > thread.conversation.viewer_last_read_position)
}

/// GET `/c/{id}/m/{position}`: the page around a message, which is marked.
pub(crate) async fn around(
    State(web): State<Web>,
    viewer: Viewer,
    Path((id, position)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let position = position.parse().map_err(|_| Problem::NotFound)?;
    page_around(&web, &viewer, id, position, Some(position)).await
}

async fn page_around(
    web: &Web,
    viewer: &Viewer,
    id: String,
    position: i32,
    wanted: Option<i32>,
) -> Result<Response, Problem> {
    let variables = AroundVariables { id: cynic::Id::new(id), position };
    let page = web.api().run(viewer.caller(), AroundPage::build(variables)).await?;
    let thread = page.conversation.ok_or(Problem::NotFound)?.into();
    draw(page.frame, &thread, viewer, wanted, None).await
}

/// GET `/m/{id}`.
pub(crate) async fn of_message(
    State(web): State<Web>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Redirect, Problem> {
    let variables = FindMessageVariables { id: cynic::Id::new(id) };
    match web.api().run(viewer.caller(), FindMessage::build(variables)).await?.node {
        Some(Found::Message(place)) => {
            Ok(Redirect::to(&format!("/c/{}/m/{}", place.conversation.id.inner(), place.position)))
        }
        _ => Err(Problem::NotFound),
    }
}

/// GET `/u/{username}`: the conversation with a person, whether or not it is stored.
pub(crate) async fn with_person(
    State(web): State<Web>,
    viewer: Viewer,
    Path(username): Path<String>,
) -> Result<Response, Problem> {
    draw_person(&web, &viewer, username, None).await
}

/// A person's page; with a refused text, the one that refuses it.
pub(crate) async fn draw_person(
    web: &Web,
    viewer: &Viewer,
    username: String,
    refused: Option<Begun>,
) -> Result<Response, Problem> {
    let page = web.api().run(viewer.caller(), PersonPage::build(PersonVariables { username })).await?;
    let person = page.user.ok_or(Problem::NotFound)?;
    if person.user.id.inner() == viewer.id {
        return Ok(Redirect::to("/settings").into_response());
    }
    if let Some(thread) = person.direct_conversation.map(Thread::from) {
        // What waited for its author to log in waits here, wherever the conversation has come from meanwhile.
        let waiting = session::unsent(&viewer.session, &format!("/u/{}", person.user.username)).await?;
        let refused =
            refused.or_else(|| waiting.map(|unsent| Begun::unsent(unsent, thread.conversation.viewer_draft_revision)));
        return match refused {
            None => draw_at_unread(web, page.frame, &thread, viewer).await,
            refused => draw(page.frame, &thread, viewer, None, refused).await,
        };
    }
    let mut shell = Shell::of(page.frame, Page::Conversation, viewer)?;
    shell.open(person.direct_conversation_id.inner());
    let address = format!("/u/{}", person.user.username);
    // A text that was refused is shown even where nothing can be sent any more: somebody typed it.
    let composer = match person.is_active || refused.is_some() {
        true => Some(composer(address, &shell, viewer, refused, Begun::default()).await?),
        false => None,
    };
    let scene = Scene {
        id: person.direct_conversation_id.into_inner(),
        face: (&person.user).into(),
        rows: Vec::new(),
        older: None,
        newer: None,
        unread: 0,
        composer,
    };
    let page = Open { shell, scene };
    answer(viewer.visit.asked, &page, || page.as_main())
}

/// A conversation's page, from what the API said of it.
pub(crate) async fn draw(
    frame: Frame,
    thread: &Thread,
    viewer: &Viewer,
    wanted: Option<i32>,
    refused: Option<Begun>,
) -> Result<Response, Problem> {
    let mut shell = Shell::of(frame, Page::Conversation, viewer)?;
    let conversation = &thread.conversation;
    shell.open(conversation.id.inner());
    let has_text = refused.is_some() || conversation.viewer_draft.is_some();
    let composer = match conversation.viewer_can_post || has_text {
        true => {
            let (address, stored) = (format!("/c/{}", conversation.id.inner()), Begun::stored_in(conversation));
            Some(composer(address, &shell, viewer, refused, stored).await?)
        }
        false => None,
    };
    let page = Open { scene: Scene { composer, ..scene(thread, viewer, wanted) }, shell };
    answer(viewer.visit.asked, &page, || page.as_main())
}

/// A page of messages, without a composer.
pub(crate) fn scene(thread: &Thread, viewer: &Viewer, wanted: Option<i32>) -> Scene {
    let Thread { conversation, messages } = thread;
    let (last_read, count) = (conversation.viewer_last_read_position, conversation.viewer_unread_count);
    let unread = Some(Unread { last_read, count });
    let timeline = Timeline { zone: &viewer.visit.zone, now: clock::now(), unread, wanted };
    // Pages overlap by one row, which is not drawn where the list goes on before it: it only tells how the next one is
    // grouped. So a row that is on the screen never changes when its neighbours arrive, and nothing jumps.
    let edges = &messages.edges;
    let hidden = usize::from(messages.page_info.has_previous_page && edges.len() > 1);
    let begin = edges.get(hidden).filter(|_| messages.page_info.has_previous_page);
    let end = edges.iter().rev().nth(1).or(edges.last()).filter(|_| messages.page_info.has_next_page);
    let path = format!("/c/{}/messages", conversation.id.inner());
    Scene {
        id: conversation.id.inner().to_owned(),
        face: face_of(conversation, &viewer.id),
        rows: timeline.rows(messages).split_off(hidden),
        older: begin.map(|edge| address(&path, &[("before", &edge.cursor)])),
        newer: end.map(|edge| address(&path, &[("after", &edge.cursor)])),
        unread: count,
        composer: None,
    }
}

/// The composer of a page: with the text that was refused, else the one that waited for its author to log in, else what
/// its author had begun to write.
async fn composer(
    page: String,
    shell: &Shell,
    viewer: &Viewer,
    refused: Option<Begun>,
    stored: Begun,
) -> Result<Composer, Problem> {
    let limit = shell.instance.max_body_length;
    if let Some(begun) = refused {
        return Ok(Composer { page, begun, limit });
    }
    let unsent = session::unsent(&viewer.session, &page).await?;
    let begun = match unsent {
        Some(unsent) => Begun::unsent(unsent, stored.draft),
        None => Begun { key: chance::uuid().to_string(), ..stored },
    };
    Ok(Composer { page, begun, limit })
}
