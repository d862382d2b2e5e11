//! Whether what waits may still leave: asked anew before each of its steps, for a consent may have ended or been taken back since it was
//! written. Versions, posts, documents, and the words beside acts.

use std::collections::BTreeSet;

use rusqlite::Connection;
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::case::CaseContent,
    id::{MessageId, NodeId},
    receipt::case::{CaseAct, CaseEvent},
    time::Timestamp,
};

use super::{
    coverage::needed_by_document,
    give, lapse,
    life::{code::Step, state::State, terms::Side},
    post::{
        named,
        said::{PostKind, Said},
    },
    refusal::CaseworkError,
    stand,
    store::{columns::uuid_bytes, event, news::News, revision, row::Row, timer},
};
use crate::{
    documents::post as document_post,
    outbox::{FailReason, trouble::NOT_RECOGNISED},
    referral::{Referral, codes::Section, profile::Profiles},
    vault::VaultError,
};

/// The two times of a node: the one to reckon with, and the one of which it is sure.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    /// To reckon with: what has ended by it does not leave.
    pub(crate) now: Timestamp,
    /// Sure: what has ended by it never leaves. What has ended by `now` alone waits, for a clock may be wrong.
    pub(crate) sure: Timestamp,
}

/// Whether it leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Leaves {
    /// It does.
    Yes,
    /// It waits until this machine's clock and the authority's time agree.
    Later,
    /// It does not any more.
    Never(FailReason),
}

impl Leaves {
    /// What a rule says at both times.
    fn by(times: Times, rule: &mut dyn FnMut(Timestamp) -> Result<(), CaseworkError>) -> Result<Self, VaultError> {
        let reason = match rule(times.now) {
            Ok(()) => return Ok(Self::Yes),
            Err(error) => reason(error)?,
        };
        match rule(times.sure) {
            Ok(()) => Ok(Self::Later),
            Err(CaseworkError::Vault(error)) => Err(error),
            Err(_) => Ok(Self::Never(reason)),
        }
    }
}

fn reason(error: CaseworkError) -> Result<FailReason, VaultError> {
    if let CaseworkError::Vault(error) = error {
        return Err(error);
    }
    let (is_expired, is_gone) =
        (matches!(error, CaseworkError::Expired { .. }), matches!(error, CaseworkError::Erased));
    Ok(if is_expired {
        FailReason::OutOfTime
    } else if is_gone {
        FailReason::Withdrawn
    } else {
        FailReason::ConsentOver
    })
}

/// A version of a referral in this message: its time, and the consents for what it says, as they are known here by now. A later version
/// of what was taken back or has ended does not leave.
pub(crate) fn referral(
    db: &Connection,
    profiles: &Profiles,
    message: &MessageId,
    referral: &Referral,
    times: Times,
) -> Result<Leaves, VaultError> {
    let row = Row::by_message(db, message.as_bytes())?;
    let state = row.as_ref().map(|row| row.state);
    if state.is_some_and(|state| !stand::may_be_read(state)) {
        let is_expired = state == Some(State::Expired);
        return Ok(Leaves::Never(if is_expired { FailReason::OutOfTime } else { FailReason::Withdrawn }));
    }
    let over = match &row {
        Some(row) => lapse::over(&event::all(db, row.place)?),
        None => BTreeSet::new(),
    };
    Leaves::by(times, &mut |at| lapse::may_leave(referral, profiles, &over, at))
}

/// Content of type 5 to `partner`. What is signed always leaves; words about a person only while a consent covers them.
pub(crate) fn told(
    db: &Connection,
    profiles: &Profiles,
    partner: &NodeId,
    content: &[u8],
    times: Times,
) -> Result<Leaves, VaultError> {
    let mut post_said = None;
    let (id, section, is_status) = match CaseContent::decode(content) {
        Ok(CaseContent::Event(event, Some(_))) if has_words(&event) => {
            (Some(event.says().referral), Some(Section::Summary), false)
        }
        Ok(CaseContent::Post(post)) => match Said::read(&post) {
            Some(said) => {
                let found = (uuid_bytes(&said.referral_id), said.section(), said.kind == PostKind::Status);
                post_said = Some(said);
                found
            }
            None => match document_post::about(&post) {
                Some((referral, attachment, section)) => {
                    let row = Row::find(db, &referral, Side::Sender, partner)?;
                    let about = (&attachment, section.as_str());
                    return row.map_or(Ok(Leaves::Yes), |row| document(db, profiles, &row, about, times));
                }
                None => return Ok(Leaves::Yes),
            },
        },
        Ok(_) | Err(_) => return Ok(Leaves::Yes),
    };
    let (Some(id), Some(section)) = (id, section) else { return Ok(Leaves::Never(FailReason::Damaged)) };
    for side in Side::ALL {
        let Some(row) = Row::find(db, &id, *side, partner)? else { continue };
        let needed = post_said.as_ref().map(|said| named::section(db, &row, said)).transpose()?.flatten();
        let leaves = about(db, profiles, &row, &[needed.unwrap_or(section)], is_status, times)?;
        if leaves != Leaves::Yes {
            return Ok(leaves);
        }
    }
    Ok(Leaves::Yes)
}

