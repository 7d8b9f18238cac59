//! A named person who acts through GraphQL over HTTP, and in no other way.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use api::id::UserId;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::chat::{Group, PASSWORD};

/// The way to an api.
#[derive(Clone)]
pub(crate) struct Api {
    /// Where it is, without `/graphql`.
    pub(crate) url: String,
    /// A client with a time limit.
    pub(crate) http: reqwest::Client,
}

/// What an api said to a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Api {
    pub(crate) fn at(url: String) -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).no_proxy();
        Self { url, http: client.build().expect("a client") }
    }

    /// A request with any body and any headers.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Answer {
        self.tries_to_post(headers, body).await.expect("an answer")
    }

    async fn tries_to_post(&self, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> reqwest::Result<Answer> {
        let mut request = self.http.post(format!("{}/graphql", self.url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, text: response.text().await? })
    }

    /// A document, asked by whoever holds the token, or by nobody.
    pub(crate) async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.tries_to_ask(token, query, variables).await.expect("an answer")
    }

    /// The same of an api that may be gone.
    pub(crate) async fn tries_to_ask(
        &self,
        token: Option<&str>,
        query: &str,
        variables: Value,
    ) -> reqwest::Result<Answer> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json"), ("accept", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        self.tries_to_post(&headers, body).await
    }

    /// What a log-in answers.
    pub(crate) async fn try_log_in(&self, username: &str, password: &str) -> Answer {
        let query = "mutation($input: LoginInput!) { login(input: $input) { accessToken expiresAt \
                     viewer { user { id username } } userErrors { code message field } } }";
        self.ask(None, query, json!({ "input": { "username": username, "password": password } })).await
    }

    /// Opens a session of somebody who is there.
    pub(crate) async fn log_in(&self, username: &str) -> Person {
        let login = self.try_log_in(username, PASSWORD).await.data()["login"].clone();
        assert_eq!(login["userErrors"], json!([]), "{username} cannot log in");
        let id = string(&login["viewer"]["user"]["id"]);
        Person {
            username: string(&login["viewer"]["user"]["username"]),
            user_id: id.parse().expect("a person's id"),
            id,
            token: string(&login["accessToken"]),
            api: self.clone(),
        }
    }
}

impl Answer {
    /// The answer as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON ({}): {}", self.status, self.text))
    }

    /// Its data; fails the test when there are errors.
    pub(crate) fn data(&self) -> Value {
        let mut json = self.json();
        assert!(json.get("errors").is_none(), "{}", self.text);
        json["data"].take()
    }

    /// The codes of its top-level errors, in their order.
    pub(crate) fn codes(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().map_or(&[][..], Vec::as_slice);
        errors.iter().map(|error| string(&error["extensions"]["code"])).collect()
    }
}

/// Somebody with a name and a session.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) username: String,
    /// Their public id.
    pub(crate) id: String,
    /// The key of their row.
    pub(crate) user_id: UserId,
    /// Their session's secret.
    pub(crate) token: String,
    pub(crate) api: Api,
}

/// Where a message is to go, or where one looks.
#[derive(Debug, Clone)]
pub(crate) enum To {
    /// The direct conversation with this person.
    Person(String),
    /// A conversation.
    Conversation(String),
}

impl To {
    /// The same as a `MessageTarget`.
    pub(super) fn target(&self) -> Value {
        match self {
            Self::Person(id) => json!({ "userId": id }),
            Self::Conversation(id) => json!({ "conversationId": id }),
        }
    }
}

impl From<&Person> for To {
    fn from(person: &Person) -> Self {
        Self::Person(person.id.clone())
    }
}

impl From<&Group> for To {
    fn from(group: &Group) -> Self {
        Self::Conversation(group.id.clone())
    }
}

impl From<&Sent> for To {
    fn from(sent: &Sent) -> Self {
        Self::Conversation(sent.conversation.clone())
    }
}

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) conversation: String,
    pub(crate) position: i64,
    pub(crate) body: Option<String>,
    pub(crate) replayed: bool,
}

