//! The pages in a real browser, with scripts and without: the three stories, and what only a browser can show.

mod composing;
mod keyboard;
mod live;
mod live_drafts;
mod live_line;
mod live_tabs;
mod pictures;
mod playground;
mod screens;
mod scrolling;
mod stories;
