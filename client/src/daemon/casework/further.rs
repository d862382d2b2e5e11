//! A further agency is asked for the same: it sees who else was asked, and those are told of it in the conversation. Agencies only.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    id::AgencyId,
    time::Timestamp,
};

use super::{super::Node, onward::ASKED_MAX, talk::is_apart};
use crate::{
    casework::{
        life::{
            state::{Phase, State},
            terms::Side,
        },
        post::{
            self,
            said::{FORM, PostKind, Said, StatusCode},
        },
        refusal::CaseworkError,
        store::{columns::uuid_text, revision, row::Row},
    },
    error::Told,
    referral::{self, Referral, codes::Section, compose::uuid},
    vault::VaultError,
};

/// What is asked for already, and of whom.
pub(super) struct Circle {
    /// The referrals that are open or still to leave.
    rows: Vec<Row>,
    pub(super) dossier: [u8; 16],
    pub(super) group: [u8; 16],
}

impl Circle {
    /// The agencies that are asked already.
    pub(super) fn agencies(&self) -> Vec<AgencyId> {
        self.rows.iter().filter_map(|row| row.agency.as_deref()?.parse().ok()).collect()
    }
}

impl Node {
    /// The enquiry that a referral is of, for further agencies.
    ///
    /// # Errors
    /// `unknown-referral`; `bad-value` when it was not sent, has ended, says more than level 0, when one of them is asked already, or they
    /// are too many.
    pub(super) fn circle(&mut self, id: &str, further: &[AgencyId]) -> Result<Circle, Told> {
        let bad = |form: &'static str| Told::from(CaseworkError::BadValue { member: "with", form });
        let row = self.case(id)?;
        let open = |row: &Row| row.state.phase() == Phase::Open || row.state == State::Queued;
        if row.side != Side::Sender || !open(&row) || row.level > 0 {
            return Err(bad("an enquiry without names that was sent and has not ended"));
        }
        let sql = "SELECT group_of FROM referral WHERE place = ?1";
        let known: Option<[u8; 16]> =
            self.vault.db().query_row(sql, [row.place], |found| found.get(0)).map_err(CaseworkError::from)?;
        let group = match known {
            Some(group) => group,
            None => random(&mut self.entropy)?,
        };
        let (place, dossier) = (row.place, row.dossier);
        let of = "dossier = ?1 AND side = 1 AND (place = ?2 OR group_of = ?3) ORDER BY place";
        let mut rows = Row::all(self.vault.db(), of, params![dossier, place, group])?;
        rows.retain(open);
        let circle = Circle { rows, dossier, group };
        let asked = circle.agencies();
        if further.iter().any(|agency| asked.contains(agency)) {
            return Err(bad("one that the agency has not got already"));
        }
        if asked.len().saturating_add(further.len()) > ASKED_MAX {
            return Err(bad("one that goes to sixteen agencies at most"));
        }
        Ok(circle)
    }

    /// Whether a further agency is asked for the very same as those before it: the first that accepts ends it for all.
    ///
    /// # Errors
    /// `other-enquiry`, with the first member that differs.
    pub(super) fn the_same(&self, circle: &Circle, further: &Referral) -> Result<(), Told> {
        for row in circle.rows.iter().take(1) {
            let newest = revision::newest(self.vault.db(), row.place)?;
            let Some(member) = newest.and_then(|(_, before)| differs(&before, further)) else { continue };
            return Err(Told::refused(
                "other-enquiry",
                format!("the form asks for something else than the enquiry of before: {member} differs"),
                "give the form of before, or ask with a new enquiry of its own",
            ));
        }
        Ok(())
    }

    /// Whether these may be asked together, and told of one another.
    ///
    /// # Errors
    /// `separate-recipient` for one that is told by itself.
    pub(super) fn together_asked(&mut self, all: &[AgencyId]) -> Result<(), Told> {
        for agency in all {
            let roles = self.facts_of(agency)?.roles;
            if let Some(role) = roles.into_iter().find(|role| is_apart(*role)) {
                return Err(super::talk::separate(role));
            }
        }
        Ok(())
    }
}

/// The first member in which two enquiries differ.
fn differs(before: &Referral, further: &Referral) -> Option<String> {
    let read = |referral: &Referral| -> Option<serde_json::Value> {
        serde_json::from_slice(&referral::canonical(referral)).ok()
    };
    let (before, further) = (read(before)?, read(further)?);
    let members = |value: &serde_json::Value| -> Vec<String> {
        value
            .get("enquiry")
            .and_then(|one| one.as_object())
            .map(|one| one.keys().cloned().collect())
            .unwrap_or_default()
    };
    let names = members(&before).into_iter().chain(members(&further)).map(|name| format!("/enquiry/{name}"));
    let header = ["/header/kind", "/header/urgency", "/header/disclosure_level"].map(str::to_owned);
    header.into_iter().chain(names).find(|at| before.pointer(at) != further.pointer(at))
}

/// Tells the agencies of a circle who else is asked from now on, inside the transaction that asks.
pub(super) fn tell(
    db: &Connection,
    circle: &Circle,
    further: &[AgencyId],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let told: Vec<String> = circle.agencies().iter().chain(further).map(AgencyId::to_string).collect();
    let post_id = uuid(entropy)?;
    for row in &circle.rows {
        db.execute("UPDATE referral SET group_of = ?2 WHERE place = ?1", params![row.place, circle.group])?;
        let said = Said {
            post: FORM.to_owned(),
            post_id: post_id.clone(),
            referral_id: uuid_text(&row.referral),
            kind: PostKind::Status,
            reply_to: None,
            at: safeconduct_certs::utc::instant(now),
            section: Section::Enquiry.as_str().to_owned(),
            told: told.clone(),
            text: None,
            code: Some(StatusCode::AlsoAsked),
        };
        post::say(db, row, &said, now, entropy)?;
    }
    Ok(())
}
