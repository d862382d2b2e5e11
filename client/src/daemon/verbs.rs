//! The verbs of casework: send, look, and what came.

use safeconduct_certs::{node::NodeStatus, registry::freshness::Freshness};
use safeconduct_protocol::{
    id::{AgencyId, MessageId, NodeId},
    time::Timestamp,
};

use super::{
    Node,
    casework::{Queueing, id_bytes},
    judge,
};
use crate::{
    api::shapes::{InboxNote, OutboxLine, ReceiptLine, Receipts, RegistryState, Sent, Shown},
    casework::{
        life::{state::Phase, terms::Hand},
        store::row::Row,
    },
    doctor::CheckUp,
    error::Told,
    evidence::{self, ReceiptKind},
    inbox::{self, InboxEntry},
    outbox::{self, MessageKind, OutboxEntry, OutboxState, Queued},
    people::{Officer, confirm::Subject},
    referral::policy::Direction,
};

/// Digits that name a message, at least.
const PREFIX_DIGITS_MIN: usize = 4;
/// How fresh a copy of the registry is, for programs.
pub(super) const fn freshness_code(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Stale { .. } => "stale",
        Freshness::Restricted { .. } => "restricted",
        Freshness::Expired { .. } => "expired",
        Freshness::Never => "none",
    }
}

impl Node {
    /// `send` by who alone works here.
    ///
    /// # Errors
    /// As [`Self::send_by`].
    pub fn send(&mut self, to: &AgencyId, bytes: &[u8], key: Option<&str>) -> Result<Sent, Told> {
        self.send_by(to, bytes, key, None)
    }

    /// `send`: checks the referral, and queues it durably. Where the decision table asks for two, a second person has confirmed it.
    ///
    /// # Errors
    /// What the check found, `unknown-agency`, `recipient-not-active`, `second-person-missing`, what [`Self::acting_as`] refuses, or what
    /// the vault says; nothing is queued then.
    pub fn send_by(&mut self, to: &AgencyId, bytes: &[u8], key: Option<&str>, by: Option<&str>) -> Result<Sent, Told> {
        let own = self.own_agency()?;
        let officer = self.acting_as(by, Hand::Caseworker)?;
        if let Some(message) = key.map(|key| self.queued_before(key, to, bytes)).transpose()?.flatten() {
            let entry = self.outgoing(&message.to_hex())?;
            return self.already(&entry);
        }
        if let Err(told) = self.recipient(to) {
            // What is wrong with the referral itself is said first.
            judge::judge(bytes, Direction::Outbound, self.now(), &self.profiles, None)?;
            return Err(told);
        }
        let accepted = self.judged(&own, to, bytes)?;
        let content = crate::referral::canonical(&accepted.referral);
        let confirmation = self.second_confirmed(&officer, &Subject::of_send(to, &content), accepted.for_two())?;
        let how = Queueing { key, officer: Some(&officer), confirmation, ..Queueing::default() };
        let queued = self.queue_referral(to, &accepted.referral, &how, None)?;
        let entry = self.outgoing(&queued.message().to_hex())?;
        match queued {
            Queued::New(_) => Ok(Sent { warnings: accepted.warnings, ..Sent::of(&entry) }),
            Queued::Already(_) => self.already(&entry),
        }
    }

    /// A message that was there already; what to do when it was given up.
    fn already(&mut self, entry: &OutboxEntry) -> Result<Sent, Told> {
        let plight = if entry.state.is_given_up() { self.plight(entry)? } else { None };
        Ok(Sent { already: true, remedy: plight.map(|plight| plight.remedy), ..Sent::of(entry) })
    }

    /// The message that this referral was queued as before, under the same key. Looked up before the referral is judged:
    /// what was taken once stays taken, also when it could not be sent anew today, or by today's profiles.
    fn queued_before(&mut self, key: &str, to: &AgencyId, bytes: &[u8]) -> Result<Option<MessageId>, Told> {
        if outbox::queued_at(&self.vault, key)?.is_none() {
            return Ok(None);
        }
        let Ok(referral) = crate::referral::parse(bytes) else { return Ok(None) };
        let content = crate::referral::canonical(&referral);
        let node = self.active_node(to)?;
        Ok(outbox::queued_before(&self.vault, key, to, node.as_ref(), &content)?)
    }

