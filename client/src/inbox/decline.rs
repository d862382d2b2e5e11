//! What a rule refused: declined by this node with its word for it, or kept and judged again where this node may be the one that lags.
//!
//! The word goes where a `delivered` receipt would have gone, as late as one, so that the relay cannot tell one from the other.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::header::ContentType,
    time::{DAY_S, HOUR_S, Timestamp},
};
use zeroize::Zeroizing;

use super::{
    Haste, Here, InboxState,
    store::{Came, reply},
};
use crate::{
    casework::{
        give::{Desk, unread},
        life::code::DeclineReason,
        take::{self, Brought},
    },
    evidence::{self, ReceiptKind},
    referral,
    vault::{Sql as _, VaultError, int},
};

/// What this node lacks itself: a newer profile, a newer program, a newer registry copy.
const LAGS: &[&str] = &["profile-stale", "agency-unknown", "schema-newer", "word-of-a-later-version"];
/// What news of the registry may still change.
const STANDING: &[&str] = &[
    "role-not-held",
    "no-agreement",
    "agreement-ended",
    "recognition-ended",
    "recognition-out-of-scope",
    "authority-not-recognised",
    "exercise-mismatch",
    "not-competent",
    "no-co-ordinator",
    "report-from-abroad",
    "period-open",
];
/// Reports beside which another one stands.
const STANDS_BESIDE: &[&str] = &["report-differs", "period-overlaps", "report-periods"];
/// What no honest sender's program lets out.
const INAUTHENTIC: &[&str] = &[
    "not-json",
    "duplicate-member",
    "not-nfc",
    "too-large",
    "unknown-member",
    "missing-member",
    "unknown-code",
    "bad-format",
    "bad-date",
    "too-long",
    "unsafe-character",
    "level-exceeded",
    "sender-is-another-agency",
    "addressed-to-another-agency",
    "revision-fixed-member",
    "revision-out-of-turn",
    "report-malformed",
    "report-of-another",
];

/// How long a refusal may still turn, and what it is when it does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Patience {
    /// Seconds from its arrival.
    pub(crate) for_s: u64,
    /// What the sender is told then.
    pub(crate) reason: DeclineReason,
}

/// How long what was refused with `code` is judged again.
pub(crate) fn patience(code: &str, content: &[u8]) -> Patience {
    let is = |list: &[&str]| list.contains(&code);
    if is(LAGS) {
        return Patience { for_s: 14 * DAY_S, reason: DeclineReason::OutsideMandate };
    }
    if is(STANDING) {
        let waits = referral::parse(content).is_ok_and(|referral| referral.urgency().cannot_wait());
        return Patience { for_s: if waits { HOUR_S } else { DAY_S }, reason: DeclineReason::OutsideMandate };
    }
    if is(STANDS_BESIDE) {
        return Patience { for_s: 0, reason: DeclineReason::OutsideMandate };
    }
    let reason = if is(INAUTHENTIC) { DeclineReason::SuspectedInauthentic } else { DeclineReason::ConsentInsufficient };
    Patience { for_s: 0, reason }
}

/// Declines a message: the sender is told which rule refused it, and its content is erased, unread.
pub(super) fn decline(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    (code, content): (&str, &[u8]),
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let header = came.signed.header();
    let (sender, message) = (header.sender.as_bytes(), header.message.as_bytes());
    let desk = Desk { identity: here.identity, held: here.held, setting: &here.rules.setting };
    let brought = Brought { sender: header.sender, message: header.message, stored_at: now };
    let reason = patience(code, content).reason;
    // A report is no referral, whatever is written in it.
    let is_referral = header.content_type == ContentType::Referral;
    let parsed = if is_referral { referral::parse(content).ok() } else { None };
    let of_case = match &parsed {
        Some(referral) => take::refused(db, &desk, &brought, (referral, reason, code), now, entropy)?,
        None => None,
    };
    let said = match of_case {
        Some(said) => said,
        None => unread(&desk, came.signed, reason, code, now, entropy)?,
    };
    db.run(
        "UPDATE inbox SET state = ?3, content = NULL, salt = zeroblob(32), reply_target = NULL WHERE sender = ?1 AND message = ?2",
        params![sender, message, InboxState::Declined.as_str()],
    )?;
    evidence::keep(db, &header.message, ReceiptKind::RefusedGiven, &came.envelope, &said, now)?;
    let urgent = parsed.is_some_and(|referral| referral.urgency().cannot_wait());
    reply(db, here, came, if urgent { Haste::Urgent } else { Haste::Ordinary }, &said, now, entropy)
}

/// A declined message came again under another envelope: the same word again, to where it waits now.
pub(super) fn again(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let message = params![came.signed.header().message.as_bytes()];
    let said: Option<Vec<u8>> = rusqlite::OptionalExtension::optional(db.one(
        "SELECT bytes FROM receipt WHERE message = ?1 AND kind = 'refused-given' LIMIT 1",
        message,
        |row| row.get(0),
    ))?;
    said.map(Zeroizing::new).map_or(Ok(()), |said| reply(db, here, came, Haste::Urgent, &said, now, entropy))
}

/// A refused message whose patience is over.
pub(super) struct Overdue {
    pub(super) place: i64,
    pub(super) code: String,
}

/// Those whose patience is over, at most `most`.
pub(super) fn overdue(db: &Connection, now: Timestamp, most: usize) -> Result<Vec<Overdue>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT place, note, content, received_at FROM inbox WHERE state = 'refused' AND kind IN (1, 6) AND content IS NOT NULL
            AND received_at <= ?1 ORDER BY place",
    )?;
    let mut rows = rows.query([int(now.before(HOUR_S).0)])?;
    let mut all = Vec::new();
    while all.len() < most
        && let Some(row) = rows.next()?
    {
        let code = row.get::<_, Option<String>>(1)?.unwrap_or_default();
        let content = Zeroizing::new(row.get::<_, Vec<u8>>(2)?);
        let received = Timestamp(crate::vault::uint(row.get(3)?)?);
        if received.after(patience(&code, &content).for_s) <= now {
            all.push(Overdue { place: row.get(0)?, code });
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::Code;

    #[test]
    fn every_rule_has_its_patience_and_what_this_node_lacks_is_no_reason_to_decline_at_once() {
        for code in Code::ALL.iter().map(|code| code.as_str()) {
            let patience = patience(code, b"");
            let may_turn = LAGS.contains(&code) || STANDING.contains(&code);
            assert_eq!(patience.for_s > 0, may_turn, "{code}");
            assert_eq!(patience.reason == DeclineReason::OutsideMandate, may_turn, "{code}");
        }
        assert_eq!(patience("consent-expired", b"").reason, DeclineReason::ConsentInsufficient);
        assert_eq!(patience("not-json", b"").reason, DeclineReason::SuspectedInauthentic);
        let urgent = include_bytes!("../../../tests/samples/04-child-begging-child-protection.json");
        assert_eq!(patience("no-agreement", urgent).for_s, HOUR_S);
        assert_eq!(patience("no-agreement", b"").for_s, DAY_S);
    }
}
