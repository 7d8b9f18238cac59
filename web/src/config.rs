//! Every flag and variable of the web half, and nothing that acts upon them.

use std::net::SocketAddr;

use http::{Uri, uri::Authority};
use secrecy::SecretString;

/// How the web half is run.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "web")]
pub struct Config {
    /// Where browsers reach the pages.
    #[arg(id = "web_listen", long = "web-listen", env = "JBL_WEB_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Where the API is, without `/graphql`.
    #[arg(long, env = "JBL_API_URL", default_value = "http://127.0.0.1:8081")]
    pub api_url: String,

    /// Where browser sessions are kept: `sqlite:///path` or `postgres://…` [default: web.db in the data folder].
    #[arg(long, env = "JBL_SESSION_DATABASE_URL", hide_env_values = true)]
    pub session_database_url: Option<SecretString>,

    /// The address that people type, when a proxy stands in front: with https, cookies are bound to it.
    #[arg(long, env = "JBL_PUBLIC_URL", value_parser = parse_public_url)]
    pub public_url: Option<PublicUrl>,
}

/// The address at which people reach the product: a scheme and a host, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    secure: bool,
    authority: Authority,
}

impl PublicUrl {
    /// Whether it is reached over https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether a request's `Host` names this address. The scheme's own port may be left out.
    #[must_use]
    pub fn is_host(&self, host: &str) -> bool {
        let port = if self.secure { ":443" } else { ":80" };
        let named = |text: &str| text.strip_suffix(port).unwrap_or(text).to_ascii_lowercase();
        named(host) == named(self.authority.as_str())
    }
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

fn parse_public_url(text: &str) -> Result<PublicUrl, String> {
    let wanted = || "give a scheme and a host, such as https://chat.example.org".to_owned();
    let parts = text.parse::<Uri>().map_err(|_| wanted())?.into_parts();
    let secure = match parts.scheme.as_ref().map(http::uri::Scheme::as_str) {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(wanted()),
    };
    if parts.path_and_query.is_some_and(|path| path != "/") {
        return Err(wanted());
    }
    Ok(PublicUrl { secure, authority: parts.authority.ok_or_else(wanted)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_scheme_and_a_host() {
        let url = parse_public_url("https://Chat.example.org/").expect("a good address");
        assert_eq!(url.to_string(), "https://Chat.example.org");
        assert!(url.is_secure());
        for bad in ["chat.example.org", "ftp://chat.example.org", "https://chat.example.org/chat", "https://", ""] {
            assert!(parse_public_url(bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn a_host_is_compared_without_case_and_without_the_usual_port() {
        let url = parse_public_url("https://chat.example.org").expect("a good address");
        assert!(url.is_host("CHAT.example.org:443"));
        assert!(!url.is_host("chat.example.org:8080"));
        assert!(!url.is_host("10.0.0.1:8080"));
    }
}
