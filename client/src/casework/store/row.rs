//! One referral with one partner, as it is kept.

use rusqlite::{Connection, OptionalExtension as _, Row as SqlRow, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    id::NodeId,
    time::Timestamp,
};

use super::{
    columns::{Columns, at},
    news::News,
};
use crate::{
    casework::life::{code::Why, fold::Way, state::State, terms::Side},
    referral::codes::{Kind, Urgency},
    vault::{Sql as _, VaultError, int, uint},
};

const DAMAGED: VaultError = VaultError::Damaged { what: "a referral's row is altered" };

/// What names a referral to people and programs: random, and only on this machine.
pub type Handle = [u8; 16];

/// Whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Turn {
    /// Nobody's: it has ended.
    Nobody = 0,
    /// This agency's.
    Ours = 1,
    /// The other agency's.
    Theirs = 2,
}

impl Turn {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// A row of the table `referral`.
pub struct Row {
    /// Its place in the vault.
    pub place: i64,
    /// What names it here.
    pub handle: Handle,
    /// The referral's own id.
    pub referral: [u8; 16],
    /// Which side of it this agency is.
    pub side: Side,
    /// The other agency's node.
    pub partner: NodeId,
    /// The other agency, as it was called when the row was made.
    pub agency: Option<String>,
    /// What belongs to one person's search for help, on this machine only.
    pub dossier: [u8; 16],
    /// The referral that it continues.
    pub parent: Option<[u8; 16]>,
    /// The referral that takes its place.
    pub successor: Option<[u8; 16]>,
    /// What it is now.
    pub state: State,
    /// Since when.
    pub state_at: Timestamp,
    /// Why it ended so.
    pub why: Option<Why>,
    /// How far it came by itself.
    pub way: Way,
    /// Its kind.
    pub kind: Kind,
    /// Its disclosure level now.
    pub level: u8,
    /// How soon an answer is needed.
    pub urgency: Urgency,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// The newest revision.
    pub revision: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// The end of its time.
    pub expires_at: Timestamp,
    /// When this node had it first.
    pub first_at: Timestamp,
    /// When the recipient's node stored it.
    pub delivered_at: Option<Timestamp>,
    /// When a person there opened it.
    pub opened_at: Option<Timestamp>,
    /// When it was accepted or declined.
    pub decided_at: Option<Timestamp>,
    /// When help began.
    pub service_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Until when a person is to have opened it.
    pub acknowledge_by: Option<Timestamp>,
    /// Until when somebody is to have decided.
    pub decide_by: Option<Timestamp>,
    /// When the next agency is asked.
    pub escalate_by: Option<Timestamp>,
    /// The day after which the sender wants it erased.
    pub delete_after: Timestamp,
    /// The place of its retention basis in the list.
    pub basis: i64,
    /// The last day on which the youngest in it may come of age.
    pub majority_on: Option<Timestamp>,
    /// When its content is to be erased here.
    pub erase_on: Option<Timestamp>,
    /// When it was.
    pub erased_at: Option<Timestamp>,
    /// Why the law holds it: a reference.
    pub hold: Option<String>,
    /// Since when, or when a supervisor last said that it still does.
    pub hold_since: Option<Timestamp>,
    /// Who works on it here.
    pub officer: Option<[u8; 16]>,
    /// Agencies to ask next, by id.
    pub alternates: Vec<String>,
    /// How many of them have been asked.
    pub alternate_next: usize,
    /// Whose turn it is.
    pub turn: Turn,
    /// Somebody should have acted before now.
    pub late: bool,
    /// What a caseworker should look at, as bits of [`News`].
    pub news: i64,
    /// Countries of sender and recipient.
    pub countries: (String, String),
}

fn side_code(side: Side) -> i64 {
    match side {
        Side::Sender => 1,
        Side::Recipient => 2,
    }
}

fn side_of(code: i64) -> Result<Side, VaultError> {
    Side::ALL.iter().copied().find(|side| side_code(*side) == code).ok_or(DAMAGED)
}

const WAYS: [Way; 5] = [Way::Draft, Way::Queued, Way::Failed, Way::Submitted, Way::Delivered];

/// The number under which a way is kept.
pub(crate) fn way_code(way: Way) -> i64 {
    super::columns::index(&WAYS, &way)
}

/// Reason and outcome as one number: the list, then the place in it.
pub(crate) fn why_code(why: Why) -> i64 {
    let list = match why {
        Why::Declined(_) => 0,
        Why::Closed(_) => 256,
        Why::Withdrawn(_) => 512,
    };
    list + i64::from(why.number())
}

fn why_of(code: i64) -> Option<Why> {
    use crate::casework::life::code::Step;
    let step = match code >> 8 {
        0 => Step::Declined,
        1 => Step::Closed,
        _ => Step::Withdrawn,
    };
    Why::of(step, u8::try_from(code & 255).ok()?)
}

impl Row {
    fn read(row: &SqlRow<'_>) -> Result<Self, VaultError> {
        let time = |name: &str| -> Result<Timestamp, VaultError> { Ok(Timestamp(uint(row.get(name)?)?)) };
        let maybe = |name: &str| -> Result<Option<Timestamp>, VaultError> {
            row.get::<_, Option<i64>>(name)?.map(|at| Ok(Timestamp(uint(at)?))).transpose()
        };
        let state: String = row.get("state")?;
        let alternates: Option<String> = row.get("alternates")?;
        let turn: i64 = row.get("turn")?;
        Ok(Self {
            place: row.get("place")?,
            handle: row.get("handle")?,
            referral: row.get("referral")?,
            side: side_of(row.get("side")?)?,
            partner: NodeId::from_bytes(row.get("partner")?),
            agency: row.get("agency")?,
            dossier: row.get("dossier")?,
            parent: row.get("parent")?,
            successor: row.get("successor")?,
            state: State::ALL.iter().copied().find(|one| one.code() == state).ok_or(DAMAGED)?,
            state_at: time("state_at")?,
            why: row.get::<_, Option<i64>>("why")?.and_then(why_of),
            way: at(&WAYS, row.get("way")?).ok_or(DAMAGED)?,
            kind: at(Kind::ALL, row.get("kind")?).ok_or(DAMAGED)?,
            level: u8::try_from(row.get::<_, i64>("level")?).ok().ok_or(DAMAGED)?,
            urgency: at(Urgency::ALL, row.get("urgency")?).ok_or(DAMAGED)?,
            exercise: row.get("exercise")?,
            revision: row.get("revision")?,
            created_at: time("created_at")?,
            expires_at: time("expires_at")?,
            first_at: time("first_at")?,
            delivered_at: maybe("delivered_at")?,
            opened_at: maybe("opened_at")?,
            decided_at: maybe("decided_at")?,
            service_at: maybe("service_at")?,
            ended_at: maybe("ended_at")?,
            acknowledge_by: maybe("acknowledge_by")?,
            decide_by: maybe("decide_by")?,
            escalate_by: maybe("escalate_by")?,
            delete_after: time("delete_after")?,
            basis: row.get("basis")?,
            majority_on: maybe("majority_on")?,
            erase_on: maybe("erase_on")?,
            erased_at: maybe("erased_at")?,
            hold: row.get("hold")?,
            hold_since: maybe("hold_since")?,
            officer: row.get("officer")?,
            alternates: alternates.map(|ids| ids.split(' ').map(str::to_owned).collect()).unwrap_or_default(),
            alternate_next: usize::try_from(row.get::<_, i64>("alternate_next")?).ok().ok_or(DAMAGED)?,
            turn: [Turn::Nobody, Turn::Ours, Turn::Theirs]
                .into_iter()
                .find(|one| *one as i64 == turn)
                .ok_or(DAMAGED)?,
            late: row.get("late")?,
            news: row.get("alarm")?,
            countries: (row.get("country_from")?, row.get("country_to")?),
        })
    }

