//! What a browser session holds, and the cookie that names it. The only file that knows the session's keys.
//! A session begins at log-in and ends with the API's own session; a stranger has neither row nor cookie.

use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::{Expiry, Session, SessionManagerLayer, cookie::SameSite, session::Error};

pub(crate) use self::store::Store;
use crate::config::PublicUrl;

mod migration;
mod seal;
mod store;

const LOGIN: &str = "login";
const UNSENT: &str = "unsent";

/// A log-in. The token is in it: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Login {
    /// The API's token.
    pub(crate) token: String,
    /// Whose it is.
    pub(crate) user_id: String,
    /// When the API's session ends, in Unix seconds; this one ends with it.
    pub(crate) expires_at: i64,
}

/// A text that could not be sent because its author was signed out: it waits for them in the composer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unsent {
    /// The page whose composer it belongs to.
    pub(crate) page: String,
    /// The idempotency key of the send that did not happen.
    pub(crate) key: String,
    /// What was typed.
    pub(crate) text: String,
    /// The revision of the draft that it grew from.
    #[serde(default)]
    pub(crate) draft: Option<i32>,
}

/// The name of the session's cookie: exactly one is valid in a configuration. Browsers accept `__Host-` over https only,
/// and then for this very host only.
pub(crate) fn cookie_name(public_url: Option<&PublicUrl>) -> &'static str {
    if is_secure(public_url) { "__Host-jbl" } else { "jbl" }
}

fn is_secure(public_url: Option<&PublicUrl>) -> bool {
    public_url.is_some_and(PublicUrl::is_secure)
}

/// The layer that brings the session to handlers.
pub(crate) fn layer(store: Store, public_url: Option<&PublicUrl>) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(store)
        .with_name(cookie_name(public_url))
        .with_secure(is_secure(public_url))
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
}

/// Tells the browser to forget the session's cookie. The attributes must be those it was set with.
pub(crate) fn forget_cookie(public_url: Option<&PublicUrl>) -> (http::HeaderName, HeaderValue) {
    let cookie = if is_secure(public_url) {
        "__Host-jbl=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure"
    } else {
        "jbl=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
    };
    (header::SET_COOKIE, HeaderValue::from_static(cookie))
}

/// Who is logged in here.
pub(crate) async fn login(session: &Session) -> Result<Option<Login>, Error> {
    session.get(LOGIN).await
}

/// What a session may be called in public: it changes with every log-in, and tells nothing of the id.
pub(crate) fn public_name(session: &Session) -> Option<String> {
    session.id().as_ref().map(seal::public_name)
}

/// Begins a session under a new id, so that one which somebody planted beforehand is worth nothing.
pub(crate) async fn begin(session: &Session, login: Login, unsent: Option<Unsent>) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    expire_at(session, login.expires_at);
    session.insert(LOGIN, login).await?;
    if let Some(unsent) = unsent {
        session.insert(UNSENT, unsent).await?;
    }
    Ok(())
}

/// Ends the session and destroys its row.
pub(crate) async fn end(session: &Session) -> Result<(), Error> {
    session.flush().await
}

/// The text that waits for this page's composer. Looking does not take it away: a GET never writes.
pub(crate) async fn unsent(session: &Session, page: &str) -> Result<Option<Unsent>, Error> {
    Ok(session.get::<Unsent>(UNSENT).await?.filter(|unsent| unsent.page == page))
}

/// Lets go of a waiting text once a send with its key was accepted.
pub(crate) async fn forget_unsent(session: &Session, key: &str) -> Result<(), Error> {
    if session.get::<Unsent>(UNSENT).await?.is_some_and(|unsent| unsent.key == key) {
        session.remove::<Unsent>(UNSENT).await?;
        if let Some(login) = login(session).await? {
            expire_at(session, login.expires_at);
        }
    }
    Ok(())
}

/// A session that is written again keeps the end it had.
fn expire_at(session: &Session, unix_seconds: i64) {
    let end = OffsetDateTime::from_unix_timestamp(unix_seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    session.set_expiry(Some(Expiry::AtDateTime(end)));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clap::Parser;

    use super::*;
    use crate::Config;

    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        config: Config,
    }

    fn public_url(url: &str) -> Option<PublicUrl> {
        Program::parse_from(["web", "--public-url", url]).config.public_url
    }

    async fn session() -> (Session, Arc<Store>) {
        let store = Arc::new(Store::open("sqlite::memory:").await.expect("a store"));
        (Session::new(None, store.clone(), None), store)
    }

    fn login_of(user_id: &str) -> Login {
        let expires_at = crate::clock::now().as_second() + 3600;
        Login { token: "jbl_secret".to_owned(), user_id: user_id.to_owned(), expires_at }
    }

    #[test]
    fn the_cookie_is_bound_to_its_host_over_https_only() {
        assert_eq!(cookie_name(public_url("https://chat.example.org").as_ref()), "__Host-jbl");
        assert_eq!(cookie_name(public_url("http://chat.example.org").as_ref()), "jbl");
        assert_eq!(cookie_name(None), "jbl");
        let (_, forget) = forget_cookie(public_url("https://chat.example.org").as_ref());
        assert!(forget.to_str().is_ok_and(|text| text.contains("Secure")));
    }

    #[tokio::test]
    async fn logging_in_changes_the_id_and_keeps_the_apis_expiry() {
        let (planted, store) = session().await;
        planted.insert("anything", 1).await.expect("inserted");
        planted.save().await.expect("saved");
        let before = planted.id();
        let wanted = login_of("usr_1");
        let expires_at = wanted.expires_at;
        begin(&planted, wanted, None).await.expect("begun");
        planted.save().await.expect("saved");
        assert_ne!(planted.id(), before);
        assert_eq!(planted.expiry_date().unix_timestamp(), expires_at);

        let old = Session::new(before, store.clone(), None);
        assert!(login(&old).await.expect("looked").is_none());
        let new = Session::new(planted.id(), store, None);
        let found = login(&new).await.expect("looked").expect("a log-in");
        assert_eq!((found.token.as_str(), found.user_id.as_str()), ("jbl_secret", "usr_1"));
        assert_eq!(new.get::<i32>("anything").await.expect("looked"), None);
    }

    #[tokio::test]
    async fn an_unsent_text_waits_for_its_page_until_it_was_sent() {
        let (session, _store) = session().await;
        let unsent =
            Unsent { page: "/c/cnv_1".to_owned(), key: "k".to_owned(), text: "hello".to_owned(), draft: Some(3) };
        let wanted = login_of("usr_1");
        let expires_at = wanted.expires_at;
        begin(&session, wanted, Some(unsent.clone())).await.expect("begun");
        assert_eq!(self::unsent(&session, "/c/cnv_2").await.expect("looked"), None);
        assert_eq!(self::unsent(&session, "/c/cnv_1").await.expect("looked"), Some(unsent));
        forget_unsent(&session, "another").await.expect("kept");
        assert!(self::unsent(&session, "/c/cnv_1").await.expect("looked").is_some());
        forget_unsent(&session, "k").await.expect("forgotten");
        assert_eq!(self::unsent(&session, "/c/cnv_1").await.expect("looked"), None);
        assert_eq!(session.expiry_date().unix_timestamp(), expires_at);
    }
}
