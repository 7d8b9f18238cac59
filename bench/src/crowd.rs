//! Getting a crowd in: who there is, and a session for each. Log-ins take long, since passwords are hashed slowly on purpose, and
//! the api keeps memory of it; sessions that were kept in a file are used again instead.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;

use crate::person::{Api, Person};
use crate::tell;

/// Everybody's, where data is made up.
const PASSWORD: &str = "welcome-to-the-demo";
/// Who is always among them.
const HOST: &str = "ada";
/// More log-ins at once would only wait in the api.
const LOG_INS_AT_ONCE: usize = 8;
/// How many people are asked about at once.
const QUESTIONS_AT_ONCE: usize = 16;

/// So many people with sessions, the host first: from the file if all of them are there, else logged in and kept there.
pub(crate) async fn gather(api: &Api, count: usize, kept: Option<&Path>) -> anyhow::Result<Vec<Person>> {
    if let Some(people) = kept.and_then(read).filter(|people| people.len() >= count)
        && api.cursor(&people[0]).await?.is_some()
    {
        return Ok(people.into_iter().take(count).collect());
    }
    tell(&format!("Logging {count} people in: their passwords are hashed, which takes a while."));
    let people = log_in_all(api, count).await?;
    if let Some(path) = kept {
        fs::write(path, serde_json::to_vec(&people)?).with_context(|| path.display().to_string())?;
    }
    Ok(people)
}

/// Where everybody's feed is now, in the same order.
pub(crate) async fn cursors(api: &Api, people: &[Person]) -> anyhow::Result<Vec<String>> {
    let cursor = async |person| api.cursor(person).await?.context("a session that was kept is over: remove the file");
    stream::iter(people).map(cursor).buffered(QUESTIONS_AT_ONCE).try_collect().await
}

/// What was kept; none where there is no file of that form.
fn read(path: &Path) -> Option<Vec<Person>> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

async fn log_in_all(api: &Api, count: usize) -> anyhow::Result<Vec<Person>> {
    let host = log_in(api, HOST.to_owned()).await?;
    let names = names(api, &host, count - 1).await?;
    ensure!(names.len() == count - 1, "there are only {} people", names.len() + 1);
    let others = names.into_iter().map(|name| log_in(api, name));
    let others: Vec<Person> = stream::iter(others).buffered(LOG_INS_AT_ONCE).try_collect().await?;
    Ok(std::iter::once(host).chain(others).collect())
}

async fn log_in(api: &Api, username: String) -> anyhow::Result<Person> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Login {
        access_token: Option<String>,
        viewer: Option<Viewer>,
    }
    #[derive(Deserialize)]
    struct Viewer {
        user: User,
    }
    #[derive(Deserialize)]
    struct User {
        id: String,
    }
    let document = "mutation($input: LoginInput!) { login(input: $input) { accessToken viewer { user { id } } } }";
    let input = json!({ "input": { "username": username, "password": PASSWORD, "deviceName": "bench" } });
    let Login { access_token, viewer } = api.ask(None, document, input, "login").await?;
    let (Some(token), Some(viewer)) = (access_token, viewer) else {
        bail!("{username} cannot log in: are these made-up people (jbl-chat seed)?");
    };
    Ok(Person { id: viewer.user.id, token })
}

/// The usernames of some others, in the order of the list.
async fn names(api: &Api, host: &Person, count: usize) -> anyhow::Result<Vec<String>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page {
        nodes: Vec<User>,
        page_info: PageInfo,
    }
    #[derive(Deserialize)]
    struct User {
        username: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct PageInfo {
        end_cursor: Option<String>,
        has_next_page: bool,
    }
    let document = "query($after: String) { users(first: 100, after: $after) { \
                    nodes { username } pageInfo { endCursor hasNextPage } } }";
    let (mut names, mut after) = (Vec::new(), None);
    while names.len() < count {
        let page: Page = api.ask(Some(&host.token), document, json!({ "after": after }), "users").await?;
        names.extend(page.nodes.into_iter().map(|user| user.username));
        if !page.page_info.has_next_page {
            break;
        }
        after = page.page_info.end_cursor;
    }
    names.truncate(count);
    Ok(names)
}