    /// Rows that fit, in the order that the condition says.
    pub(crate) fn all(
        db: &Connection,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Self>, VaultError> {
        let mut rows = db.prepare_cached(&format!("SELECT * FROM referral WHERE {condition}"))?;
        let mut rows = rows.query(values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(Self::read(row)?);
        }
        Ok(all)
    }

    /// The row at a place.
    pub(crate) fn at(db: &Connection, place: i64) -> Result<Self, VaultError> {
        Self::all(db, "place = ?1", [place])?.pop().ok_or(DAMAGED)
    }

    /// The referral of this id that went to `partner` or came from it.
    pub(crate) fn find(
        db: &Connection,
        referral: &[u8; 16],
        side: Side,
        partner: &NodeId,
    ) -> Result<Option<Self>, VaultError> {
        let key = params![referral, side_code(side), partner.as_bytes()];
        Ok(Self::all(db, "referral = ?1 AND side = ?2 AND partner = ?3", key)?.pop())
    }

    /// The referral of which `message` is a revision.
    pub(crate) fn by_message(db: &Connection, message: &[u8; 16]) -> Result<Option<Self>, VaultError> {
        let place: Option<i64> = db
            .one("SELECT referral FROM referral_revision WHERE message = ?1", params![message], |row| row.get(0))
            .optional()?;
        place.map(|place| Self::at(db, place)).transpose()
    }

    /// Makes a row.
    pub(crate) fn insert(
        db: &Connection,
        new: &NewRow<'_>,
        columns: &Columns,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<i64, VaultError> {
        let handle: Handle = random(entropy)?;
        let dossier = match new.dossier {
            Some(dossier) => dossier,
            None => random(entropy)?,
        };
        let way = match (new.side, new.delivered_at) {
            (Side::Sender, _) => Way::Queued,
            (Side::Recipient, Some(_)) => Way::Delivered,
            (Side::Recipient, None) => Way::Submitted,
        };
        let first = params![
            handle,
            columns.referral,
            side_code(new.side),
            new.partner.as_bytes(),
            new.agency,
            dossier,
            columns.parent,
            way.state().code(),
            int(now.0),
            way_code(way),
            new.delivered_at.map(|at| int(at.0)),
            columns.created_at,
        ];
        db.run(
            "INSERT INTO referral (handle, referral, side, partner, agency, dossier, parent, state, state_at, way, first_at,
                delivered_at, kind, level, urgency, exercise, revision, created_at, expires_at, delete_after, basis, services,
                age_band, is_child, persons, exploitation, industry, control, recruitment, country_from, country_to,
                country_of_need, role_from, role_to, bases, purposes)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9, ?11, 0, 0, 0, 0, 0, ?12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, '', '', '', 0, 0, 0, 0)",
            first,
        )?;
        let place = db.last_insert_rowid();
        // Of every later state a trigger does it.
        db.run(
            "INSERT INTO change (handle, what, state) VALUES (?1, 'referral', ?2)",
            params![handle, way.state().code()],
        )?;
        Self::describe(db, place, columns)?;
        Ok(place)
    }