    /// `send-again`: seals a message anew after a person's yes, under the same message id.
    ///
    /// # Errors
    /// `unknown-message`; `wrong-state` when it is delivered, or on its way and not overdue; `recipient-replaced` or
    /// `recipient-not-active` when the node that it is for cannot get it any more.
    pub fn send_again(&mut self, message: &str) -> Result<Sent, Told> {
        let entry = self.outgoing(message)?;
        outbox::upkeep::may_send_again(&entry)?;
        self.can_arrive(&entry)?;
        if entry.kind == MessageKind::Report {
            self.report_stands(&entry)?;
        }
        if let Some(row) = Row::by_message(self.vault.db(), entry.message.as_bytes())?
            && row.state.phase() >= Phase::Final
        {
            return Err(Told::refused(
                "referral-ended",
                format!("the referral is {}: what it says counts no more", row.state.word()),
                "begin a new one with `safeconduct referral new-from`",
            ));
        }
        let now = self.now();
        outbox::upkeep::send_again(&mut self.vault, &entry.message, now)?;
        Ok(Sent::of(&self.outgoing(&entry.message.to_hex())?))
    }

    /// The referral, if it may go from this agency to that one.
    pub(super) fn judged(&mut self, own: &AgencyId, to: &AgencyId, bytes: &[u8]) -> Result<judge::Accepted, Told> {
        let accepted = judge::judge(bytes, Direction::Outbound, self.now(), &self.profiles, None)?;
        let line = accepted.referral.summary_line();
        if line.from != own.as_str() {
            return Err(Told::refused(
                "other-sender",
                format!("the referral is from {}, and this node speaks for {own}", line.from),
                "write this agency into /header/from",
            ));
        }
        if line.to != to.as_str() {
            return Err(Told::refused(
                "other-recipient",
                format!("the referral is addressed to {}, and not to {to}", line.to),
                "name the agency of /header/to with --to",
            ));
        }
        let facts = self.registry_facts(own, to)?;
        let parent = self.parent_of(&accepted.referral)?;
        judge::judge_after(bytes, Direction::Outbound, self.now(), &self.profiles, Some(facts), parent)
    }

    /// `ping`: queues one.
    ///
    /// # Errors
    /// `unknown-agency`, `recipient-not-active`, or what the vault says.
    pub fn ping(&mut self, to: &AgencyId) -> Result<String, Told> {
        let recipient = self.recipient(to)?;
        self.recognised(&recipient)?;
        let now = self.now();
        let message = outbox::queue_ping(&mut self.vault, recipient, to, now, &mut self.entropy)?;
        Ok(message.to_hex())
    }

    /// The active node of an agency.
    pub(super) fn recipient(&mut self, to: &AgencyId) -> Result<NodeId, Told> {
        let found = self.agency(to)?.ok_or_else(|| unknown_agency(to))?;
        if found.status == NodeStatus::Active {
            return Ok(found.node);
        }
        let status = super::status_code(found.status);
        Err(Told::refused(
            "recipient-not-active",
            format!("the registration of {to} is {status}"),
            "phone the agency or your authority, or choose another agency",
        ))
    }

    /// The node of an agency, active or not.
    pub(super) fn recipient_node(&mut self, agency: &AgencyId) -> Result<NodeId, Told> {
        Ok(self.agency(agency)?.ok_or_else(|| unknown_agency(agency))?.node)
    }

    pub(super) fn line(&mut self, entry: &OutboxEntry) -> Result<OutboxLine, Told> {
        let kind = match entry.kind {
            MessageKind::Referral => "referral",
            MessageKind::Receipt => "receipt",
            MessageKind::Ping => "ping",
            MessageKind::Notice => "restore-notice",
            MessageKind::Case => "word-about-a-referral",
            MessageKind::Report => "report",
            MessageKind::Cover => "cover",
        };
        let (says, remedy) = self.plight(entry)?.map(|plight| (plight.says, plight.remedy)).unzip();
        Ok(OutboxLine {
            message_id: entry.message.to_hex(),
            to: entry.agency.clone().unwrap_or_else(|| entry.recipient.short().to_string()),
            kind: kind.to_owned(),
            exercise: entry.exercise,
            state: entry.state.as_str().to_owned(),
            queued_at: entry.queued_at.0,
            waits_s: entry.state.waits().then(|| self.now().since(entry.queued_at)),
            attempts: u64::from(entry.attempts),
            last_error: entry.reason.clone().or_else(|| entry.last_error.clone()),
            says,
            remedy,
            not_online_since_at: entry.quiet_since.map(|since| since.0),
        })
    }

