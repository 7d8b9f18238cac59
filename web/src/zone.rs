//! The reader's time zone, and times in its words. A script tells the zone in the cookie `tz`; without it, UTC. What is
//! written here is what a page says without scripts; with them, `time.js` says the same in the reader's language.

use http::{HeaderMap, header};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Where the reader's days begin.
#[derive(Debug, Clone)]
pub(crate) struct Zone(TimeZone);

/// A time, for machines and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// For `datetime`.
    pub(crate) iso: String,
    /// What is read.
    pub(crate) text: String,
}

impl Zone {
    /// The zone that the cookie names.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let named = cookie(headers, "tz").and_then(|name| TimeZone::get(&name.replace("%2F", "/")).ok());
        Self(named.unwrap_or(TimeZone::UTC))
    }

    /// The day on which something was.
    pub(crate) fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.0.clone()).date()
    }

    /// The time of day: `09:10`.
    pub(crate) fn clock(&self, at: Timestamp) -> Moment {
        self.moment(at, "%H:%M")
    }

    /// A day line: `Today`, `Yesterday`, `Friday 20 November`, and the year when it is another one.
    pub(crate) fn day(&self, at: Timestamp, now: Timestamp) -> Moment {
        let (day, today) = (self.date(at), self.date(now));
        if day == today {
            return self.moment(at, "Today");
        }
        if today.yesterday().is_ok_and(|yesterday| day == yesterday) {
            return self.moment(at, "Yesterday");
        }
        self.moment(at, if day.year() == today.year() { "%A %-d %B" } else { "%A %-d %B %Y" })
    }

    /// For a narrow column: the time of day, else the weekday, else the date.
    pub(crate) fn short(&self, at: Timestamp, now: Timestamp) -> Moment {
        let (day, today) = (self.date(at), self.date(now));
        let days = today.since(day).map_or(0, |span| span.get_days());
        let format = match days {
            0 => "%H:%M",
            1..=6 => "%a",
            _ if day.year() == today.year() => "%-d %b",
            _ => "%-d %b %Y",
        };
        self.moment(at, format)
    }

    fn moment(&self, at: Timestamp, format: &str) -> Moment {
        Moment { iso: at.to_string(), text: at.to_zoned(self.0.clone()).strftime(format).to_string() }
    }
}

/// A cookie's value, by its name.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(cookies: &str) -> Zone {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookies.parse().expect("a header"));
        Zone::of(&headers)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn the_cookie_names_the_zone_and_utc_is_the_rest() {
        let late = at("2026-11-20T23:30:00Z");
        assert_eq!(zone("jbl=x; tz=Europe/Berlin").clock(late).text, "00:30");
        assert_eq!(zone("tz=Europe%2FBerlin").clock(late).text, "00:30");
        assert_eq!(zone("tz=Nowhere/At_all").clock(late).text, "23:30");
        assert_eq!(zone("tz=../../etc/passwd").clock(late).text, "23:30");
        assert_eq!(zone("jbl=x").clock(late).text, "23:30");
    }

    #[test]
    fn days_are_named_as_seen_from_today() {
        let (zone, now) = (zone("tz=Europe/Berlin"), at("2026-11-22T12:00:00Z"));
        let day = |text| zone.day(at(text), now).text;
        assert_eq!(day("2026-11-21T23:30:00Z"), "Today");
        assert_eq!(day("2026-11-21T12:00:00Z"), "Yesterday");
        assert_eq!(day("2026-11-20T12:00:00Z"), "Friday 20 November");
        assert_eq!(day("2025-11-20T12:00:00Z"), "Thursday 20 November 2025");
    }

    #[test]
    fn short_times_say_what_the_distance_calls_for() {
        let (zone, now) = (zone("tz=UTC"), at("2026-11-22T12:00:00Z"));
        let short = |text| zone.short(at(text), now).text;
        assert_eq!(short("2026-11-22T09:12:00Z"), "09:12");
        assert_eq!(short("2026-11-20T09:12:00Z"), "Fri");
        assert_eq!(short("2026-11-15T09:12:00Z"), "15 Nov");
        assert_eq!(short("2026-10-15T09:12:00Z"), "15 Oct");
        assert_eq!(short("2024-02-29T09:12:00Z"), "29 Feb 2024");
    }
}
