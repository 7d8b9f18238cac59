//! Who a send goes to, decided under the conversation's lock: nobody can join, leave or take a position in between.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
};

use super::entity::{self, Kind, Model as Conversation};
use super::participant;
use crate::clock::Millis;
use crate::error::{Refusal, RefusalCode, Result};
use crate::id::{ConversationId, UserId};
use crate::user;

/// Where a send is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To a conversation the author knows.
    Conversation(ConversationId),
    /// To a person: to their direct conversation with the author, stored or not.
    Person(UserId),
}

impl Target {
    /// The conversation this is, for an author.
    #[must_use]
    pub fn conversation(&self, author: UserId) -> ConversationId {
        match *self {
            Self::Conversation(id) => id,
            Self::Person(other) => ConversationId::direct(author, other),
        }
    }

    /// Refuses what nobody may do: to write to oneself.
    pub fn check(&self, author: UserId) -> Result<(), Refusal> {
        if *self == Self::Person(author) {
            return Err(self.not_allowed("You cannot write to yourself."));
        }
        Ok(())
    }

    /// That nothing can be written there, and why.
    pub(super) fn not_allowed(&self, sentence: &'static str) -> Refusal {
        Refusal::of(RefusalCode::NotAllowed, self.field(), sentence).within("to")
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Conversation(_) => "conversationId",
            Self::Person(_) => "userId",
        }
    }
}

/// Who wants to write where, and when.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Who.
    pub author: UserId,
    /// Where.
    pub to: Target,
    /// When: a direct conversation that is not there yet is made at that time.
    pub at: Millis,
}

impl Wish {
    fn conversation(&self) -> ConversationId {
        self.to.conversation(self.author)
    }
}

/// One participant, as far as writing and receiving go.
#[derive(Debug, Clone, Copy)]
struct Person {
    id: UserId,
    takes_part: bool,
    /// May know of the conversation: a person to whom somebody has only begun to write may not.
    knows: bool,
    is_active: bool,
}

/// The locked conversations of a batch and who takes part in each.
#[derive(Debug)]
pub struct Audiences {
    conversations: BTreeMap<ConversationId, Conversation>,
    people: HashMap<ConversationId, Vec<Person>>,
    /// People written to by id: whether they are active. Those who are not here do not exist.
    strangers: HashMap<UserId, bool>,
}

