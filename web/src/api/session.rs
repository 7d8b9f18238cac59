//! Logging in and out.

use jiff::Timestamp;

use super::{refusal::UserError, schema, viewer::Someone};

#[derive(cynic::QueryVariables)]
pub(crate) struct LoginVariables {
    pub(crate) input: LoginInput,
}

#[derive(cynic::InputObject)]
pub(crate) struct LoginInput {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) device_name: Option<String>,
}

/// A name and a password for a token.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "LoginVariables")]
pub(crate) struct Login {
    #[arguments(input: $input)]
    pub(crate) login: LoginPayload,
}

/// The token is in here: no `Debug`.
#[derive(cynic::QueryFragment)]
pub(crate) struct LoginPayload {
    pub(crate) viewer: Option<Someone>,
    pub(crate) access_token: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) user_errors: Vec<UserError>,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct LogoutVariables {
    pub(crate) input: LogoutInput,
}

#[derive(cynic::InputObject)]
pub(crate) struct LogoutInput {
    pub(crate) all_sessions: bool,
}

/// Ends the session whose token asks.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LogoutVariables")]
pub(crate) struct Logout {
    #[arguments(input: $input)]
    #[expect(dead_code, reason = "that there was an answer is all there is to know")]
    pub(crate) logout: LogoutPayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct LogoutPayload {
    #[expect(dead_code, reason = "a selection cannot be empty")]
    pub(crate) ended_sessions: i32,
}
