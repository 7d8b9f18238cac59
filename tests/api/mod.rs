//! The contract as a client meets it: HTTP, the schema, errors, limits, pages of lists, and who may see what.

mod errors;
mod http;
mod isolation;
mod limits;
mod lists;
mod nodes;
mod schema;
mod socket;
mod socket_bounds;
mod statements;
mod stream;
