//! Hostile documents, and those that must pass. None of this may take long: an unscreened one would take minutes.

use std::fmt::Write as _;

use super::*;

fn code_of(document: &str) -> &'static str {
    screened(document).map_or_else(|rejection| rejection.code, |_| "fine")
}

fn screened(document: &str) -> Result<Screened, Rejection> {
    screen(&mut Request::new(document))
}

/// `a { a { … } }`, so many fields deep.
fn deep(depth: usize) -> String {
    format!("{}{}", "{a".repeat(depth), "}".repeat(depth))
}

/// Fragments that each spread the next one twice.
fn doubling(fragments: usize) -> String {
    let mut document = "{ ...f0 }".to_owned();
    for n in 1..fragments {
        let _ = write!(document, " fragment f{} on Query {{ ...f{n} ...f{n} }}", n - 1);
    }
    write!(document, " fragment f{} on Query {{ a }}", fragments - 1).unwrap();
    document
}

#[test]
fn doubling_fragments_are_refused() {
    assert_eq!(code_of(&doubling(31)), "QUERY_TOO_COMPLEX");
    // Which bound it meets first depends on which fragment is measured first.
    assert!(["QUERY_TOO_DEEP", "QUERY_TOO_COMPLEX"].contains(&code_of(&doubling(300))));
    assert_eq!(code_of(&doubling(5)), "fine");
}

#[test]
fn fragments_count_whether_they_are_used_or_not() {
    let unused = format!("{{ a }} {}", &doubling(31)["{ ...f0 }".len()..]);
    assert_eq!(code_of(&unused), "QUERY_TOO_COMPLEX");
}

#[test]
fn a_long_chain_of_fragments_is_refused_from_whichever_end_it_is_measured() {
    let link = |from: usize| format!(" fragment f{from} on Q {{ ...f{} }}", from + 1);
    for length in [31, 400] {
        let links: Vec<String> = (0..length).map(link).collect();
        let end = format!(" fragment f{length} on Q {{ a }}");
        for chain in [links.concat(), links.iter().rev().cloned().collect()] {
            assert_eq!(code_of(&format!("{{ a }}{chain}{end}")), if length < 32 { "fine" } else { "QUERY_TOO_DEEP" });
            assert_eq!(code_of(&format!("{{ ...f0 }}{chain}{end}")), "QUERY_TOO_DEEP");
        }
    }
}

#[test]
fn a_fragment_that_contains_itself_is_refused() {
    for document in [
        "{ ...a } fragment a on Q { ...a }",
        "{ ...a } fragment a on Q { x { ...b } } fragment b on Q { ... on Q { ...a } }",
        "{ x } fragment a on Q { ...b } fragment b on Q { ...a }",
    ] {
        assert_eq!(code_of(document), "GRAPHQL_VALIDATION_FAILED", "{document}");
    }
    assert_eq!(code_of("{ ...missing }"), "fine", "the validation names it");
}

#[test]
fn fields_nest_ten_deep() {
    assert_eq!(code_of(&deep(10)), "fine");
    assert_eq!(code_of(&deep(11)), "QUERY_TOO_DEEP");
    assert_eq!(code_of("{a{a{a{a{a{...f}}}}}} fragment f on Q {a{a{a{a{a}}}}}"), "fine");
    assert_eq!(code_of("{a{a{a{a{a{...f}}}}}} fragment f on Q {a{a{a{a{a{a}}}}}}"), "QUERY_TOO_DEEP");
}

#[test]
fn brackets_are_counted_before_anything_is_parsed() {
    assert_eq!(code_of(&deep(5000)), "QUERY_TOO_DEEP");
    for bracket in ["{", "(", "["] {
        assert_eq!(code_of(&bracket.repeat(MAX_LENGTH)), "QUERY_TOO_DEEP");
        assert_eq!(code_of(&format!("{{ a(b: {}", bracket.repeat(100))), "QUERY_TOO_DEEP");
    }
    assert_eq!(code_of(&"}".repeat(MAX_LENGTH)), "GRAPHQL_PARSE_FAILED");
    assert_eq!(code_of(&" ".repeat(MAX_LENGTH + 1)), "QUERY_TOO_COMPLEX");
}

