//! Addresses within this site. Where to go after log-in comes from outside, so there is only one way to make an address
//! of it.

use std::fmt;

/// A path with a query.
pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish())
}

/// A path on this site, with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Next(String);

impl Next {
    /// The front page.
    pub(crate) fn home() -> Self {
        Self("/".to_owned())
    }

    /// Takes a relative address. `//host` and `/\host` lead elsewhere in browsers; a log-in page as the goal of a
    /// log-in would only go round.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        let leads_away = rest.starts_with('/') || text.contains(['\\', '\t', '\r', '\n']) || text.contains("/../");
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && text.len() <= 2_000;
        let is_login = matches!(text.split(['?', '#']).next(), Some("/login" | "/logout"));
        (is_plain && !leads_away && !is_login).then(|| Self(text.to_owned()))
    }

    /// What a form or a query brought, or the front page.
    pub(crate) fn or_home(text: Option<&str>) -> Self {
        text.and_then(Self::parse).unwrap_or_else(Self::home)
    }

    /// The page that htmx says its request came from, without scheme and host.
    pub(crate) fn of_address(address: &str) -> Option<Self> {
        let (_, rest) = address.split_once("://")?;
        Self::parse(&rest[rest.find('/')?..])
    }

    /// The address itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The log-in page that leads back here.
    pub(crate) fn login(&self) -> String {
        address("/login", &[("next", &self.0)])
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_site_are_taken() {
        for good in ["/", "/people?q=ada&after=x", "/c/cnv_1#new", "/c/cnv_1/m/12"] {
            assert_eq!(Next::parse(good).expect(good).as_str(), good);
        }
        for bad in [
            "",
            "people",
            "//evil.example",
            "/\\evil.example",
            "/c\\x",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nset-cookie: x",
            "/login?next=/",
            "/logout",
            "/ü",
        ] {
            assert_eq!(Next::parse(bad), None, "{bad:?} was taken");
        }
    }

    #[test]
    fn the_log_in_page_carries_the_address_encoded() {
        assert_eq!(Next::or_home(Some("/people?q=a b")).login(), "/login?next=%2F");
        assert_eq!(Next::or_home(Some("/people?q=a&x=1")).login(), "/login?next=%2Fpeople%3Fq%3Da%26x%3D1");
    }

    #[test]
    fn the_page_of_a_fragment_is_known_by_its_address() {
        assert_eq!(Next::of_address("http://localhost:8080/c/cnv_1?x=1").expect("a page").as_str(), "/c/cnv_1?x=1");
        assert_eq!(Next::of_address("http://localhost:8080//evil"), None);
        assert_eq!(Next::of_address("http://localhost"), None);
    }
}
