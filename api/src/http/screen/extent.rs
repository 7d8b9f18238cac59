//! How large a document is with every fragment written in its place, each fragment measured once.
//! What is too large is for the screen to say, but for two bounds that the measuring itself needs.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql_value::{ConstValue, Name, Value, Variables};

use super::super::rejection::Rejection;
use super::{MAX_NESTING, MAX_SCHEMA_DEPTH, MAX_WEIGHT, TOO_HEAVY, too_complex, too_deep};

/// Fields of the schema's description that lead from types to more types. Below one another they multiply.
const FANS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// The size of a selection, a selection set or a fragment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    /// Selections and argument values.
    pub(super) weight: usize,
    /// The longest path of fields; `__schema` and `__type` are its end.
    pub(super) depth: usize,
    /// The longest path of selection sets, those of fragments included.
    pub(super) nesting: usize,
    /// Fields with another name in the answer.
    pub(super) aliases: usize,
    /// Directives of all kinds.
    pub(super) directives: usize,
    /// The part of `weight` that lies at or below `__schema` and `__type`.
    pub(super) schema_weight: usize,
    /// Fields at the top, those of introspection left out.
    pub(super) roots: usize,
    /// The part of `roots` that is called `login`.
    pub(super) logins: usize,
    /// How often each of `FANS` is on one path.
    fans: [usize; FANS.len()],
}

impl Extent {
    /// Both, one beside the other.
    fn and(self, other: Self) -> Self {
        Self {
            weight: self.weight + other.weight,
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            aliases: self.aliases + other.aliases,
            directives: self.directives + other.directives,
            schema_weight: self.schema_weight + other.schema_weight,
            roots: self.roots + other.roots,
            logins: self.logins + other.logins,
            fans: std::array::from_fn(|fan| self.fans[fan].max(other.fans[fan])),
        }
    }
}

/// Measures the parts of one document.
pub(super) struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// How many values each variable brings.
    variables: HashMap<&'a str, usize>,
    /// `None` while a fragment is being measured.
    fragments: HashMap<&'a str, Option<Extent>>,
}

impl<'a> Measure<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, variables: &'a Variables) -> Self {
        let variables = variables.iter().map(|(name, value)| (name.as_str(), count_const(value))).collect();
        Self { document, variables, fragments: HashMap::new() }
    }

    pub(super) fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Extent, Rejection> {
        let own = self.directives(&operation.directives);
        Ok(own.and(self.selection_set(&operation.selection_set.node, 0)?))
    }

    /// A fragment, which lies below `level` selection sets. One that does not exist has no size: the validation names it.
    pub(super) fn fragment(&mut self, name: &'a str, level: usize) -> Result<Extent, Rejection> {
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Extent::default()) };
        match self.fragments.get(name) {
            Some(Some(extent)) if level + extent.nesting <= MAX_NESTING => return Ok(*extent),
            Some(Some(_)) => return Err(nested_too_deep()),
            Some(None) => {
                let problem = format!("The fragment `{name}` contains itself.");
                return Err(Rejection::new("GRAPHQL_VALIDATION_FAILED", problem).at(vec![fragment.pos]));
            }
            None => {}
        }
        self.fragments.insert(name, None);
        let own = self.directives(&fragment.node.directives);
        let extent = own.and(self.selection_set(&fragment.node.selection_set.node, level)?);
        self.fragments.insert(name, Some(extent));
        Ok(extent)
    }

    /// A selection set below `level` others. The bounds here keep the recursion short and the numbers small.
    fn selection_set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Extent, Rejection> {
        if set.items.is_empty() {
            return Ok(Extent::default());
        }
        if level == MAX_NESTING {
            return Err(nested_too_deep());
        }
        let mut all = Extent::default();
        for selection in &set.items {
            all = all.and(self.selection(&selection.node, level + 1)?);
            if all.weight > MAX_WEIGHT {
                return Err(too_complex(TOO_HEAVY));
            }
        }
        all.nesting += 1;
        Ok(all)
    }

    fn selection(&mut self, selection: &'a Selection, level: usize) -> Result<Extent, Rejection> {
        let mut own = self.directives(selection.directives());
        own.weight += 1;
        let inner = match selection {
            Selection::Field(field) => self.field(&field.node, level)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level)?,
            Selection::InlineFragment(inline) => self.selection_set(&inline.node.selection_set.node, level)?,
        };
        Ok(own.and(inner))
    }

    /// A field, without the selection that it is: its arguments and what lies below it.
    fn field(&mut self, field: &'a Field, level: usize) -> Result<Extent, Rejection> {
        let name = field.name.node.as_str();
        let below = self.selection_set(&field.selection_set.node, level)?;
        let arguments = self.arguments(&field.arguments);
        let introspects = matches!(name, "__schema" | "__type");
        if introspects {
            check_schema_part(&below)?;
        }
        Ok(Extent {
            weight: below.weight + arguments,
            depth: 1 + if introspects { 0 } else { below.depth },
            aliases: below.aliases + usize::from(field.alias.is_some()),
            schema_weight: if introspects { 1 + below.weight } else { below.schema_weight },
            roots: usize::from(!name.starts_with("__")),
            logins: usize::from(name == "login"),
            fans: std::array::from_fn(|fan| below.fans[fan] + usize::from(FANS[fan] == name)),
            ..below
        })
    }

    fn directives(&self, directives: &'a [Positioned<Directive>]) -> Extent {
        let values: usize = directives.iter().map(|directive| self.arguments(&directive.node.arguments)).sum();
        Extent { weight: directives.len() + values, directives: directives.len(), ..Extent::default() }
    }

    fn arguments(&self, arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
        arguments.iter().map(|(_, value)| self.values(&value.node)).sum()
    }

    /// How many values an argument holds. Its nesting is bounded: brackets were counted before it was parsed.
    fn values(&self, value: &Value) -> usize {
        1 + match value {
            Value::Variable(name) => self.variables.get(name.as_str()).copied().unwrap_or(0),
            Value::List(items) => items.iter().map(|item| self.values(item)).sum(),
            Value::Object(members) => members.values().map(|member| self.values(member)).sum(),
            _ => 0,
        }
    }
}

/// How many values a variable holds. The JSON parser bounds how deep they nest.
fn count_const(value: &ConstValue) -> usize {
    1 + match value {
        ConstValue::List(items) => items.iter().map(count_const).sum(),
        ConstValue::Object(members) => members.values().map(count_const).sum(),
        _ => 0,
    }
}

/// The schema's description may be deeper than data, and must be narrower.
fn check_schema_part(below: &Extent) -> Result<(), Rejection> {
    if below.depth >= MAX_SCHEMA_DEPTH {
        return Err(too_deep("The document goes into the schema more than 16 deep."));
    }
    if below.fans.iter().any(|count| *count > 1) {
        return Err(too_complex("Below `__schema`, `fields` and other lists that lead to more types do not nest."));
    }
    Ok(())
}

fn nested_too_deep() -> Rejection {
    too_deep("With its fragments written out, the document nests more than 32 deep.")
}
