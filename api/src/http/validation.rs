//! What the library's validation finds, put in order: every error gets a code, there are not too many of them, and a valid
//! document that would cost too much is refused.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::{ServerError, ValidationResult};

use super::rejection::Rejection;

/// The most that a document may cost: 1 for each field, and a connection what its page may hold.
const MAX_COMPLEXITY: usize = 2000;
/// How many errors of one document are told.
const MAX_ERRORS: usize = 10;
/// How long the sentence of one may be: it quotes names from the document.
const MAX_SENTENCE: usize = 300;

/// The extension that every schema is built with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Validation;

impl ExtensionFactory for Validation {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(*self)
    }
}

#[async_trait]
impl Extension for Validation {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        match next.run(ctx).await {
            Ok(valid) if valid.complexity > MAX_COMPLEXITY => {
                let problem = format!("The document would cost {} points, and may cost 2,000.", valid.complexity);
                Err(vec![Rejection::new("QUERY_TOO_COMPLEX", problem).into()])
            }
            Ok(valid) => Ok(valid),
            Err(errors) => Err(errors.into_iter().take(MAX_ERRORS).map(invalid).collect()),
        }
    }
}

fn invalid(error: ServerError) -> ServerError {
    let mut message = error.message;
    if let Some((end, _)) = message.char_indices().nth(MAX_SENTENCE) {
        message.truncate(end);
        message.push('…');
    }
    Rejection::new("GRAPHQL_VALIDATION_FAILED", message).at(error.locations).into()
}