impl Audiences {
    /// Stores missing direct conversations, locks all conversations by id, and reads who takes part.
    pub async fn open(tx: &DatabaseTransaction, wishes: &[Wish]) -> Result<Self> {
        let strangers = strangers(tx, wishes).await?;
        store_missing(tx, wishes, &strangers).await?;
        let wanted: BTreeSet<ConversationId> = wishes.iter().map(Wish::conversation).collect();
        let locked = entity::Entity::find()
            .filter(entity::Column::Id.is_in(wanted.iter().copied()))
            .order_by_asc(entity::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(tx)
            .await?;
        let people = people(tx, &wanted).await?;
        let conversations = locked.into_iter().map(|row| (row.id, row)).collect();
        Ok(Self { conversations, people, strangers })
    }

    /// Whether the author may write there, and who then gets a copy, the author included.
    pub fn admit(&self, author: UserId, to: &Target) -> Result<Vec<UserId>, Refusal> {
        let id = to.conversation(author);
        let not_found = || Refusal::not_found(to.field()).within("to");
        if let Target::Person(other) = to {
            match self.strangers.get(other) {
                None => return Err(not_found()),
                Some(false) => return Err(to.not_allowed(INACTIVE)),
                Some(true) => {}
            }
        }
        let conversation = self.conversations.get(&id).ok_or_else(not_found)?;
        let people = match (self.people.get(&id), to) {
            (Some(people), _) => people.as_slice(),
            (None, Target::Person(other)) => return Ok(vec![author, *other]),
            (None, Target::Conversation(_)) => return Err(not_found()),
        };
        let myself = people.iter().find(|person| person.id == author).ok_or_else(not_found)?;
        if !myself.knows && matches!(to, Target::Conversation(_)) {
            return Err(not_found());
        }
        if !myself.takes_part {
            return Err(to.not_allowed(LEFT));
        }
        let anyone_inactive = people.iter().any(|person| !person.is_active && person.id != author);
        if conversation.kind == Kind::Direct && anyone_inactive {
            return Err(to.not_allowed(INACTIVE));
        }
        Ok(people.iter().filter(|person| person.takes_part).map(|person| person.id).collect())
    }

    /// The next position of an admitted conversation.
    pub fn next_position(&mut self, id: ConversationId) -> i64 {
        self.conversations.get_mut(&id).map_or(0, |conversation| {
            conversation.last_position += 1;
            conversation.last_position
        })
    }

    /// Writes the last positions back, all in one statement.
    pub async fn save_positions(self, tx: &DatabaseTransaction) -> Result<()> {
        let rows = self.conversations.into_values().map(|row| row.into_active_model().reset_all());
        let update = OnConflict::column(entity::Column::Id).update_column(entity::Column::LastPosition).to_owned();
        entity::Entity::insert_many(rows).on_conflict(update).exec_without_returning(tx).await?;
        Ok(())
    }
}

pub(super) const LEFT: &str = "You have left this conversation.";
const INACTIVE: &str = "This person's account is disabled: they cannot be written to.";

/// The people that sends name by id, and whether they are active.
async fn strangers(tx: &DatabaseTransaction, wishes: &[Wish]) -> Result<HashMap<UserId, bool>> {
    let named = |wish: &Wish| if let Target::Person(other) = wish.to { Some(other) } else { None };
    let named: BTreeSet<UserId> = wishes.iter().filter_map(named).collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(UserId, Option<i64>)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::DeactivatedAt])
        .filter(user::Column::Id.is_in(named))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id, deactivated)| (id, deactivated.is_none())).collect())
}

/// Stores the direct conversations that do not exist yet, in the order of their ids. Whoever comes second finds it there.
async fn store_missing(tx: &DatabaseTransaction, wishes: &[Wish], strangers: &HashMap<UserId, bool>) -> Result<()> {
    let direct = |wish: &Wish| match wish.to {
        Target::Person(other) if strangers.get(&other) == Some(&true) => Some((wish.conversation(), wish.at)),
        _ => None,
    };
    let missing: BTreeMap<ConversationId, Millis> = wishes.iter().filter_map(direct).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let rows = missing.into_iter().map(|(id, at)| entity::ActiveModel {
        id: Set(id),
        kind: Set(Kind::Direct),
        title: Set(None),
        last_position: Set(0),
        created_at: Set(at),
    });
    let there = OnConflict::column(entity::Column::Id).do_nothing().to_owned();
    entity::Entity::insert_many(rows).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}

async fn people(
    tx: &DatabaseTransaction,
    wanted: &BTreeSet<ConversationId>,
) -> Result<HashMap<ConversationId, Vec<Person>>> {
    use participant::Column;
    type Row = (ConversationId, UserId, Option<i64>, Option<i64>, i64, Option<i64>);
    let rows: Vec<Row> = participant::Entity::find()
        .select_only()
        .columns([Column::ConversationId, Column::UserId, Column::LeftAt, Column::Activity, Column::Change])
        .expr(Expr::col((user::Entity, user::Column::DeactivatedAt)))
        .join(JoinType::InnerJoin, participant::Relation::User.def())
        .filter(Column::ConversationId.is_in(wanted.iter().copied()))
        .order_by_asc(Column::ConversationId)
        .order_by_asc(Column::UserId)
        .into_tuple()
        .all(tx)
        .await?;
    let mut people: HashMap<ConversationId, Vec<Person>> = HashMap::new();
    for (conversation, id, left, activity, change, deactivated) in rows {
        let knows = activity.is_some() || change > 0;
        let person = Person { id, takes_part: left.is_none(), knows, is_active: deactivated.is_none() };
        people.entry(conversation).or_default().push(person);
    }
    Ok(people)
}
