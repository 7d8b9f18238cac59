//! `/settings`: who one is here, and the way out.

use askama::Template;
use axum::{extract::State, response::Response};
use cynic::QueryBuilder as _;

use crate::{
    Web,
    api::viewer::FramedPage,
    error::Problem,
    shell::{Page, Shell},
    visit::{Viewer, answer},
};

#[derive(Template)]
#[template(path = "settings/settings.html", blocks = ["main"])]
struct Settings {
    shell: Shell,
}

/// GET `/settings`.
pub(crate) async fn show(State(web): State<Web>, viewer: Viewer) -> Result<Response, Problem> {
    let page = web.api().run(viewer.caller(), FramedPage::build(())).await?;
    let page = Settings { shell: Shell::of(page.frame, Page::Settings, &viewer)? };
    answer(viewer.visit.asked, &page, || page.as_main())
}
