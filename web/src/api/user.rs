//! People: the list of them, and one of them.

use super::{
    conversation::{NewestThread, PageInfo},
    schema,
    viewer::Frame,
};

#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: cynic::Id,
    pub(crate) username: String,
    pub(crate) display_name: String,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct PeopleVariables {
    pub(crate) search: Option<String>,
    pub(crate) after: Option<String>,
}

/// The page of people.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PeopleVariables")]
pub(crate) struct PeoplePage {
    #[cynic(spread)]
    pub(crate) frame: Frame,
    #[arguments(search: $search, first: 40, after: $after)]
    pub(crate) users: UserConnection,
}

/// More people, or others, for a page that is there already.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PeopleVariables")]
pub(crate) struct People {
    #[arguments(search: $search, first: 40, after: $after)]
    pub(crate) users: UserConnection,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct UserConnection {
    pub(crate) nodes: Vec<User>,
    pub(crate) page_info: PageInfo,
    pub(crate) total_count: i32,
}

#[derive(cynic::QueryVariables)]
pub(crate) struct PersonVariables {
    pub(crate) username: String,
}

/// One person, and the conversation with them if there is one.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PersonVariables")]
pub(crate) struct PersonPage {
    #[cynic(spread)]
    pub(crate) frame: Frame,
    #[arguments(username: $username)]
    pub(crate) user: Option<Person>,
}

/// A person, with what is needed to write to them.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "User")]
pub(crate) struct Person {
    #[cynic(spread)]
    pub(crate) user: User,
    pub(crate) is_active: bool,
    pub(crate) direct_conversation_id: cynic::Id,
    pub(crate) direct_conversation: Option<NewestThread>,
}

/// Who is meant by a name.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PersonVariables")]
pub(crate) struct FindPerson {
    #[arguments(username: $username)]
    pub(crate) user: Option<User>,
}
