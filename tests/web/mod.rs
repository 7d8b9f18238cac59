//! The pages from outside, over plain HTTP: what a browser without scripts gets, and the parts that htmx asks for. What
//! comes back is read as HTML, by the ids, roles and words that others rely on.

mod composer;
mod conversation;
mod drafts;
mod layers;
mod live;
mod login;
mod outage;
mod people;
mod reading;
mod routes;
mod streams;
mod typing;