    pub(super) fn registry_state(&mut self) -> Result<RegistryState, Told> {
        let now = self.now();
        let node = self.identity.node;
        let none = RegistryState {
            freshness: "none".to_owned(),
            standing: "not-registered".to_owned(),
            ..RegistryState::default()
        };
        let held = match self.held() {
            Ok(held) => held,
            Err(told) if told.code == "not-enrolled" => return Ok(none),
            Err(told) => return Err(told),
        };
        Ok(RegistryState {
            size: held.size(),
            freshness: freshness_code(held.freshness(now)).to_owned(),
            timestamp_at: held.registry().newest_time().map(|time| time.0),
            standing: held.node(&node).map_or("not-registered", |own| super::status_code(own.status)).to_owned(),
            witness_quorum: (held.size() > 0).then(|| held.registry().root().witness_quorum()),
        })
    }

    /// `receipts`.
    ///
    /// # Errors
    /// `unknown-message`, or what the vault says.
    pub fn receipts(&mut self, message: &str) -> Result<Receipts, Told> {
        let message = match self.outgoing(message) {
            Ok(entry) => entry.message,
            Err(outgoing) => self.incoming(message).map_err(|_unknown| outgoing)?.message,
        };
        let recipient = outbox::find(&self.vault, &message)?.and_then(|entry| entry.agency);
        let kept = evidence::receipts(&self.vault, &message)?;
        let lines = kept.iter().map(|receipt| ReceiptLine {
            kind: receipt.kind.as_str().to_owned(),
            by: match receipt.kind {
                ReceiptKind::RelayAccepted | ReceiptKind::RelayExpired => "the relay".to_owned(),
                ReceiptKind::DeliveredGiven | ReceiptKind::RefusedGiven => "this node".to_owned(),
                ReceiptKind::Delivered | ReceiptKind::Nack | ReceiptKind::Refused => {
                    recipient.clone().unwrap_or_else(|| "the recipient's node".to_owned())
                }
            },
            at: receipt.at.0,
            verified: true,
        });
        Ok(Receipts { message_id: message.to_hex(), receipts: lines.collect() })
    }

    /// A message of the outbox, of whatever kind, by its id or its first digits.
    pub(super) fn outgoing(&mut self, text: &str) -> Result<OutboxEntry, Told> {
        if let Some(message) = MessageId::from_hex(text) {
            return outbox::find(&self.vault, &message)?.ok_or_else(unknown_message);
        }
        let mut found = outbox::named(&self.vault, &named(text)?)?.into_iter();
        one_of(found.next(), found.next().is_some())
    }

    pub(super) fn shown_outgoing(&mut self, entry: &OutboxEntry) -> Result<Shown, Told> {
        let content = outbox::content(&self.vault, &entry.message)?;
        let referral = content.and_then(|content| serde_json::from_slice(&content).ok());
        Ok(Shown {
            message_id: entry.message.to_hex(),
            direction: "out".to_owned(),
            from: self.own_agency().map(String::from).unwrap_or_default(),
            to: entry.agency.clone().unwrap_or_default(),
            at: entry.queued_at.0,
            state: entry.state.as_str().to_owned(),
            notes: Vec::new(),
            referral: if entry.kind == MessageKind::Referral { referral } else { None },
        })
    }

    /// `show`.
    ///
    /// # Errors
    /// `unknown-message`, or what the vault says.
    pub fn show(&mut self, message: &str) -> Result<Shown, Told> {
        match self.incoming(message) {
            Ok(entry) => self.shown_incoming(&entry),
            Err(told) if told.code == "unknown-message" => {
                let entry = self.outgoing(message)?;
                self.look_at_sent(&entry)
            }
            Err(told) => Err(told),
        }
    }

    /// Who reads a message whole: only where one person works, or nobody is named.
    pub(super) fn reads_all(&self) -> Result<Officer, Told> {
        let officer = self.acting(None)?;
        if officer.is_alone() {
            return Ok(officer);
        }
        Err(Told::refused(
            "person-missing",
            "several people work here, and what each may see differs",
            "use `safeconduct referral show --open --by NAME`",
        ))
    }

    /// A message of the inbox by its id or its first digits.
    pub(super) fn incoming(&mut self, text: &str) -> Result<InboxEntry, Told> {
        let mut found = inbox::named(&self.vault, &named(text)?)?.into_iter();
        one_of(found.next(), found.next().is_some())
    }

    fn shown_incoming(&mut self, entry: &InboxEntry) -> Result<Shown, Told> {
        let now = self.now();
        if let Some(row) = Row::by_message(self.vault.db(), entry.message.as_bytes())? {
            let officer = self.reads_all()?;
            // As `referral show` leaves it out; this shows all or nothing.
            self.whole_is_shown(&row)?;
            self.open_case(&row, &officer, u16::MAX, None)?;
        }
        let (entry, content) = inbox::show(&self.vault, &entry.message, now)?;
        Ok(Shown {
            message_id: entry.message.to_hex(),
            direction: "in".to_owned(),
            from: self.called(&entry.sender)?,
            to: self.own_agency().map(String::from).unwrap_or_default(),
            at: entry.received_at.0,
            state: entry.state.as_str().to_owned(),
            notes: notes(&entry),
            referral: serde_json::from_slice(&content).ok(),
        })
    }

