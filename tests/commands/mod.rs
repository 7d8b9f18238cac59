//! The real binary: what its commands do and say, their exit codes, and what survives when it is killed.

// It looks at what Linux keeps of a process.
#[cfg(target_os = "linux")]
mod connections;
mod durability;
mod health;
mod migrate;
mod seed;
mod serve;
mod usage;
mod user;