#[test]
fn text_is_not_counted_as_brackets() {
    let many = "{[(".repeat(100);
    for text in [
        format!("{{ a(b: \"{many}\") }}"),
        format!("{{ a(b: \"\\\"{many}\\\\\") }}"),
        format!("{{ a(b: \"\"\"{many} \\\"\"\" \" \\ \n {many}\"\"\") }}"),
        format!("# {many}\r{{ a # {many}\n}}"),
        format!("{{ a(b: \"\", c: \"{many}\") }}"),
    ] {
        assert_eq!(code_of(&text), "fine", "{text}");
    }
}

#[test]
fn text_that_never_ends_hides_nothing() {
    let many = "{".repeat(100);
    for text in [
        format!("{{ a(b: [\"\"\" {many}"),
        format!("{{ a(b: \"\n{many}"),
        "{ a(b: \"\\".to_owned(),
        format!("{{ a(b: [\"\"\"x\", {many}"),
    ] {
        assert_eq!(code_of(&text), "GRAPHQL_PARSE_FAILED", "{text}");
    }
    for text in [format!("{{ a(b: \"\\\\\") {many}"), format!("{{ a(b: \"\"\"\"\"\") {many}"), format!("# \"\n{many}")]
    {
        assert_eq!(code_of(&text), "QUERY_TOO_DEEP", "{text}");
    }
}

#[test]
fn what_does_not_parse_says_where() {
    let rejection = screened("{ a(").unwrap_err();
    assert_eq!(rejection.code, "GRAPHQL_PARSE_FAILED");
    assert!(rejection.message.starts_with("The document does not parse: expected"), "{}", rejection.message);
    assert_eq!(rejection.locations.len(), 1);
    for document in ["", "fragment f on Q { a }", "{ a } { b }", "query A { a } query A { b }", "{ a } query A { b }"] {
        assert_eq!(code_of(document), "GRAPHQL_PARSE_FAILED", "{document}");
    }
}

#[test]
fn aliases_and_directives_have_bounds() {
    let aliases = |count: usize| (0..count).fold(String::new(), |text, n| text + &format!(" a{n}: a"));
    assert_eq!(code_of(&format!("{{ {} }}", aliases(20))), "fine");
    assert_eq!(code_of(&format!("{{ {} }}", aliases(21))), "QUERY_TOO_COMPLEX");
    let spread = format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on Q {{ {} }}", aliases(11));
    assert_eq!(code_of(&spread), "QUERY_TOO_COMPLEX", "a fragment's count each time it is spread");
    for (count, expected) in [(20, "fine"), (21, "QUERY_TOO_COMPLEX")] {
        assert_eq!(code_of(&format!("{{ a {} }}", "@d ".repeat(count))), expected);
        assert_eq!(code_of(&format!("query A {} {{ a }}", "@d ".repeat(count))), expected);
        assert_eq!(code_of(&format!("{{ ...f }} fragment f on Q {} {{ a }}", "@d ".repeat(count))), expected);
    }
}

#[test]
fn selections_and_values_have_a_bound() {
    assert_eq!(code_of(&format!("{{ {} }}", "a ".repeat(1000))), "fine");
    assert_eq!(code_of(&format!("{{ {} }}", "a ".repeat(1001))), "QUERY_TOO_COMPLEX");
    assert_eq!(code_of(&format!("{{ a(b: [{}]) }}", "1 ".repeat(1000))), "QUERY_TOO_COMPLEX");
    let with_ids = |count: usize, document: &str| {
        let ids: Vec<usize> = (0..count).collect();
        screen(&mut Request::new(document).variables(Variables::from_json(serde_json::json!({ "ids": ids }))))
    };
    let once = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert!(with_ids(100, once).is_ok());
    assert_eq!(with_ids(1000, once).unwrap_err().code, "QUERY_TOO_COMPLEX");
    let often = format!("query ($ids: [ID!]!) {{ {} }}", "nodes(ids: $ids) { id } ".repeat(10));
    assert_eq!(with_ids(100, &often).unwrap_err().code, "QUERY_TOO_COMPLEX");
}

