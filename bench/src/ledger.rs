//! What was sent, what each stream received, and whether that is right: each message once, to those it is for and nobody else,
//! in the order of its conversation. Everybody keeps notes of their own while the load runs, and they are compared afterwards.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::stream::Message;

/// The messages of one run, by their numbers: who writes which to whom. It goes round all people, and back the other way.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// What tells the messages of this run from those of others.
    pub(crate) run: String,
    /// How many people take part.
    pub(crate) people: usize,
}

/// A message that was tried.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) number: usize,
    /// When it was due: a driver that is late has no part in what it measures.
    pub(crate) due: Instant,
    /// When the answer came.
    pub(crate) answered: Instant,
    /// Why it was not accepted.
    pub(crate) problem: Option<String>,
}

/// What one stream received.
#[derive(Debug)]
pub(crate) struct Heard {
    /// Whose stream it is.
    pub(crate) person: usize,
    receipts: Vec<(usize, Instant)>,
    newest: HashMap<String, i64>,
    disordered: usize,
    /// Why it ended before its time.
    pub(crate) problem: Option<String>,
}

/// What became of everything.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) accepted: usize,
    pub(crate) received: usize,
    pub(crate) refused: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) misled: usize,
    pub(crate) disordered: usize,
    pub(crate) ended: usize,
    /// The first few reasons, in words.
    pub(crate) problems: Vec<String>,
    pub(crate) to_answer: Vec<Duration>,
    pub(crate) to_receipt: Vec<Duration>,
}

impl Plan {
    /// Author and reader of a message.
    pub(crate) fn pair(&self, number: usize) -> (usize, usize) {
        let one = number % self.people;
        let other = (one + 1) % self.people;
        if (number / self.people).is_multiple_of(2) { (one, other) } else { (other, one) }
    }

    /// What makes sending it again safe.
    pub(crate) fn key(&self, number: usize) -> String {
        format!("{}-{number}", self.run)
    }

    /// Its text, of about the length that people write.
    pub(crate) fn body(&self, number: usize) -> String {
        format!("{} is the number of this message, which is as long as most.", self.key(number))
    }

    fn number(&self, body: &str) -> Option<usize> {
        let key = body.split(' ').next()?;
        key.strip_prefix(&self.run)?.strip_prefix('-')?.parse().ok()
    }

    fn is_for(&self, person: usize, number: usize) -> bool {
        let (author, reader) = self.pair(number);
        person == author || person == reader
    }
}

impl Heard {
    pub(crate) fn nothing(person: usize) -> Self {
        Self { person, receipts: Vec::new(), newest: HashMap::new(), disordered: 0, problem: None }
    }

    /// Notes a message of this run; answers whether it was one.
    pub(crate) fn note(&mut self, plan: &Plan, message: Message, at: Instant) -> bool {
        let Some(number) = message.body.as_deref().and_then(|body| plan.number(body)) else { return false };
        self.receipts.push((number, at));
        let newest = self.newest.entry(message.conversation.id).or_insert(i64::MIN);
        self.disordered += usize::from(message.position <= *newest);
        *newest = message.position.max(*newest);
        true
    }
}

/// Compares what was sent with what every stream received.
pub(crate) fn compare(plan: &Plan, sent: &[Sent], heard: &[Heard]) -> Findings {
    let mut found = Findings::default();
    let due: HashMap<usize, Instant> = sent.iter().map(|sent| (sent.number, sent.due)).collect();
    let mut for_person: Vec<Vec<usize>> = vec![Vec::new(); plan.people];
    for sent in sent {
        if let Some(problem) = &sent.problem {
            found.refused += 1;
            found.problems.push(problem.clone());
            continue;
        }
        found.accepted += 1;
        found.to_answer.push(sent.answered - sent.due);
        let (author, reader) = plan.pair(sent.number);
        for_person[author].push(sent.number);
        for_person[reader].push(sent.number);
    }
    for heard in heard {
        let received: HashSet<usize> = heard.receipts.iter().map(|(number, _)| *number).collect();
        found.received += received.len();
        found.doubled += heard.receipts.len() - received.len();
        found.misled += received.iter().filter(|number| !plan.is_for(heard.person, **number)).count();
        found.lost += for_person[heard.person].iter().filter(|number| !received.contains(number)).count();
        found.disordered += heard.disordered;
        found.ended += usize::from(heard.problem.is_some());
        found.problems.extend(heard.problem.clone());
        found.to_receipt.extend(heard.receipts.iter().filter_map(|(number, at)| Some(*at - *due.get(number)?)));
    }
    found.problems.truncate(3);
    found.to_answer.sort_unstable();
    found.to_receipt.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Conversation;

    fn plan() -> Plan {
        Plan { run: "r".to_owned(), people: 3 }
    }

    fn sent(number: usize) -> Sent {
        Sent { number, due: Instant::now(), answered: Instant::now(), problem: None }
    }

    fn heard(person: usize, messages: &[(usize, i64)]) -> Heard {
        let mut heard = Heard::nothing(person);
        for &(number, position) in messages {
            let conversation = Conversation { id: "c".to_owned() };
            let message = Message { body: Some(plan().body(number)), position, conversation };
            assert!(heard.note(&plan(), message, Instant::now()));
        }
        heard
    }

    #[test]
    fn writing_goes_round_and_back() {
        let pairs: Vec<_> = (0..6).map(|number| plan().pair(number)).collect();
        assert_eq!(pairs, [(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)]);
    }

    #[test]
    fn whoever_gets_each_message_once_and_in_order_is_well_served() {
        let found = compare(&plan(), &[sent(0), sent(3)], &[heard(0, &[(0, 1), (3, 2)]), heard(2, &[])]);
        assert_eq!((found.received, found.lost, found.doubled, found.misled, found.disordered), (2, 0, 0, 0, 0));
    }

    #[test]
    fn what_goes_wrong_is_counted() {
        let sends = [sent(0), sent(1), sent(3)];
        let found = compare(&plan(), &sends, &[heard(0, &[(3, 2), (0, 1), (0, 1), (1, 5)])]);
        assert_eq!((found.doubled, found.misled, found.disordered, found.lost), (1, 1, 2, 0));
        assert_eq!(compare(&plan(), &sends, &[heard(1, &[(0, 1)])]).lost, 2);
    }

    #[test]
    fn messages_of_other_runs_are_not_counted() {
        let conversation = Conversation { id: "c".to_owned() };
        let message = Message { body: Some("hello".to_owned()), position: 1, conversation };
        assert!(!Heard::nothing(0).note(&plan(), message, Instant::now()));
    }
}
