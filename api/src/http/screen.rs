//! The document screen: refuses hostile documents in time linear in their length, on every transport, before the library
//! validates or runs anything.
//!
//! Fragments make it necessary. Thirty of them that each spread the next one twice are a document of 900 bytes and 2^30
//! selections, and the library's own limits are computed by the very walk that takes minutes. So: brackets are counted
//! before parsing (the parser recurses), each fragment is measured once (`extent`), and what is too large is refused.

mod extent;
#[cfg(test)]
mod tests;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::parser::{self, parse_query};
use async_graphql::{Request, Variables};
use async_graphql_value::ConstValue;

use self::extent::{Extent, Measure};
use super::rejection::Rejection;

/// The longest document.
const MAX_LENGTH: usize = 16 * 1024;
/// How deep brackets of all kinds may nest; also how deep selection sets may, with fragments written in their place.
const MAX_NESTING: usize = 32;
/// How many selections and argument values a document may come to, with fragments written in their places.
const MAX_WEIGHT: usize = 1000;
/// How deep fields may nest.
const MAX_DEPTH: usize = 10;
/// How many fields of one operation may be renamed.
const MAX_ALIASES: usize = 20;
/// How many directives one operation may use.
const MAX_DIRECTIVES: usize = 20;
/// How deep fields may nest from `__schema` or `__type` on: what GraphiQL asks for, and one more.
const MAX_SCHEMA_DEPTH: usize = 16;
/// How many selections may lie at and below `__schema` and `__type`: GraphiQL asks for some 250, and each of them is answered
/// once for every type there is.
const MAX_SCHEMA_WEIGHT: usize = 300;

/// What the screen found out about a document that it lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Screened {
    /// The document asks for `__schema` or `__type`.
    pub(super) introspects: bool,
    /// The operation to run is a subscription.
    pub(super) listens: bool,
}

/// Parses a request's document, in place, unless it is larger in some way than a request has reason to be.
pub(super) fn screen(request: &mut Request) -> Result<Screened, Rejection> {
    if request.query.len() > MAX_LENGTH {
        return Err(too_complex("The document is longer than 16 KiB."));
    }
    check_nesting(&request.query)?;
    let document = parse_query(&request.query).map_err(|error| does_not_parse(&error))?;
    let operation = choose(&document.operations, request.operation_name.as_deref())?;
    check_variables(operation, &request.variables)?;
    let listens = operation.ty == OperationType::Subscription;
    let introspects = check_document(&document, &request.variables)?;
    request.set_parsed_query(document);
    Ok(Screened { introspects, listens })
}

