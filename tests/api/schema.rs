//! The schema: printed as it is in the repository, and described to the last argument.

use serde_json::{Value, json};

use crate::support::chat::Chat;
use crate::support::person::list;

/// What the contract may grow by is everything; what it may lose is nothing. Regenerate the file after a change:
/// `cargo run -p api --example schema > schema.graphql`.
#[test]
fn the_contract_in_the_repository_is_the_one_that_is_served() {
    let written = include_str!("../../schema.graphql");
    let served = api::graphql::sdl();
    let differs = written.trim().lines().zip(served.trim().lines()).find(|(written, served)| written != served);
    assert_eq!(differs, None, "the first line that differs");
    assert_eq!(written.trim().lines().count(), served.trim().lines().count());
}

pub(super) const INTROSPECTION: &str = "{ __schema { types { kind name description isOneOf \
    fields(includeDeprecated: true) { name description type { name ofType { name } } args { name description type { kind name ofType { kind name } } } } \
    inputFields { name description type { kind } } enumValues(includeDeprecated: true) { name description } } } }";

#[tokio::test]
async fn everything_is_described() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let data = alice.graphql(INTROSPECTION, json!({})).await;
    let mut bare = Vec::new();
    let mut check = |path: String, thing: &Value| {
        if thing["description"].as_str().is_none_or(|description| description.trim().len() < 6) {
            bare.push(path);
        }
    };
    for kind in list(&data["__schema"]["types"]) {
        let name = kind["name"].as_str().unwrap();
        if name.starts_with("__") {
            continue;
        }
        check(name.to_owned(), kind);
        for members in ["fields", "inputFields", "enumValues"] {
            for member in kind[members].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", member["name"].as_str().unwrap());
                for argument in member["args"].as_array().into_iter().flatten() {
                    check(format!("{path}({})", argument["name"].as_str().unwrap()), argument);
                }
                check(path, member);
            }
        }
    }
    bare.retain(|path| !["ID", "Int", "String", "Boolean", "Float"].contains(&path.as_str()));
    assert_eq!(bare, [""; 0], "without a description");
}

#[tokio::test]
async fn mutations_and_lists_have_one_shape() {
    let chat = Chat::start().await;
    let [alice] = chat.people(["alice"]).await;
    let data = alice.graphql(INTROSPECTION, json!({})).await;
    let kinds = list(&data["__schema"]["types"]);
    let kind = |name: &str| kinds.iter().find(|kind| kind["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    let names = |kind: &Value, members: &str| -> Vec<String> {
        list(&kind[members]).iter().map(|member| member["name"].as_str().unwrap().to_owned()).collect()
    };
    for mutation in list(&kind("Mutation")["fields"]) {
        let name = mutation["name"].as_str().unwrap();
        let capital = name[..1].to_uppercase() + &name[1..];
        assert_eq!(names(mutation, "args"), ["input"], "{name}");
        assert_eq!(mutation["args"][0]["type"]["ofType"]["name"], json!(format!("{capital}Input")));
        assert!(names(kind(&format!("{capital}Payload")), "fields").contains(&"userErrors".to_owned()), "{name}");
    }
    for connection in kinds.iter().filter(|kind| kind["name"].as_str().unwrap().ends_with("Connection")) {
        let fields = names(connection, "fields");
        for wanted in ["edges", "nodes", "pageInfo"] {
            assert!(fields.contains(&wanted.to_owned()), "{} has no {wanted}", connection["name"]);
        }
    }
    for field in kinds.iter().flat_map(|kind| kind["fields"].as_array().into_iter().flatten()) {
        let (arguments, gives) = (names(field, "args"), &field["type"]);
        let gives_a_list = [gives, &gives["ofType"]]
            .iter()
            .any(|gives| gives["name"].as_str().is_some_and(|name| name.ends_with("Connection")));
        for wanted in ["first", "after", "last", "before"]
            .into_iter()
            .filter(|_| gives_a_list && field["name"] != "messagesAround")
        {
            assert!(arguments.contains(&wanted.to_owned()), "{} takes no {wanted}", field["name"]);
        }
        // The feed goes one way.
        let goes_back = arguments.iter().any(|name| name == "last" || name == "before");
        assert!(gives_a_list || !goes_back, "{}", field["name"]);
    }
    assert_eq!(kind("MessageTarget")["isOneOf"], json!(true));
}

#[tokio::test]
async fn the_schema_is_shown_to_people_and_to_strangers_only_with_the_playground() {
    let closed = Chat::start().await;
    let [alice] = closed.people(["alice"]).await;
    for document in ["{ __schema { types { name } } }", "{ __type(name: \"User\") { name } }"] {
        assert_eq!(closed.api.ask(None, document, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        assert!(alice.try_graphql(document, json!({})).await.codes().is_empty());
    }
    assert_eq!(closed.api.ask(None, "{ __typename }", json!({})).await.data(), json!({ "__typename": "Query" }));
    let open = Chat::start_with(|config| config.playground = true).await;
    assert!(open.api.ask(None, "{ __schema { types { name } } }", json!({})).await.codes().is_empty());
}
