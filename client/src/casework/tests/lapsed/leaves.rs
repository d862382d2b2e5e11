//! What waits leaves only while it may, and what is taken back goes with its documents and words.

use super::*;
use crate::{
    casework::{
        leave::{self, Leaves},
        post,
    },
    documents::{self, Enclosed},
    outbox::FailReason,
};

pub(super) fn said(referral: &Referral, section: Section, at: Timestamp) -> post::said::Said {
    post::said::Said {
        post: post::said::FORM.to_owned(),
        post_id: "00000000-0000-4000-8000-0000000000bb".to_owned(),
        referral_id: referral.header.referral_id.as_str().to_owned(),
        kind: post::said::PostKind::Note,
        reply_to: None,
        at: instant(at),
        section: section.as_str().to_owned(),
        told: vec![referral.header.to.agency_id.as_str().to_owned()],
        text: Some(zeroize::Zeroizing::new("She arrives on the evening train.".to_owned())),
        code: None,
    }
}

/// The documents that a referral lists, each with its section.
pub(super) fn attachments(referral: &Referral) -> Vec<([u8; 16], Section)> {
    let list = referral.case_file.as_ref().unwrap().attachments.as_ref().unwrap();
    let id = |text: &str| crate::casework::store::columns::uuid_bytes(text).unwrap();
    list.iter().map(|one| (id(one.attachment_id.as_str()), one.section)).collect()
}

impl Pair {
    /// Whether the newest message that waits at a node may leave at two times.
    fn leaves(&mut self, at: usize, now: Timestamp, sure: Timestamp) -> Leaves {
        let other = self.nodes[1 - at].identity.node;
        let vault = self.nodes[at].vault();
        let waiting = outbox::to_seal(vault, self.now.after(60), 99, &|_| true).unwrap();
        let content = outbox::content(vault, &waiting.last().unwrap().message).unwrap().unwrap();
        leave::told(vault.db(), testing::setting().profiles, &other, &content, leave::Times { now, sure }).unwrap()
    }
}

#[test]
fn words_that_wait_leave_only_while_a_consent_covers_them_and_wait_while_only_one_clock_says_that_it_has_ended() {
    let consent_over = Leaves::Never(FailReason::ConsentOver);
    let (mut pair, referral) = accepted(980);
    let (before, end) = (pair.now.after(ENDS_DAYS * DAY_S - 1), pair.now.after(ENDS_DAYS * DAY_S));
    for (at, section) in [(S, Section::Identity), (R, Section::Summary)] {
        let row = pair.row(at);
        let said = said(&referral, section, pair.now);
        post::say(pair.nodes[at].vault().db(), &row, &said, pair.now, &mut pair.world.entropy).unwrap();
        assert_eq!(pair.leaves(at, before, before), Leaves::Yes);
        assert_eq!(pair.leaves(at, end, before), Leaves::Later);
        assert_eq!(pair.leaves(at, end, end), consent_over);
    }
    // What needs no consent goes on.
    let row = pair.row(S);
    let post_id = "00000000-0000-4000-8000-0000000000bc".to_owned();
    let bare = post::said::Said { post_id, ..said(&referral, Section::Enquiry, pair.now) };
    post::say(pair.nodes[S].vault().db(), &row, &bare, pair.now, &mut pair.world.entropy).unwrap();
    assert_eq!(pair.leaves(S, end, end), Leaves::Yes);
    pair.does(R, closed()).unwrap();
    assert_eq!(pair.leaves(R, end, end), Leaves::Yes, "an act is signed, and always leaves");
}

#[test]
fn what_was_taken_back_is_followed_by_no_words_that_waited() {
    let (mut pair, referral) = accepted(981);
    let (row, said) = (pair.row(S), said(&referral, Section::Identity, pair.now));
    post::say(pair.nodes[S].vault().db(), &row, &said, pair.now, &mut pair.world.entropy).unwrap();
    let posts = pair.nodes[S].vault();
    let waiting = outbox::to_seal(posts, pair.now, 99, &|_| true).unwrap().remove(0).message;
    let content = outbox::content(posts, &waiting).unwrap().unwrap();
    pair.does(S, withdrawn()).unwrap();

    let (times, other) = (leave::Times { now: pair.now, sure: pair.now }, pair.nodes[R].identity.node);
    let leaves = leave::told(pair.nodes[S].vault().db(), testing::setting().profiles, &other, &content, times).unwrap();

    assert_eq!(leaves, Leaves::Never(FailReason::Withdrawn));
    assert_eq!(pair.leaves(S, pair.now, pair.now), Leaves::Yes, "the withdrawal itself");
}

