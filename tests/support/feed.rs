//! What people do with their feed: they look into it as a plain query, save drafts, and say that they write.

use serde_json::{Value, json};

use super::person::{Person, Refused, Sent, To, list, new_key, refusals, string};

/// A part of somebody's feed.
#[derive(Debug)]
pub(crate) struct Looked {
    /// What it tells, each event in a line: see [`line`].
    pub(crate) told: Vec<String>,
    /// The cursor of each event.
    pub(crate) cursors: Vec<String>,
    /// Whether there is more already.
    pub(crate) has_more: bool,
    /// Where to go on.
    pub(crate) cursor: String,
}

const EVENT: &str = "cursor event { __typename ... on MessageChanged { message { position body } } \
    ... on ConversationChanged { conversation { viewerLastReadPosition viewerDraft { body } } } \
    ... on TypingChanged { user { username } state } ... on StreamReset { reason } }";

/// An event in a line: `1 hello`, `read 1`, `read 1, draft well`, `grace STARTED`, `reset TOO_OLD`.
pub(crate) fn line(event: &Value) -> String {
    let (message, conversation) = (&event["message"], &event["conversation"]);
    match event["__typename"].as_str() {
        Some("MessageChanged") => format!("{} {}", message["position"], message["body"].as_str().unwrap_or("(gone)")),
        Some("ConversationChanged") => {
            let draft = conversation["viewerDraft"]["body"].as_str().map(|body| format!(", draft {body}"));
            format!("read {}{}", conversation["viewerLastReadPosition"], draft.unwrap_or_default())
        }
        Some("TypingChanged") => format!("{} {}", string(&event["user"]["username"]), string(&event["state"])),
        Some("StreamReset") => format!("reset {}", string(&event["reason"])),
        _ => panic!("an unknown event: {event}"),
    }
}

/// A cursor in plain sight: what its text stands for.
pub(crate) fn opened(cursor: &str) -> Value {
    let json = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).expect("base64url");
    serde_json::from_slice(&json).expect("JSON")
}

/// The cursor that stands for this.
pub(crate) fn closed(cursor: &Value) -> String {
    data_encoding::BASE64URL_NOPAD.encode(cursor.to_string().as_bytes())
}

/// What is stored of somebody's draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The text; none when there is no draft.
    pub(crate) body: Option<String>,
    /// The revision to save the next one from.
    pub(crate) revision: i64,
}

/// A draft of this text at this revision.
pub(crate) fn draft(body: &str, revision: i64) -> Draft {
    Draft { body: Some(body.to_owned()), revision }
}

/// No draft, and the revision to save the next one from.
pub(crate) fn no_draft(revision: i64) -> Draft {
    Draft { body: None, revision }
}

impl Person {
    /// A page of their feed.
    pub(crate) async fn looks_since(&self, after: &str, first: usize) -> Looked {
        let query = format!(
            "query($after: String!, $first: Int!) {{ changes(after: $after, first: $first) {{ \
             events {{ {EVENT} }} hasMore cursor }} }}"
        );
        let data = self.graphql(&query, json!({ "after": after, "first": first })).await;
        let (page, events) = (&data["changes"], list(&data["changes"]["events"]));
        Looked {
            told: events.iter().map(|event| line(&event["event"])).collect(),
            cursors: events.iter().map(|event| string(&event["cursor"])).collect(),
            has_more: page["hasMore"].as_bool().expect("hasMore"),
            cursor: string(&page["cursor"]),
        }
    }

    /// Everything that their feed tells after a cursor.
    pub(crate) async fn told_since(&self, after: &str) -> Vec<String> {
        let (mut told, mut after) = (Vec::new(), after.to_owned());
        loop {
            let page = self.looks_since(&after, 100).await;
            told.extend(page.told);
            if !page.has_more {
                return told;
            }
            after = page.cursor;
        }
    }

    /// Saves a draft from a revision; answers what is stored then.
    pub(crate) async fn drafts(&self, to: impl Into<To>, body: &str, revision: i64) -> Result<Draft, Refused> {
        let payload = self.tries_to_draft(to, body, revision).await;
        refusals(&payload)?;
        let conversation = &payload["conversation"];
        // A draft of nothing leaves no conversation behind.
        let stored = conversation["viewerDraftRevision"].as_i64().unwrap_or(0);
        Ok(Draft { body: payload["draft"]["body"].as_str().map(str::to_owned), revision: stored })
    }

    /// The whole answer to a draft.
    pub(crate) async fn tries_to_draft(&self, to: impl Into<To>, body: &str, revision: i64) -> Value {
        let query = "mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { body revision } \
                     conversation { id viewerDraftRevision } userErrors { code field } } }";
        let input = json!({ "to": to.into().target(), "body": body, "revision": revision });
        self.graphql(query, json!({ "input": input })).await["saveDraft"].take()
    }

    /// What is stored of their draft somewhere; none where they have no conversation.
    pub(crate) async fn draft_in(&self, to: impl Into<To>) -> Option<Draft> {
        let looks = self.looks_at(to, "viewerDraftRevision viewerDraft { body revision }").await;
        let revision = looks["viewerDraftRevision"].as_i64()?;
        let body = looks["viewerDraft"]["body"].as_str().map(str::to_owned);
        assert!(body.is_none() || looks["viewerDraft"]["revision"] == json!(revision), "{looks}");
        Some(Draft { body, revision })
    }

    /// Sends what was their draft at a revision.
    pub(crate) async fn sends_draft(&self, to: impl Into<To>, body: &str, revision: i64) -> Result<Sent, Refused> {
        self.sends_as(to, body, &new_key(), Some(revision)).await
    }

    /// Says that they have begun (`STARTED`) or stopped (`STOPPED`) to write.
    pub(crate) async fn types(&self, to: impl Into<To>, state: &str) -> Result<(), Refused> {
        let query = "mutation($input: SetTypingInput!) { setTyping(input: $input) { conversation { id } \
                     userErrors { code } } }";
        let input = json!({ "conversationId": self.conversation(to).await, "state": state });
        let payload = self.graphql(query, json!({ "input": input })).await["setTyping"].take();
        refusals(&payload)
    }
}