/// Counts brackets, outside of strings and comments. A string that never ends is refused here: it is an error in any case,
/// and behind it this scan and the parser might disagree on what is text.
fn check_nesting(document: &str) -> Result<(), Rejection> {
    let mut rest = document.as_bytes();
    let mut nesting = 0_usize;
    while let [first, tail @ ..] = rest {
        rest = match first {
            b'"' => after_string(rest).ok_or_else(|| Rejection::new(PARSE, "A string in the document never ends."))?,
            b'#' => &tail[tail.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(tail.len())..],
            _ => tail,
        };
        match first {
            b'{' | b'(' | b'[' => nesting += 1,
            b'}' | b')' | b']' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING {
            return Err(too_deep("The document nests brackets more than 32 deep."));
        }
    }
    Ok(())
}

/// What follows the string that `text` starts with.
fn after_string(text: &[u8]) -> Option<&[u8]> {
    let (quote, escaped): (&[u8], &[u8]) =
        if text.starts_with(b"\"\"\"") { (b"\"\"\"", b"\\\"\"\"") } else { (b"\"", b"\\\"") };
    let mut rest = &text[quote.len()..];
    loop {
        if let Some(after) = rest.strip_prefix(quote) {
            return Some(after);
        }
        rest = match rest {
            [] => return None,
            _ if rest.starts_with(escaped) => &rest[escaped.len()..],
            // In a plain string a backslash takes the next character with it, and a line's end is not allowed.
            [b'\\', _, after @ ..] if quote.len() == 1 => after,
            [b'\n' | b'\r', ..] if quote.len() == 1 => return None,
            [_, after @ ..] => after,
        };
    }
}

/// Measures the whole document; answers whether it asks for `__schema` or `__type`.
fn check_document(document: &ExecutableDocument, variables: &Variables) -> Result<bool, Rejection> {
    let mut measure = Measure::new(document, variables);
    let (mut weight, mut logins, mut introspects) = (0, 0, false);
    // Fragments that nothing spreads are walked by the validation as well, so they count too.
    for fragment in document.fragments.keys() {
        weight += measure.fragment(fragment, 0)?.weight;
    }
    for (_, operation) in document.operations.iter() {
        let extent = measure.operation(&operation.node)?;
        check_operation(&operation.node, &extent)?;
        weight += extent.weight;
        introspects |= extent.schema_weight > 0;
        if operation.node.ty == OperationType::Mutation {
            logins += extent.logins;
        }
    }
    // One document, one guess at a password.
    if logins > 1 {
        return Err(Rejection::new("BAD_REQUEST", "A document logs in once at most."));
    }
    if weight > MAX_WEIGHT {
        return Err(too_complex(TOO_HEAVY));
    }
    Ok(introspects)
}

fn check_operation(operation: &OperationDefinition, extent: &Extent) -> Result<(), Rejection> {
    if extent.depth > MAX_DEPTH {
        return Err(too_deep("The document nests fields more than 10 deep."));
    }
    if extent.aliases > MAX_ALIASES {
        return Err(too_complex("The operation has more than 20 aliases."));
    }
    if extent.directives > MAX_DIRECTIVES {
        return Err(too_complex("The operation has more than 20 directives."));
    }
    if extent.schema_weight > MAX_SCHEMA_WEIGHT {
        return Err(too_complex("The operation asks for too much of the schema at once."));
    }
    if operation.ty == OperationType::Mutation && extent.roots > 1 {
        return Err(Rejection::new("BAD_REQUEST", "One request, one change: the mutation has several root fields."));
    }
    if operation.ty == OperationType::Subscription && !has_one_root(&operation.selection_set.node) {
        let problem = "A subscription has exactly one field, and it stands in the operation itself.";
        return Err(Rejection::new("GRAPHQL_VALIDATION_FAILED", problem).at(vec![operation.selection_set.pos]));
    }
    Ok(())
}

/// By the specification a subscription has one source of events. The library would merge several, and pass over fragments.
fn has_one_root(roots: &SelectionSet) -> bool {
    let [only] = roots.items.as_slice() else { return false };
    matches!(&only.node, Selection::Field(field) if !field.node.name.node.starts_with("__"))
}

/// The operation that the request says to run.
fn choose<'a>(operations: &'a DocumentOperations, name: Option<&str>) -> Result<&'a OperationDefinition, Rejection> {
    let chosen = match (operations, name) {
        (DocumentOperations::Single(only), None) => Some(only),
        (DocumentOperations::Multiple(named), Some(name)) => named.get(name),
        (DocumentOperations::Multiple(named), None) if named.len() == 1 => named.values().next(),
        _ => None,
    };
    chosen.map(|operation| &operation.node).ok_or_else(|| {
        let problem = match name {
            None => "The document has several operations: `operationName` says which one to run.",
            Some(_) => "The document has no operation of the name in `operationName`.",
        };
        Rejection::new("BAD_REQUEST", problem)
    })
}

/// That every variable which must be given is given. The library would notice only when a field asks for it, and answer as if
/// the request had been run; by the specification it is refused as a whole.
fn check_variables(operation: &OperationDefinition, given: &Variables) -> Result<(), Rejection> {
    for variable in &operation.variable_definitions {
        let definition = &variable.node;
        let value = given.get(&definition.name.node);
        let absent = value.is_none_or(|value| *value == ConstValue::Null);
        if absent && !definition.var_type.node.nullable && definition.default_value.is_none() {
            let problem = format!("The variable ${} must be given a value.", definition.name.node);
            return Err(Rejection::new("GRAPHQL_VALIDATION_FAILED", problem).at(vec![variable.pos]));
        }
    }
    Ok(())
}

const PARSE: &str = "GRAPHQL_PARSE_FAILED";
const TOO_HEAVY: &str = "With its fragments written out, the document comes to more than 1,000 selections and values.";

/// The parser draws a picture of the line; the last line of it is the sentence.
fn does_not_parse(error: &parser::Error) -> Rejection {
    let picture = error.to_string();
    let reason = picture.rsplit("= ").next().unwrap_or_default().trim();
    Rejection::new(PARSE, format!("The document does not parse: {reason}.")).at(error.positions().collect())
}

fn too_complex(message: &'static str) -> Rejection {
    Rejection::new("QUERY_TOO_COMPLEX", message)
}

fn too_deep(message: &'static str) -> Rejection {
    Rejection::new("QUERY_TOO_DEEP", message)
}