#[test]
fn an_answer_whose_words_may_not_leave_any_more_is_told_without_them() {
    let mut pair = Pair::new(982);
    let referral = pair.ending();
    pair.sends(&referral, None);
    pair.settles();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, with_text(Step::InfoRequested, "Which languages?")).unwrap();
    pair.settles();
    pair.does(S, with_text(Step::InfoProvided, "Romanian and some Italian")).unwrap();
    let end = pair.now.after(ENDS_DAYS * DAY_S);
    assert_eq!(pair.leaves(S, pair.now, pair.now), Leaves::Yes);
    assert_eq!(pair.leaves(S, end, end), Leaves::Never(FailReason::ConsentOver));

    pair.now = end;
    let other = pair.nodes[R].identity.node;
    let waiting = outbox::to_seal(pair.nodes[S].vault(), end, 99, &|_| true).unwrap().remove(0).message;
    let vault = pair.nodes[S].vault();
    let content = outbox::content(vault, &waiting).unwrap().unwrap();
    progress::fail(vault.db(), &waiting, FailReason::ConsentOver).unwrap();
    leave::without_words(vault.db(), &other, &content, end, &mut pair.world.entropy).unwrap().unwrap();
    pair.settles();

    assert_eq!(pair.both(), State::Opened, "the act has arrived");
    assert!(!pair.knows(R, "Romanian") && pair.knows(S, "Romanian"));
}

#[test]
fn a_document_leaves_only_while_its_own_section_is_covered_and_the_referral_lists_it() {
    let mut pair = Pair::new(983);
    let end = pair.now.after(ENDS_DAYS * DAY_S);
    let referral = pair.referral("03-man-agriculture-legal-aid-rtl", |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["sections"] =
            serde_json::json!(["Enquiry", "Summary", "Identity", "Immigration", "Narrative", "Events", "Attachments"]);
        second["consent_id"] = "00000000-0000-4000-8000-0000000000aa".into();
        second["sections"] = serde_json::json!(["Justice"]);
        second["expires_at"] = instant(end).into();
        value["consents"].as_array_mut().unwrap().push(second);
    });
    pair.sends(&referral, None);
    let id = attachments(&referral).remove(0).0;
    let row = pair.row(S);
    let db = pair.nodes[S].vault().db();
    let at = |now, sure| {
        leave::document(
            db,
            testing::setting().profiles,
            &row,
            (&id, Section::Justice.as_str()),
            leave::Times { now, sure },
        )
        .unwrap()
    };

    assert_eq!(at(end.before(1), end.before(1)), Leaves::Yes);
    assert_eq!(at(end, end.before(1)), Leaves::Later);
    assert_eq!(at(end, end), Leaves::Never(FailReason::ConsentOver));
    let times = leave::Times { now: row.created_at, sure: row.created_at };
    let other = leave::document(db, testing::setting().profiles, &row, (&[9; 16], "Justice"), times).unwrap();
    assert_eq!(other, Leaves::Never(FailReason::Withdrawn), "no version lists it");
}