    /// Writes what a revision says into the columns, if it is a newer one.
    pub(crate) fn follow(&self, db: &Connection, columns: &Columns) -> Result<(), VaultError> {
        if columns.revision > i64::from(self.revision) { Self::describe(db, self.place, columns) } else { Ok(()) }
    }

    /// Writes what a revision says into the columns.
    pub(crate) fn describe(db: &Connection, place: i64, columns: &Columns) -> Result<(), VaultError> {
        let Columns { kind, level, urgency, exercise, revision, expires_at, .. } = columns;
        db.run(
            "UPDATE referral SET kind = ?2, level = ?3, urgency = ?4, exercise = ?5, revision = ?6, expires_at = ?7,
                delete_after = ?8, basis = ?9, majority_on = ?10, alternates = ?11 WHERE place = ?1",
            params![
                place,
                kind,
                level,
                urgency,
                exercise,
                revision,
                expires_at,
                columns.delete_after,
                columns.basis,
                columns.majority_on,
                columns.alternates
            ],
        )?;
        db.run(
            "UPDATE referral SET services = ?2, age_band = ?3, is_child = ?4, gender = ?5, persons = ?6, exploitation = ?7,
                industry = ?8, control = ?9, recruitment = ?10, citizenship = ?11, country_from = ?12, country_to = ?13,
                country_of_need = ?14, region = ?15, role_from = ?16, role_to = ?17, bases = ?18, purposes = ?19
                WHERE place = ?1",
            params![
                place,
                columns.services,
                columns.age_band,
                columns.is_child,
                columns.gender,
                columns.persons,
                columns.exploitation,
                columns.industry,
                columns.control,
                columns.recruitment,
                columns.citizenship,
                columns.country_from,
                columns.country_to,
                columns.country_of_need,
                columns.region,
                columns.role_from,
                columns.role_to,
                columns.bases,
                columns.purposes
            ],
        )?;
        Ok(())
    }

    /// Notes who works on it here, if nobody does yet.
    pub(crate) fn assign(db: &Connection, place: i64, officer: &[u8; 16]) -> Result<(), VaultError> {
        db.run("UPDATE referral SET officer = coalesce(officer, ?2) WHERE place = ?1", params![place, officer])?;
        Ok(())
    }

    /// Notes that a caseworker should look.
    pub(crate) fn add_news(db: &Connection, place: i64, news: News) -> Result<(), VaultError> {
        db.run("UPDATE referral SET alarm = alarm | ?2 WHERE place = ?1", params![place, news.bit()])?;
        Ok(())
    }

    /// What it asked for is done.
    pub(crate) fn drop_news(db: &Connection, place: i64, news: News) -> Result<(), VaultError> {
        Self::drop_bits(db, place, news.bit())
    }

    /// What was new is seen; what asks for an act stays until it is done.
    pub(crate) fn seen(db: &Connection, place: i64) -> Result<(), VaultError> {
        Self::drop_bits(db, place, News::PASSING)
    }

    fn drop_bits(db: &Connection, place: i64, bits: i64) -> Result<(), VaultError> {
        db.run("UPDATE referral SET alarm = alarm & ~?2 WHERE place = ?1", params![place, bits])?;
        Ok(())
    }

    /// Whether `news` is to be looked at.
    #[must_use]
    pub const fn has(&self, news: News) -> bool {
        self.news & news.bit() != 0
    }
}

/// A row that is about to be.
pub(crate) struct NewRow<'a> {
    pub(crate) side: Side,
    pub(crate) partner: NodeId,
    pub(crate) agency: Option<&'a str>,
    /// That of other referrals for the same; a new one with none.
    pub(crate) dossier: Option<[u8; 16]>,
    /// When it came, at the recipient; none when a rule refused it.
    pub(crate) delivered_at: Option<Timestamp>,
}
