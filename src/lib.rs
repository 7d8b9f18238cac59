//! The one binary: its commands, the accept loop of its listeners, and the data that a trial run is filled with.
//!
//! | where | what |
//! |---|---|
//! | [`command`] | one file a command: parse, wire, dispatch; no rules |
//! | [`listen`] | the accept loop, the same for every listener |
//! | [`ops`] | what the operator's listener answers |
//! | [`seed`] | made-up people and conversations, for `seed` and `serve --demo` |
//! | [`telemetry`] | logs |

pub mod command;
pub mod listen;
pub mod ops;
pub mod seed;
pub mod telemetry;