/// A document of a section, to be put at a relay or told of.
pub(crate) fn document(
    db: &Connection,
    profiles: &Profiles,
    row: &Row,
    (attachment, section): (&[u8; 16], &str),
    times: Times,
) -> Result<Leaves, VaultError> {
    let Some(section) = Section::from_code(section) else { return Ok(Leaves::Never(FailReason::Damaged)) };
    let is_listed = match revision::readable(db, row.place)? {
        Some((_, newest)) => document_post::listed(&newest, attachment).is_some(),
        None => false,
    };
    if !is_listed {
        return Ok(Leaves::Never(FailReason::Withdrawn));
    }
    about(db, profiles, row, &needed_by_document(section), false, times)
}

/// Something about sections of a referral; a farewell in one word may follow what was taken back. About what cannot be read nothing leaves,
/// and nothing else waits for it.
fn about(
    db: &Connection,
    profiles: &Profiles,
    row: &Row,
    sections: &[Section],
    is_status: bool,
    times: Times,
) -> Result<Leaves, VaultError> {
    let newest = revision::readable(db, row.place)?;
    Leaves::by(times, &mut |at| {
        let over = row.side == Side::Sender && !stand::may_be_read(row.state) && !is_status;
        let (_, referral) = newest.as_ref().filter(|_| !over).ok_or(CaseworkError::Erased)?;
        let mut asked = sections.iter().filter(|section| **section != Section::Summary || referral.level() > 0);
        asked.try_for_each(|section| lapse::may_use(db, profiles, row.place, referral, *section, at))
    })
}

/// Whether an act tells about the person in words that nothing else about it needs.
fn has_words(event: &CaseEvent) -> bool {
    Step::of(event.says().act) == Step::InfoProvided
}

/// The referral of which content of type 5 takes something back: it is withdrawn, or another agency is asked instead, or a consent for it
/// has ended or was taken back.
pub(crate) fn taken_back(content: &[u8]) -> Option<[u8; 16]> {
    let events = match CaseContent::decode(content).ok()? {
        CaseContent::Event(event, _) => vec![*event],
        CaseContent::Log(events) => events,
        CaseContent::Post(_) | CaseContent::LogRequest(..) | CaseContent::Document { .. } | _ => return None,
    };
    let takes_back = |act| matches!(act, CaseAct::Withdrawn | CaseAct::Escalated | CaseAct::ConsentChanged);
    events.iter().map(CaseEvent::says).find(|says| takes_back(says.act)).map(|says| says.referral)
}

/// Whoever sees to a referral is told, once for each message, that what was taken back cannot be told to `partner` now.
pub(crate) fn tell_that_it_waits(
    db: &Connection,
    (message, partner): (&MessageId, &NodeId),
    referral: &[u8; 16],
) -> Result<(), VaultError> {
    for side in Side::ALL {
        let Some(row) = Row::find(db, referral, *side, partner)? else { continue };
        if timer::once(db, row.place, NOT_RECOGNISED, &message.to_hex())? {
            Row::add_news(db, row.place, News::NotRecognised)?;
        }
    }
    Ok(())
}

/// An act whose words may not leave any more is told without them.
pub(crate) fn without_words(
    db: &Connection,
    partner: &NodeId,
    content: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<MessageId>, VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "an act without its words" };
    let Ok(CaseContent::Event(act, _)) = CaseContent::decode(content) else { return Ok(None) };
    let (id, hash) = (act.says().referral, act.hash());
    let bare = CaseContent::Log(vec![*act]).encode().ok().ok_or(UNFIT)?;
    for side in Side::ALL {
        let Some(row) = Row::find(db, &id, *side, partner)? else { continue };
        if row.erased_at.is_none() {
            let message = give::tell(db, &row, &bare, now, entropy)?;
            event::travels_in(db, row.place, &hash, &message)?;
            return Ok(Some(message));
        }
    }
    Ok(None)
}
