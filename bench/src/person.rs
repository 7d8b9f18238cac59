//! Made-up people: what they ask and how they write, as any client of the contract does.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Longer than the api takes over anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to an api.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    /// Where it is, without `/graphql`.
    url: String,
    http: reqwest::Client,
}

/// Somebody with a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Api {
    pub(crate) fn at(url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build()?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), http })
    }

    /// The one field that a document asks for.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        token: Option<&str>,
        document: &str,
        variables: Value,
        field: &str,
    ) -> anyhow::Result<T> {
        let mut request = self.http.post(format!("{}/graphql", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let body = json!({ "query": document, "variables": variables });
        let mut answer: Value = request.json(&body).send().await?.json().await.context("an answer that is not JSON")?;
        ensure!(answer["errors"].is_null(), "{field}: {}", answer["errors"]);
        Ok(serde_json::from_value(answer["data"][field].take())?)
    }

    /// Sends a message, which has to be accepted.
    pub(crate) async fn send(&self, author: &Person, reader: &Person, body: &str, key: &str) -> anyhow::Result<()> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Sent {
            message_edge: Option<Value>,
            user_errors: Value,
        }
        let document = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { \
                        messageEdge { node { id position } } userErrors { code } } }";
        let input = json!({ "to": { "userId": reader.id }, "body": body, "idempotencyKey": key });
        let sent: Sent = self.ask(Some(&author.token), document, json!({ "input": input }), "sendMessage").await?;
        ensure!(sent.message_edge.is_some(), "refused: {}", sent.user_errors);
        Ok(())
    }

    /// Where somebody's feed is now; none when their session is over.
    pub(crate) async fn cursor(&self, person: &Person) -> anyhow::Result<Option<String>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Viewer {
            event_cursor: String,
        }
        let viewer: Option<Viewer> =
            self.ask(Some(&person.token), "{ viewer { eventCursor } }", Value::Null, "viewer").await?;
        Ok(viewer.map(|viewer| viewer.event_cursor))
    }
}