#[test]
fn a_mutation_has_one_root_field() {
    assert_eq!(code_of("mutation { __typename sendMessage { a b } }"), "fine");
    assert_eq!(code_of("mutation { sendMessage { a } sendMessage { b } }"), "BAD_REQUEST");
    assert_eq!(code_of("mutation { ...f ... { b } } fragment f on Mutation { a }"), "BAD_REQUEST");
    assert_eq!(code_of("{ a b }"), "fine");
}

#[test]
fn several_log_ins_are_refused_as_a_whole() {
    for document in [
        "mutation { login { a } x: login { a } }",
        "mutation { ...f ...f } fragment f on Mutation { login { a } }",
        "mutation { login @skip(if: true) { a } login { a } }",
    ] {
        assert_eq!(code_of(document), "BAD_REQUEST", "{document}");
    }
    let mut request = Request::new("mutation A { login { a } } mutation B { login { a } }").operation_name("A");
    assert_eq!(screen(&mut request).unwrap_err().code, "BAD_REQUEST");
}

#[test]
fn one_operation_is_chosen() {
    let two = "query A { a } query B { b }";
    assert_eq!(code_of(two), "BAD_REQUEST");
    assert!(screen(&mut Request::new(two).operation_name("B")).is_ok());
    assert_eq!(screen(&mut Request::new(two).operation_name("C")).unwrap_err().code, "BAD_REQUEST");
    assert_eq!(screen(&mut Request::new("{ a }").operation_name("C")).unwrap_err().code, "BAD_REQUEST");
}

#[test]
fn the_schema_may_be_read_as_graphiql_reads_it() {
    let of_types = format!("{}{}", "ofType { kind name ".repeat(9), "}".repeat(9));
    let graphiql = format!(
        "query IntrospectionQuery {{
            __schema {{
                description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
                types {{
                    kind name description specifiedByURL possibleTypes {{ ...Reference }} interfaces {{ ...Reference }}
                    fields(includeDeprecated: true) {{
                        name description isDeprecated deprecationReason type {{ ...Reference }}
                        args(includeDeprecated: true) {{ ...Value }}
                    }}
                    inputFields(includeDeprecated: true) {{ ...Value }}
                    enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
                }}
                directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...Value }} }}
            }}
        }}
        fragment Value on __InputValue {{
            name description type {{ ...Reference }} defaultValue isDeprecated deprecationReason
        }}
        fragment Reference on __Type {{ kind name {of_types} }}"
    );
    assert_eq!(screened(&graphiql), Ok(Screened { introspects: true, listens: false }));
    assert_eq!(screened("{ __typename a { __typename } }"), Ok(Screened { introspects: false, listens: false }));
    assert_eq!(
        screened("{ ... { ...f } } fragment f on Query { __type { name } }"),
        Ok(Screened { introspects: true, listens: false })
    );
}

#[test]
fn the_schema_is_not_read_over_and_over() {
    assert_eq!(code_of("{ __schema { types { fields { type { fields { name } } } } } }"), "QUERY_TOO_COMPLEX");
    let hidden = "{ __schema { types { ...f } } } fragment f on __Type { fields { type { ...g } } }
                  fragment g on __Type { possibleTypes { fields { name } } }";
    assert_eq!(code_of(hidden), "QUERY_TOO_COMPLEX");
    let types = |count: usize| format!("{{ __schema {{ types {{ {} }} }} }}", "fields { name } ".repeat(count));
    assert_eq!(code_of(&types(100)), "fine");
    assert_eq!(code_of(&types(210)), "QUERY_TOO_COMPLEX");
    let of_type = format!("{{ __type {}{} }}", "{ ofType ".repeat(16), "}".repeat(16));
    assert_eq!(code_of(&of_type), "QUERY_TOO_DEEP");
}

#[test]
fn a_subscription_has_one_field_of_its_own() {
    assert_eq!(screened("subscription { a }"), Ok(Screened { introspects: false, listens: true }));
    assert_eq!(screened("subscription { a: b { c d } }").map(|screened| screened.listens), Ok(true));
    for document in [
        "subscription { a b }",
        "subscription { a a }",
        "subscription { __typename }",
        "subscription { a __typename }",
        "subscription { ...F } fragment F on Subscription { a }",
        "subscription { ... on Subscription { a } }",
    ] {
        let rejection = screened(document).expect_err(document);
        assert_eq!(rejection.code, "GRAPHQL_VALIDATION_FAILED", "{document}");
    }
}
