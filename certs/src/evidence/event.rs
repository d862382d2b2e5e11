//! What happened, by the name that others know it by: the events of ETSI EN 319 522-3 where there is one, and our own for casework. A
//! table, from which lines of reports and of verified evidence are named; nothing of it is stored or signed.

use safeconduct_protocol::receipt::case::CaseAct;

/// Something that happened to a message or a referral, as evidence shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// The sender's node signed a message.
    Signed,
    /// A relay took charge of it.
    RelayAccepted,
    /// The relay gave it up: nobody had fetched it.
    RelayExpired,
    /// The recipient's node opened, verified and stored it.
    Delivered,
    /// The recipient's node could not open it.
    NotOpened,
    /// A rule of the recipient's node refused it after opening.
    Refused,
    /// An act on a referral, by a person or for a person.
    Act(CaseAct),
    /// A node found its time to be over.
    Expired,
    /// A node erased what it held.
    Erased,
}

impl Event {
    /// The event of an act; one that a node signed for itself may be another one.
    #[must_use]
    pub const fn of(act: CaseAct, by_node: bool) -> Self {
        if by_node && matches!(act, CaseAct::Declined) { Self::Refused } else { Self::Act(act) }
    }

    /// Its URI: of EN 319 522 where that has the event, else our own.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Signed => "urn:safeconduct:event:signed",
            Self::RelayAccepted => "http://uri.etsi.org/19522/Event/SubmissionAcceptance",
            Self::Delivered => "http://uri.etsi.org/19522/Event/ContentHandover",
            Self::RelayExpired | Self::NotOpened | Self::Refused => {
                "http://uri.etsi.org/19522/Event/ContentHandoverFailure"
            }
            Self::Act(act) => of_act(act),
            Self::Expired => "urn:safeconduct:event:expired",
            Self::Erased => "urn:safeconduct:event:erased",
        }
    }

    /// Why, where one event of EN 319 522 has several causes of ours.
    #[must_use]
    pub const fn cause(self) -> Option<&'static str> {
        match self {
            Self::RelayExpired => Some("relay-expired"),
            Self::NotOpened => Some("nack"),
            Self::Refused => Some("refused"),
            Self::Signed | Self::RelayAccepted | Self::Delivered | Self::Act(_) | Self::Expired | Self::Erased => None,
        }
    }

    /// URI and cause in one text.
    #[must_use]
    pub fn text(self) -> String {
        match self.cause() {
            Some(cause) => format!("{}, {cause}", self.uri()),
            None => self.uri().to_owned(),
        }
    }
}

/// That a person has opened it is an event of EN 319 522; what a person answers is casework: its ConsignmentAcceptance and
/// ConsignmentRejection are about consent to receive, and are not ours.
const fn of_act(act: CaseAct) -> &'static str {
    match act {
        CaseAct::Opened => "http://uri.etsi.org/19522/Event/ContentAccessTracking",
        CaseAct::InfoRequested => "urn:safeconduct:event:info-requested",
        CaseAct::InfoProvided => "urn:safeconduct:event:info-provided",
        CaseAct::Accepted => "urn:safeconduct:event:accepted",
        CaseAct::Declined => "urn:safeconduct:event:declined",
        CaseAct::DisclosureRaised => "urn:safeconduct:event:disclosure-raised",
        CaseAct::DisclosureRequested => "urn:safeconduct:event:disclosure-requested",
        CaseAct::ServiceStarted => "urn:safeconduct:event:service-started",
        CaseAct::Escalated => "urn:safeconduct:event:escalated",
        CaseAct::TransferProposed => "urn:safeconduct:event:transfer-proposed",
        CaseAct::TransferredOnward => "urn:safeconduct:event:transferred-onward",
        CaseAct::Closed => "urn:safeconduct:event:closed",
        CaseAct::Withdrawn => "urn:safeconduct:event:withdrawn",
        CaseAct::WithdrawalApplied => "urn:safeconduct:event:withdrawal-applied",
        CaseAct::ConsentChanged => "urn:safeconduct:event:consent-changed",
        CaseAct::Reinstated => "urn:safeconduct:event:reinstated",
        CaseAct::OverrideNotice => "urn:safeconduct:event:override-notice",
        CaseAct::OverrideReviewed => "urn:safeconduct:event:override-reviewed",
        CaseAct::ErasureCertified => "urn:safeconduct:event:erasure-certified",
        CaseAct::ReflectionSet => "urn:safeconduct:event:reflection-set",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The events of table 2 of EN 319 522-3 V1.2.1 that are ours.
    const ETSI: [&str; 4] =
        ["SubmissionAcceptance", "ContentHandover", "ContentHandoverFailure", "ContentAccessTracking"];

    fn all() -> Vec<Event> {
        let acts = CaseAct::ALL.into_iter().map(Event::Act);
        let rest = [
            Event::Signed,
            Event::RelayAccepted,
            Event::RelayExpired,
            Event::Delivered,
            Event::NotOpened,
            Event::Refused,
            Event::Expired,
            Event::Erased,
        ];
        acts.chain(rest).collect()
    }

    #[test]
    fn every_event_has_a_text_of_its_own_of_a_closed_list_or_our_own_name() {
        let texts: BTreeSet<String> = all().into_iter().map(Event::text).collect();
        assert_eq!(texts.len(), all().len());
        for event in all() {
            let etsi = event.uri().strip_prefix("http://uri.etsi.org/19522/Event/");
            let own = event.uri().strip_prefix("urn:safeconduct:event:");
            assert!(etsi.is_some_and(|name| ETSI.contains(&name)) != own.is_some(), "{event:?}");
            assert!(own.is_none_or(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
            assert_eq!(event.cause().is_some(), event.uri().ends_with("Failure"), "one event of theirs, three causes");
        }
    }

    #[test]
    fn our_names_are_those_of_the_acts_and_a_persons_answer_is_none_of_theirs() {
        for act in CaseAct::ALL {
            let words: String = act
                .as_str()
                .chars()
                .flat_map(|letter| {
                    letter.is_ascii_uppercase().then_some('-').into_iter().chain([letter.to_ascii_lowercase()])
                })
                .collect();
            let own = format!("urn:safeconduct:event:{}", words.trim_start_matches('-'));
            let is_own = Event::of(act, false).uri() == own;
            assert_eq!(is_own, act != CaseAct::Opened, "{act:?}");
        }
        assert_eq!(Event::of(CaseAct::Declined, true).text().split(", ").nth(1), Some("refused"));
    }

    #[test]
    fn the_protocols_table_has_them_all() {
        let document = include_str!("../../../docs/PROTOCOL.md");
        for event in all() {
            let cause = event.cause().map_or_else(String::new, |cause| format!(", `{cause}`"));
            let row = format!("`{}`{cause} |", event.uri());
            assert!(document.contains(&row), "{row}");
        }
    }
}