#[test]
fn a_consent_that_is_taken_back_takes_its_documents_and_the_words_beside_acts_along_and_leaves_the_others() {
    let mut pair = Pair::new(987);
    let other = "00000000-0000-4000-8000-0000000000aa";
    let referral = pair.referral("03-man-agriculture-legal-aid-rtl", |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["sections"] =
            serde_json::json!(["Enquiry", "Summary", "Identity", "Immigration", "Narrative", "Events", "Attachments"]);
        second["consent_id"] = other.into();
        second["sections"] = serde_json::json!(["Justice"]);
        value["consents"].as_array_mut().unwrap().push(second);
        let mut document = value["case_file"]["attachments"][0].clone();
        document["attachment_id"] = "00000000-0000-4000-8000-0000000000d2".into();
        document["section"] = "Narrative".into();
        value["case_file"]["attachments"].as_array_mut().unwrap().push(document);
    });
    pair.sends(&referral, None);
    pair.settles();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, with_text(Step::InfoRequested, "How far is the court?")).unwrap();
    pair.settles();
    let row = pair.row(R);
    for (number, (attachment, section)) in (1_u8..).zip(attachments(&referral)) {
        let enclosed = Enclosed {
            attachment,
            index: 0,
            relay: safeconduct_protocol::id::RelayId(7),
            blob_secret: safeconduct_protocol::blob::BlobSecret::from_bytes([2; 32]),
            key: safeconduct_protocol::secret::Secret::new([3; 32]),
            length: 9,
            salt: [4; 32],
            salted: [5; 32],
            cipher: [6; 32],
            kind: documents::kind::Kind::Pdf,
        };
        let about = documents::About {
            partner: row.partner,
            referral: row.referral,
            post: [number; 16],
            section: section.as_str(),
            title: "a title",
            sha256: None,
            relay: crate::registry::RelayRef::own(enclosed.relay),
        };
        let db = pair.nodes[R].vault().db();
        documents::take(db, &enclosed, &about, pair.now, &mut pair.world.entropy).unwrap();
    }
    let open = |pair: &mut Pair| -> Vec<String> {
        let all = documents::store::of_referral(pair.nodes[R].vault().db(), row.referral).unwrap();
        all.into_iter().filter(|one| !one.title.is_empty()).map(|one| one.section).collect()
    };
    assert_eq!(open(&mut pair), ["Justice", "Narrative"]);

    pair.does(S, taken_back(&[other])).unwrap();
    pair.settles();
    assert_eq!(open(&mut pair), ["Narrative"]);
    assert!(pair.knows(R, "How far"), "the summary is still covered");

    pair.does(S, taken_back(&[referral.consents()[0].consent_id.as_str()])).unwrap();
    pair.settles();
    assert!(open(&mut pair).is_empty() && !pair.knows(R, "How far") && pair.knows(S, "How far"));
    assert_eq!(pair.notes(R).len(), 2, "which consents were taken back stays known");
}

pub(super) fn taken_back(ids: &[&str]) -> Act {
    let status = Some(ConsentStatus::Withdrawn.as_str().to_owned());
    let details =
        Details { consent_ids: ids.iter().map(|id| (*id).to_owned()).collect(), status, ..Details::default() };
    Act { details, ..act(Step::ConsentChanged) }
}

#[test]
fn a_later_version_that_waits_does_not_leave_after_its_consent_was_taken_back_or_all_of_it_was_withdrawn() {
    for (seed, whole) in [(990, false), (991, true)] {
        let (mut pair, referral) = accepted(seed);
        let next = pair.renewed(&referral);
        pair.sends(&next, None);
        let waiting = outbox::to_seal(pair.nodes[S].vault(), pair.now, 99, &|_| true).unwrap().remove(0).message;
        let times = leave::Times { now: pair.now, sure: pair.now };
        let leaves = |pair: &mut Pair| {
            leave::referral(pair.nodes[S].vault().db(), testing::setting().profiles, &waiting, &next, times).unwrap()
        };
        assert_eq!(leaves(&mut pair), Leaves::Yes);
        if whole {
            pair.does(S, withdrawn()).unwrap();
            assert_eq!(leaves(&mut pair), Leaves::Never(FailReason::Withdrawn));
        } else {
            let ids: Vec<&str> = next.consents().iter().map(|one| one.consent_id.as_str()).collect();
            pair.does(S, taken_back(&ids)).unwrap();
            assert_eq!(leaves(&mut pair), Leaves::Never(FailReason::ConsentOver));
        }
    }
}

