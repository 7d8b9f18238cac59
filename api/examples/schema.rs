//! Prints the contract. `cargo run -p api --example schema > schema.graphql` writes it anew; a test of this crate compares it.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(api::graphql::sdl().as_bytes())
}