    pub(super) fn quarantined(&self) -> Result<u64, Told> {
        let counts = inbox::quarantine::counts(&self.vault)?;
        let refused = inbox::count_refused(&self.vault)?;
        Ok(u64::from(counts.unopened).saturating_add(u64::from(counts.opened)).saturating_add(refused))
    }

    /// What `doctor` judges.
    ///
    /// # Errors
    /// What the vault says.
    pub fn check_up(&mut self) -> Result<CheckUp, Told> {
        let now = self.now();
        let registry = self.registry_state()?;
        let entries = outbox::pages::current(&self.vault, 0)?;
        let late = |entry: &&OutboxEntry| {
            matches!(entry.state, OutboxState::Queued | OutboxState::Sealed)
                && now.since(entry.queued_at) > CheckUp::WAITING_S_MAX
        };
        let overdue = |entry: &&OutboxEntry| entry.alarm && entry.state == OutboxState::RelayAccepted;
        Ok(CheckUp {
            enrolled: self.is_approved()?,
            registry_size: registry.size,
            witness_quorum: registry.witness_quorum,
            registry_age_s: registry.timestamp_at.map(|at| now.since(Timestamp(at))),
            clock_behind_s: self.clock_behind_s()?,
            standing: registry.standing,
            own_key: self.own_key_trouble()?,
            key_changes: self.key_changes()?,
            one_time: crate::prekeys::one_time_open(&self.vault)?,
            keys_made: crate::prekeys::were_made(&self.vault)?,
            without_seed: self
                .relay_stock
                .as_ref()
                .map(|stock| crate::prekeys::without_seed(&self.vault, stock))
                .transpose()?,
            signed_valid_s: crate::prekeys::signed_valid_s(&self.vault, now)?,
            waiting: count(entries.iter().filter(late).count()),
            overdue: count(entries.iter().filter(overdue).count()),
            given_up: count(entries.iter().filter(|entry| entry.alarm && entry.state.is_given_up()).count()),
            quarantined: self.quarantined()?,
            reminders: self.reminders()?,
            fork: self.fork_alarm()?,
            alarms: self.node_alarms()?,
            backup_age_s: self.backup_at()?.map(|at| now.since(Timestamp(at))),
        })
    }
}

/// What the reader of a message should know of its sender.
pub(super) fn notes(entry: &InboxEntry) -> Vec<InboxNote> {
    let unconfirmed = entry.unconfirmed_since.map(|since| InboxNote {
        code: "sender-not-confirmed-since".to_owned(),
        since_at: (since > Timestamp(0)).then_some(since.0),
    });
    let clock = entry.note.clone().map(|code| InboxNote { code, since_at: None });
    unconfirmed.into_iter().chain(clock).collect()
}

impl Sent {
    pub(super) fn of(entry: &OutboxEntry) -> Self {
        let (message_id, state) = (entry.message.to_hex(), entry.state.as_str().to_owned());
        Self { message_id, state, daemon: false, already: false, remedy: None, warnings: Vec::new() }
    }
}

pub(super) fn unknown_agency(agency: &AgencyId) -> Told {
    Told::refused(
        "unknown-agency",
        format!("no agency {agency} is in the registry"),
        "see `safeconduct directory` for the agencies, and check the spelling",
    )
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The ids that begin with these digits.
fn named(text: &str) -> Result<[[u8; 16]; 2], Told> {
    let digits = text.to_ascii_lowercase();
    let fits =
        (PREFIX_DIGITS_MIN..=32).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let end = |fill| id_bytes(&digits, fill).filter(|_| fits).ok_or_else(unknown_message);
    Ok([end('0')?, end('f')?])
}

/// The one that was meant.
pub(super) fn one_of<T>(first: Option<T>, more: bool) -> Result<T, Told> {
    match (first, more) {
        (Some(found), false) => Ok(found),
        (Some(_), true) => Err(Told::usage("several messages begin with these digits", "type more of them")),
        (None, _) => Err(unknown_message()),
    }
}

pub(super) fn unknown_message() -> Told {
    Told::refused(
        "unknown-message",
        "there is no such message here",
        "copy the id from `safeconduct inbox` or `safeconduct status`",
    )
}