#[test]
fn a_document_needs_the_consent_for_documents_beside_that_for_its_section() {
    const DOCUMENTS: &str = "00000000-0000-4000-8000-0000000000aa";
    let mut pair = Pair::new(992);
    let referral = pair.referral("03-man-agriculture-legal-aid-rtl", |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["sections"] =
            serde_json::json!(["Enquiry", "Summary", "Identity", "Immigration", "Narrative", "Events", "Justice"]);
        second["consent_id"] = DOCUMENTS.into();
        second["sections"] = serde_json::json!(["Attachments"]);
        value["consents"].as_array_mut().unwrap().push(second);
    });
    pair.sends(&referral, None);
    pair.settles();
    let id = attachments(&referral).remove(0).0;
    let times = leave::Times { now: pair.now, sure: pair.now };
    let leaves = |pair: &mut Pair| {
        let row = pair.row(S);
        leave::document(
            pair.nodes[S].vault().db(),
            testing::setting().profiles,
            &row,
            (&id, Section::Justice.as_str()),
            times,
        )
        .unwrap()
    };
    assert_eq!(leaves(&mut pair), Leaves::Yes);
    pair.does(S, taken_back(&[DOCUMENTS])).unwrap();
    assert_eq!(leaves(&mut pair), Leaves::Never(FailReason::ConsentOver));
}

#[test]
fn under_a_legal_hold_what_was_taken_back_is_kept_and_shown_to_nobody() {
    let (mut pair, referral) = accepted(993);
    let place = pair.place(R);
    stand::hold(pair.nodes[R].vault().db(), place, Some("court order 7"), pair.now).unwrap();
    let ids: Vec<&str> = referral.consents().iter().map(|one| one.consent_id.as_str()).collect();
    pair.does(S, taken_back(&ids)).unwrap();
    pair.settles();

    assert!(pair.knows(R, "Oksana"), "the law keeps it");
    assert!(pair.shown(R) == (vec![Section::Enquiry], true) && !pair.is_found(R, NAME));
}

#[test]
fn what_is_taken_back_where_the_person_is_goes_there_and_stops_what_waits_at_the_sender() {
    let (mut pair, referral) = accepted(994);
    let said = said(&referral, Section::Identity, pair.now);
    let row = pair.row(S);
    post::say(pair.nodes[S].vault().db(), &row, &said, pair.now, &mut pair.world.entropy).unwrap();
    let vault = pair.nodes[S].vault();
    let waiting = outbox::to_seal(vault, pair.now, 99, &|_| true).unwrap().remove(0).message;
    let content = outbox::content(vault, &waiting).unwrap().unwrap();
    progress::fail(vault.db(), &waiting, FailReason::Withdrawn).unwrap();
    let ids: Vec<&str> = referral.consents().iter().map(|one| one.consent_id.as_str()).collect();

    pair.does(R, taken_back(&ids)).unwrap();
    assert!(!pair.knows(R, "Oksana") && pair.shown(R).0 == [Section::Enquiry]);
    pair.settles();

    assert!(pair.row(S).has(News::Told) && pair.may_speak(S).is_err());
    let (times, other) = (leave::Times { now: pair.now, sure: pair.now }, pair.nodes[R].identity.node);
    let leaves = leave::told(pair.nodes[S].vault().db(), testing::setting().profiles, &other, &content, times).unwrap();
    assert_eq!(leaves, Leaves::Never(FailReason::ConsentOver));
    assert!(pair.knows(S, "Oksana"), "the sender's file is the sender's");
}

#[test]
fn which_consent_was_taken_back_is_told_again_to_who_was_restored_and_until_then_none_counts() {
    let (mut pair, referral) = accepted(995);
    let ids: Vec<&str> = referral.consents().iter().map(|one| one.consent_id.as_str()).collect();
    pair.does(S, taken_back(&ids)).unwrap();
    let kept_back = pair.seals(S);
    assert!(pair.shown(R).0.contains(&Section::Identity), "nobody here knows of it");
    // Its message never arrives; the log does.
    let other = pair.nodes[R].identity.node;
    resync::restored(pair.nodes[S].vault().db(), &other, pair.now, &mut pair.world.entropy).unwrap();
    let sealed = pair.seals(S);
    assert!(sealed.len() >= 2 && kept_back.len() == 1);
    pair.delivers(R, &sealed[0].1);
    assert!(pair.shown(R) == (vec![Section::Enquiry], true) && pair.knows(R, "Oksana"), "until then none counts");
    for (_, envelope) in &sealed[1..] {
        pair.delivers(R, envelope);
    }
    assert!(!pair.knows(R, "Oksana"), "it is told which");
}
