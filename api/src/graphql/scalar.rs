//! Scalars of our own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

use crate::clock::Millis;

/// A moment in time: RFC 3339 in UTC with milliseconds, such as `2026-11-21T09:10:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub Millis);

/// A moment in time: RFC 3339 in UTC with milliseconds, such as `2026-11-21T09:10:00.000Z`.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let moment: jiff::Timestamp = text.parse().map_err(InputValueError::custom)?;
        Ok(Self(moment.as_millisecond()))
    }

    fn to_value(&self) -> Value {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Value::String(format!("{moment:.3}"))
    }
}
