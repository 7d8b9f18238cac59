//! The pages in a real browser, with scripts and without: the three stories, and what only a browser can show.

mod composing;
mod keyboard;
mod pictures;
mod playground;
mod screens;
mod scrolling;
mod stories;