/// The codes of `userErrors`, where something was refused.
pub(crate) type Refused = Vec<String>;

impl Person {
    /// The data that a document gives; fails the test when there are errors.
    pub(crate) async fn graphql(&self, query: &str, variables: Value) -> Value {
        self.try_graphql(query, variables).await.data()
    }

    /// Whatever a document gives.
    pub(crate) async fn try_graphql(&self, query: &str, variables: Value) -> Answer {
        self.api.ask(Some(&self.token), query, variables).await
    }

    /// Another session of the same person, with the same api or with another.
    pub(crate) async fn on_another_device(&self) -> Self {
        self.api.log_in(&self.username).await
    }

    /// The same session, used with another api of the same instance.
    pub(crate) fn at(&self, api: &Api) -> Self {
        Self { api: api.clone(), ..self.clone() }
    }

    /// Sends a message, which has to be accepted.
    pub(crate) async fn says(&self, to: impl Into<To>, body: &str) -> Sent {
        self.tries_to_say(to, body).await.unwrap_or_else(|codes| panic!("{} cannot say that: {codes:?}", self.username))
    }

    /// Sends a message under a key of its own.
    pub(crate) async fn tries_to_say(&self, to: impl Into<To>, body: &str) -> Result<Sent, Refused> {
        self.sends(to, body, &new_key()).await
    }

    /// Sends a message under a given key.
    pub(crate) async fn sends(&self, to: impl Into<To>, body: &str, key: &str) -> Result<Sent, Refused> {
        self.sends_as(to, body, key, None).await
    }

