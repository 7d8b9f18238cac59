//! A browser without a screen: it asks for pages over HTTP, keeps its cookie, and reads what comes back as HTML. What a
//! page does in a real browser is `browser`'s concern.

use std::cell::RefCell;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Url, redirect::Policy};
use scraper::{ElementRef, Html, Selector};

use super::chat::{Chat, PASSWORD};

/// Somebody at a browser, logged in or not.
pub(crate) struct Visitor {
    http: Client,
    /// Where the pages are, without a slash at the end.
    pub(crate) site: String,
    /// Name and value of the session's cookie.
    pub(crate) cookie: RefCell<Option<String>>,
}

impl Visitor {
    /// A stranger.
    pub(crate) fn at(site: &str) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(60)).redirect(Policy::none()).no_proxy();
        Self { http: client.build().expect("a client"), site: site.to_owned(), cookie: RefCell::default() }
    }

    /// Somebody who is there and has logged in through the form.
    pub(crate) async fn logged_in(chat: &Chat, username: &str) -> Self {
        let visitor = Self::at(&chat.web_url);
        let answer = visitor.logs_in(username, PASSWORD).await;
        assert_eq!(answer.status, 303, "{username} cannot log in: {}", answer.text);
        visitor
    }

    /// Fills in the log-in form and sends it.
    pub(crate) async fn logs_in(&self, username: &str, password: &str) -> Page {
        let form = self.get("/login").await.form(".login__form").with("username", username).with("password", password);
        self.submits(form).await
    }

    /// Asks for a page.
    pub(crate) fn get(&self, path: &str) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    /// Posts a form as a browser does.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Ask<'_> {
        let mut ask = self.ask(Method::POST, path).header("sec-fetch-site", "same-origin");
        ask.request = ask.request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded(fields));
        ask
    }

    /// Submits a form of a page.
    pub(crate) fn submits(&self, form: Form) -> Ask<'_> {
        let Form { action, method, fields } = form;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match method.as_str() {
            "post" => self.post(&action, &fields),
            _ => self.get(&format!("{action}?{}", encoded(&fields))),
        }
    }

    /// Any request, without what a browser says of itself.
    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        let mut request = self.http.request(method, format!("{}{path}", self.site)).header(ACCEPT, "text/html");
        if let Some(cookie) = &*self.cookie.borrow() {
            request = request.header(COOKIE, cookie);
        }
        Ask { visitor: self, request }
    }
}

/// A request that is not sent yet; awaiting it sends it.
pub(crate) struct Ask<'a> {
    visitor: &'a Visitor,
    request: RequestBuilder,
}

impl Ask<'_> {
    /// As htmx asks for a part of the page that is on the screen.
    pub(crate) fn fragment(self) -> Self {
        self.header("hx-request", "true").header("hx-request-type", "partial")
    }

    /// As htmx asks for a page, of which it takes `#main`.
    pub(crate) fn boosted(self) -> Self {
        self.header("hx-request", "true").header("hx-request-type", "full")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }
}

impl<'a> IntoFuture for Ask<'a> {
    type Output = Page;
    type IntoFuture = Pin<Box<dyn Future<Output = Page> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let response = self.request.send().await.expect("an answer");
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            if let Some(cookie) = headers.get(SET_COOKIE).and_then(|value| value.to_str().ok()) {
                let pair = cookie.split(';').next().unwrap_or_default();
                let kept = !pair.ends_with('=');
                *self.visitor.cookie.borrow_mut() = kept.then(|| pair.to_owned());
            }
            Page { status, headers, text: response.text().await.expect("a body") }
        })
    }
}

impl Ask<'_> {
    /// Sends it, and leaves the body to be read as it comes.
    pub(crate) async fn begun(self) -> reqwest::Response {
        // As long as a test takes: the client's own limit is for answers that end.
        self.request.timeout(Duration::from_secs(3_600)).send().await.expect("an answer")
    }
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    /// A piece of markup by itself.
    pub(crate) fn of(text: &str) -> Self {
        Self { status: 200, headers: HeaderMap::new(), text: text.to_owned() }
    }

    /// The value of a header; nothing when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "not a redirect: {}", self.text);
        self.header(LOCATION.as_str())
    }

    /// Whether it is a document of its own, rather than a part of one.
    pub(crate) fn is_whole(&self) -> bool {
        self.header(CONTENT_TYPE.as_str()).starts_with("text/html") && self.text.starts_with("<!doctype html>")
    }

    /// Whether there is such an element.
    pub(crate) fn has(&self, selector: &str) -> bool {
        self.count(selector) > 0
    }

    /// How many such elements there are.
    pub(crate) fn count(&self, selector: &str) -> usize {
        self.all(selector, |_| ()).len()
    }

    /// What each such element says, its white space collapsed.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector, |element| collapsed(&element.text().collect::<String>()))
    }

    /// What the only such element says, its white space collapsed.
    pub(crate) fn says(&self, selector: &str) -> String {
        self.one(selector, |element| collapsed(&element.text().collect::<String>()))
    }

    /// The text of the only such element, to the letter.
    pub(crate) fn exactly(&self, selector: &str) -> String {
        self.one(selector, |element| element.text().collect())
    }

    /// An attribute of each such element; nothing where it is not there.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.all(selector, |element| element.attr(name).unwrap_or_default().to_owned())
    }

    /// An attribute of the only such element.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> String {
        let value = self.one(selector, |element| element.attr(name).map(str::to_owned));
        value.unwrap_or_else(|| panic!("{selector} has no {name} in: {}", self.text))
    }

    /// The only such element, as it is written.
    pub(crate) fn markup(&self, selector: &str) -> String {
        self.one(selector, |element| element.html())
    }

    /// The texts of the messages, oldest first.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.all("[id^='message-'] [hx-ignore]", |element| element.text().collect())
    }

    /// The form that the only such element is.
    pub(crate) fn form(&self, selector: &str) -> Form {
        self.one(selector, |form| Form {
            action: form.attr("action").expect("an action").to_owned(),
            method: form.attr("method").expect("a method").to_owned(),
            fields: select("input[name], textarea[name]", |fields| {
                let value = |field: ElementRef| match field.value().name() {
                    "textarea" => field.text().collect(),
                    _ => field.attr("value").unwrap_or_default().to_owned(),
                };
                form.select(fields)
                    .map(|field| (field.attr("name").expect("a name").to_owned(), value(field)))
                    .collect()
            }),
        })
    }

    fn one<T>(&self, selector: &str, read: impl Fn(ElementRef) -> T) -> T {
        let mut found = self.all(selector, read);
        assert_eq!(found.len(), 1, "{} elements are {selector} in ({}): {}", found.len(), self.status, self.text);
        found.remove(0)
    }

    fn all<T>(&self, selector: &str, read: impl Fn(ElementRef) -> T) -> Vec<T> {
        let document = Html::parse_document(&self.text);
        select(selector, |selector| document.select(selector).map(read).collect())
    }
}

fn select<T>(selector: &str, read: impl FnOnce(&Selector) -> T) -> T {
    read(&Selector::parse(selector).unwrap_or_else(|error| panic!("{selector} is no selector: {error}")))
}

/// Names and values as forms and addresses write them.
fn encoded(fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://localhost").expect("an address");
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A form as it stands on a page, with what is filled in.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) method: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// Fills a field in, which has to be there.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(field, _)| field == name);
        value.clone_into(&mut field.unwrap_or_else(|| panic!("the form has no field {name}")).1);
        self
    }

    /// What is in a field.
    pub(crate) fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("the form has no field {name}"))
    }
}
