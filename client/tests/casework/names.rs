//! Names, refusals, roles, and how a signed event is read.

use safeconduct_client::casework::life::act::{Ask, Refusal, may, possible};
use safeconduct_client::casework::life::code::{DeclineReason, Outcome, Step, Why, WithdrawReason};
use safeconduct_client::casework::life::event::Event;
use safeconduct_client::casework::life::state::State;
use safeconduct_client::casework::life::terms::Hand;
use safeconduct_protocol::crypto::sign::SigningKey;
use safeconduct_protocol::envelope::header::RegistryPoint;
use safeconduct_protocol::id::{MessageId, NodeId};
use safeconduct_protocol::receipt::case::{CaseAct, CaseEvent, CaseFields, Revision, Seen};
use safeconduct_protocol::secret::Secret;
use safeconduct_protocol::time::Timestamp;

use State as S;

use crate::history::{BEGIN, Recipient, Sender, in_state};
use crate::transitions::ask;

#[test]
fn events_reasons_and_outcomes_are_those_of_the_schema_in_its_order() {
    let schema: serde_json::Value = serde_json::from_str(safeconduct_client::referral::SCHEMA).unwrap();
    let listed = |name: &str| -> Vec<String> {
        let list = &schema["$defs"]["LogEvent"]["properties"][name]["enum"];
        list.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let told: Vec<&str> = Step::ALL.iter().filter(|step| step.number().is_some()).map(|step| step.as_str()).collect();

    assert_eq!(told, listed("type"));
    assert_eq!(Step::Submitted.number(), Some(1));
    assert_eq!(DeclineReason::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(), listed("decline_reason"));
    assert_eq!(Outcome::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(), listed("outcome"));
    assert_eq!(WithdrawReason::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(), listed("withdraw_reason"));
    for (number, why) in (1..=14).zip(DeclineReason::ALL.iter().copied().map(Why::Declined)) {
        assert_eq!((why.number(), Why::of(Step::Declined, number)), (number, Some(why)));
    }
}

#[test]
fn no_reason_to_decline_speaks_of_working_with_police() {
    for reason in DeclineReason::ALL {
        let said = format!("{} {}", reason.as_str(), reason.words()).to_lowercase();
        for word in ["police", "investigat", "prosecut", "testif", "cooperat", "co-operat", "statement"] {
            assert!(!said.contains(word), "{said}");
        }
    }
}

#[test]
fn a_refusal_has_a_code_a_fact_and_a_remedy_of_its_own() {
    let standing = in_state(S::Opened).standing();
    let refused = |ask: &Ask<'_>| may(Some(&standing), ask).unwrap_err();
    let refusals = [
        refused(&ask(Sender, &[Hand::Caseworker], Step::Reinstated, 0)),
        refused(&ask(Sender, &[Hand::Caseworker], Step::Accepted, 0)),
        refused(&ask(Recipient, &[Hand::Intake], Step::Declined, 15)),
        refused(&Ask { level: None, ..ask(Sender, &[Hand::Caseworker], Step::DisclosureRaised, 0) }),
    ];

    let mut codes: Vec<&str> = refusals.iter().map(Refusal::code).collect();
    assert_eq!(codes, ["not-now", "not-yours", "wrong-reason", "wrong-level"]);
    codes.dedup();
    for refusal in &refusals {
        assert!(!refusal.to_string().ends_with('.') && !refusal.remedy().is_empty());
    }
    assert_eq!(
        refusals[0].to_string(),
        "referral reinstate is not possible now: the referral is read; possible: referral raise, referral withdraw, \
         consent withdraw, referral override-notice, referral reflection"
    );
}

#[test]
fn supervisors_may_do_all_that_their_caseworkers_and_intake_may_and_nothing_of_the_node() {
    for state in State::ALL {
        let standing = in_state(*state).standing();
        for side in [Sender, Recipient] {
            let supervisor = possible(Some(&standing), side, &[Hand::Supervisor]);
            for hand in [Hand::Caseworker, Hand::Intake, Hand::Accepting] {
                let possible = possible(Some(&standing), side, &[hand]);
                assert!(possible.iter().all(|step| supervisor.contains(step)), "{state:?} {hand:?}");
            }
            assert!(!supervisor.contains(&Step::Escalated) && !supervisor.contains(&Step::Erased));
        }
    }
}

#[test]
fn a_signed_event_of_the_two_nodes_is_read_and_one_of_others_is_not() {
    let (sender, recipient) = (NodeId::from_bytes([4; 32]), NodeId::from_bytes([5; 32]));
    let says = CaseFields {
        act: CaseAct::Declined,
        code: 2,
        level: None,
        by_node: false,
        confirmed: false,
        referral: [1; 16],
        epoch: 3,
        number: 0,
        previous: [0; 32],
        seen: Some(Seen { epoch: 1, number: 6, hash: [3; 32] }),
        at: Timestamp(BEGIN),
        signer: recipient,
        other: sender,
        about: Revision { message: MessageId::from_bytes([6; 16]), header_hash: [7; 32], content_commitment: [8; 32] },
        person: Some([9; 16]),
        successor: None,
        details: None,
        registry: RegistryPoint { size: 11, root: [12; 32] },
    };
    let signed = CaseEvent::sign(&SigningKey::from_seed(Secret::new([9; 32])), &says).unwrap();

    let event = Event::of(&signed, &sender, &recipient).unwrap();
    assert_eq!((event.side, event.step, event.hash), (Recipient, Step::Declined, signed.hash()));
    assert_eq!((event.position.epoch, event.previous, event.seen.unwrap().0.number), (3, None, 6));
    assert_eq!(event.why(), Some(Why::Declined(DeclineReason::OutsideMandate)));
    let stranger = NodeId::from_bytes([6; 32]);
    assert_eq!(Event::of(&signed, &stranger, &recipient), None);
    assert_eq!(Event::of(&signed, &sender, &stranger), None);
}