    /// Sends a message under a given key, which was the draft of a revision.
    pub(super) async fn sends_as(
        &self,
        to: impl Into<To>,
        body: &str,
        key: &str,
        draft: Option<i64>,
    ) -> Result<Sent, Refused> {
        let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { \
                     messageEdge { node { id position body } } conversation { id } replayed userErrors { code } } }";
        let input = json!({ "to": to.into().target(), "body": body, "idempotencyKey": key, "draftRevision": draft });
        let payload = self.graphql(query, json!({ "input": input })).await["sendMessage"].take();
        refusals(&payload)?;
        let node = &payload["messageEdge"]["node"];
        Ok(Sent {
            id: string(&node["id"]),
            conversation: string(&payload["conversation"]["id"]),
            position: node["position"].as_i64().expect("a position"),
            body: node["body"].as_str().map(str::to_owned),
            replayed: payload["replayed"].as_bool().expect("replayed"),
        })
    }

    /// The texts they hold in a conversation, oldest first.
    pub(crate) async fn sees(&self, to: impl Into<To>) -> Vec<String> {
        let messages = self.messages(to).await;
        messages.into_iter().map(|(_, body)| body.unwrap_or_else(|| "(gone)".to_owned())).collect()
    }

    /// Positions and texts of all they hold in a conversation, oldest first; none where they have no conversation.
    pub(crate) async fn messages(&self, to: impl Into<To>) -> Vec<(i64, Option<String>)> {
        let query = "query($id: ID!, $after: String) { conversation(id: $id) { messages(first: 100, after: $after) { \
                     nodes { position body } pageInfo { hasNextPage endCursor } } } }";
        let id = self.conversation(to).await;
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = self.graphql(query, json!({ "id": id, "after": after })).await;
            if data["conversation"].is_null() {
                return found;
            }
            let page = &data["conversation"]["messages"];
            let message = |node: &Value| (node["position"].as_i64().expect("a position"), text(&node["body"]));
            found.extend(list(&page["nodes"]).iter().map(message));
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                return found;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    /// The id of a conversation, stored or not.
    pub(crate) async fn conversation(&self, to: impl Into<To>) -> String {
        match to.into() {
            To::Conversation(id) => id,
            To::Person(id) => {
                let query = "query($id: ID!) { node(id: $id) { ... on User { directConversationId } } }";
                string(&self.graphql(query, json!({ "id": id })).await["node"]["directConversationId"])
            }
        }
    }

    /// One conversation with the fields that `selection` names; null when it is not theirs.
    pub(crate) async fn looks_at(&self, to: impl Into<To>, selection: &str) -> Value {
        let id = self.conversation(to).await;
        let query = format!("query($id: ID!) {{ conversation(id: $id) {{ {selection} }} }}");
        self.graphql(&query, json!({ "id": id })).await["conversation"].take()
    }

    /// The ids of their list, newest activity first.
    pub(crate) async fn lists(&self) -> Vec<String> {
        let data = self.graphql("{ conversations(first: 100) { nodes { id } } }", json!({})).await;
        list(&data["conversations"]["nodes"]).iter().map(|node| string(&node["id"])).collect()
    }

    /// What is unread in all: messages, conversations.
    pub(crate) async fn unread(&self) -> (i64, i64) {
        let unread =
            self.graphql("{ viewer { unread { messages conversations } } }", json!({})).await["viewer"]["unread"]
                .take();
        (unread["messages"].as_i64().expect("a count"), unread["conversations"].as_i64().expect("a count"))
    }

    /// How many messages are unread in one conversation.
    pub(crate) async fn unread_in(&self, to: impl Into<To>) -> i64 {
        self.looks_at(to, "viewerUnreadCount").await["viewerUnreadCount"].as_i64().expect("a count")
    }

    /// Moves their marker forward; answers where it is then.
    pub(crate) async fn marks_read(&self, to: impl Into<To>, position: i64) -> Result<i64, Refused> {
        self.moves_marker(to, position, false).await
    }

    /// Moves their marker; answers where it is then.
    pub(crate) async fn moves_marker(&self, to: impl Into<To>, position: i64, back: bool) -> Result<i64, Refused> {
        let query = "mutation($input: MarkReadInput!) { markRead(input: $input) { \
                     conversation { viewerLastReadPosition } userErrors { code } } }";
        let id = self.conversation(to).await;
        let input = json!({ "conversationId": id, "upToPosition": position, "allowBackwards": back });
        let payload = self.graphql(query, json!({ "input": input })).await["markRead"].take();
        refusals(&payload)?;
        Ok(payload["conversation"]["viewerLastReadPosition"].as_i64().expect("a position"))
    }

    /// The usernames that a search gives, in the order of the list.
    pub(crate) async fn searches(&self, search: &str) -> Vec<String> {
        let query = "query($search: String) { users(search: $search, first: 100) { nodes { username } } }";
        let data = self.graphql(query, json!({ "search": search })).await;
        list(&data["users"]["nodes"]).iter().map(|node| string(&node["username"])).collect()
    }

    /// Ends this session, or all of theirs; answers how many ended.
    pub(crate) async fn logs_out(&self, all: bool) -> i64 {
        let query =
            "mutation($all: Boolean!) { logout(input: { allSessions: $all }) { endedSessions userErrors { code } } }";
        let payload = self.graphql(query, json!({ "all": all })).await["logout"].take();
        assert_eq!(payload["userErrors"], json!([]));
        payload["endedSessions"].as_i64().expect("a count")
    }

    /// Whether their session is open.
    pub(crate) async fn is_logged_in(&self) -> bool {
        let data = self.graphql("{ viewer { user { username } } }", json!({})).await;
        match data["viewer"]["user"]["username"].as_str() {
            Some(username) => username == self.username,
            None => false,
        }
    }
}

/// A key that no other send has.
pub(crate) fn new_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("key-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A list of JSON.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

/// A text of JSON.
pub(crate) fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// What was refused in a payload, if anything.
pub(super) fn refusals(payload: &Value) -> Result<(), Refused> {
    let codes: Refused = list(&payload["userErrors"]).iter().map(|error| string(&error["code"])).collect();
    if codes.is_empty() { Ok(()) } else { Err(codes) }
}
