//! `/people`: everyone else, searchable as one types.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use cynic::QueryBuilder as _;
use serde::Deserialize;

use crate::{
    Web,
    api::user::{People, PeoplePage, PeopleVariables, UserConnection},
    error::{Problem, thousands},
    next::address,
    shell::{Face, Page, Shell},
    visit::{Asked, Viewer, html},
};

/// The API takes no more, and nobody types more.
const SEARCH_LENGTH: usize = 120;

/// What `/people` takes.
#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    q: Option<String>,
    after: Option<String>,
}

/// The people found, and where the list goes on.
struct Found {
    search: String,
    people: Vec<Face>,
    total: i32,
    more: Option<String>,
}

impl Found {
    /// How many there are, in words.
    fn count(&self) -> String {
        match self.total {
            0 => "Nobody".to_owned(),
            1 => "1 person".to_owned(),
            total => format!("{} people", thousands(total)),
        }
    }

    fn of(users: &UserConnection, search: &str) -> Self {
        let more = users.page_info.end_cursor.as_deref().filter(|_| users.page_info.has_next_page);
        Self {
            search: search.to_owned(),
            people: users.nodes.iter().map(Face::from).collect(),
            total: users.total_count,
            more: more.map(|after| match search {
                "" => address("/people", &[("after", after)]),
                search => address("/people", &[("q", search), ("after", after)]),
            }),
        }
    }
}

#[derive(Template)]
#[template(path = "people/people.html")]
struct PeopleList {
    shell: Shell,
    found: Found,
}

/// The results alone, for a search field that stays.
#[derive(Template)]
#[template(path = "people/_results.html")]
struct Results {
    found: Found,
}

/// The next people, for a list that stays.
#[derive(Template)]
#[template(path = "people/_people.html")]
struct MorePeople {
    found: Found,
}

/// GET `/people?q=&after=`.
pub(crate) async fn list(
    State(web): State<Web>,
    viewer: Viewer,
    Query(Search { q, after }): Query<Search>,
) -> Result<Response, Problem> {
    let search: String = q.unwrap_or_default().trim().chars().take(SEARCH_LENGTH).collect();
    let after = after.filter(|cursor| !cursor.is_empty());
    let goes_on = after.is_some();
    let variables = PeopleVariables { search: Some(search.clone()).filter(|text| !text.is_empty()), after };
    if viewer.visit.asked == Asked::Page {
        let page = web.api().run(viewer.caller(), PeoplePage::build(variables)).await?;
        let found = Found::of(&page.users, &search);
        return html(&PeopleList { shell: Shell::of(page.frame, Page::People, &viewer)?, found });
    }
    let page = web.api().run(viewer.caller(), People::build(variables)).await?;
    let found = Found::of(&page.users, &search);
    if goes_on { html(&MorePeople { found }) } else { html(&Results { found }) }
}
