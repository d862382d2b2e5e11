//! What comes after its consent was taken back, or waits when it is, is not kept for a new consent to show.

use super::{
    leaves::{attachments, said, taken_back},
    *,
};
use crate::casework::{post, take};

const DOCUMENTS: &str = "00000000-0000-4000-8000-0000000000aa";
const WORDS: &str = "evening train";

fn all_of(referral: &Referral) -> Vec<&str> {
    referral.consents().iter().map(|one| one.consent_id.as_str()).collect()
}

/// A document's post as the sender's node would seal it.
fn document(referral: &Referral, attachment: [u8; 16], section: Section) -> Vec<u8> {
    let uuid = crate::casework::store::columns::uuid_text;
    let zeros = "0".repeat(64);
    let id: String = attachment.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        r#"{{"post":"safeconduct.post/1","post_id":"{}","referral_id":"{}","kind":"document","section":"{}","document":{{"attachment_id":"{id}","index":0,"relay":7,"blob_secret":"{zeros}","key":"{zeros}","length":9,"salt":"{zeros}","salted_sha256":"{zeros}","cipher_sha256":"{zeros}","media_type":"application/pdf"}}}}"#,
        uuid(&[8; 16]),
        referral.header.referral_id.as_str(),
        section.as_str()
    )
    .into_bytes()
}

impl Pair {
    /// A post reaches a node, as if its message had just been opened.
    fn is_told(&mut self, at: usize, message: u8, post: Vec<u8>) {
        let content = CaseContent::Post(zeroize::Zeroizing::new(post)).encode().unwrap();
        assert!(take::is_known(&content), "a post that is taken");
        let sender = self.nodes[1 - at].identity.node;
        let brought = take::Brought { sender, message: MessageId::from_bytes([message; 16]), stored_at: self.now };
        let node = &mut self.nodes[at];
        let setting = testing::setting();
        let desk = Desk { identity: &node.identity, held: &node.held, setting: &setting };
        let db = node.vault.as_ref().unwrap().db();
        take::told(db, &desk, &brought, &content, self.now, &mut self.world.entropy).unwrap();
    }

    fn waiting(&mut self, at: usize) -> i64 {
        let query = "SELECT count(*) FROM case_pending";
        self.nodes[at].vault().db().query_row(query, [], |row| row.get(0)).unwrap()
    }

    fn posts(&mut self, at: usize) -> Vec<(bool, bool)> {
        let place = self.place(at);
        let all = post::store::list(self.nodes[at].vault().db(), place).unwrap();
        all.into_iter().map(|one| (one.said.is_some(), one.late)).collect()
    }
}

#[test]
fn the_key_of_a_document_that_waits_goes_with_the_consent_for_it_and_no_later_one_waits() {
    let mut pair = Pair::new(997);
    let referral = pair.referral("03-man-agriculture-legal-aid-rtl", |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["sections"] =
            serde_json::json!(["Enquiry", "Summary", "Identity", "Immigration", "Narrative", "Events", "Attachments"]);
        second["consent_id"] = DOCUMENTS.into();
        second["sections"] = serde_json::json!(["Justice"]);
        value["consents"].as_array_mut().unwrap().push(second);
    });
    pair.sends(&referral, None);
    pair.settles();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    // Neither is listed yet: a later version may list both.
    pair.is_told(R, 1, document(&referral, [0xd1; 16], Section::Justice));
    pair.is_told(R, 2, document(&referral, [0xd2; 16], Section::Narrative));
    assert_eq!(pair.waiting(R), 2);

    pair.does(S, taken_back(&[DOCUMENTS])).unwrap();
    pair.settles();
    assert_eq!(pair.waiting(R), 1, "the other is still covered");

    let listed = attachments(&referral).remove(0).0;
    pair.is_told(R, 3, document(&referral, listed, Section::Justice));
    pair.is_told(R, 4, document(&referral, [0xd4; 16], Section::Narrative));
    assert_eq!(pair.waiting(R), 2, "what came after the withdrawal does not wait; what is covered does");
    pair.does(S, taken_back(&[referral.consents()[0].consent_id.as_str()])).unwrap();
    pair.settles();
    assert_eq!(pair.waiting(R), 0);
}

#[test]
fn words_that_come_after_their_consent_was_taken_back_are_not_kept_and_the_line_says_so() {
    let (mut pair, referral) = accepted(998);
    pair.does(R, taken_back(&all_of(&referral))).unwrap();
    for (message, section) in [(1, Section::Identity), (2, Section::Enquiry)] {
        let mut said = said(&referral, section, pair.now);
        said.post_id = format!("00000000-0000-4000-8000-0000000000b{message}");
        pair.is_told(R, message, said.bytes().to_vec());
    }
    assert_eq!(pair.posts(R), [(false, true), (true, false)], "what needs no consent stays");
}

#[test]
fn words_beside_an_act_that_crosses_with_a_withdrawal_are_not_kept_but_under_a_legal_hold() {
    for (seed, held) in [(1001, false), (1002, true)] {
        let mut pair = Pair::new(seed);
        let referral = pair.ending();
        pair.sends(&referral, None);
        pair.settles();
        pair.does(R, act(Step::Opened)).unwrap();
        pair.does(R, with_text(Step::InfoRequested, "Which languages?")).unwrap();
        pair.settles();
        pair.does(S, with_text(Step::InfoProvided, "She arrives on the evening train.")).unwrap();
        let crossing = pair.seals(S);
        if held {
            let place = pair.place(R);
            stand::hold(pair.nodes[R].vault().db(), place, Some("court order 7"), pair.now).unwrap();
        }
        pair.does(R, taken_back(&all_of(&referral))).unwrap();

        for (_, envelope) in &crossing {
            pair.delivers(R, envelope);
        }
        let said = said(&referral, Section::Identity, pair.now);
        pair.is_told(R, 9, said.bytes().to_vec());

        assert_eq!(pair.knows(R, WORDS), held, "the law keeps what it holds, and nothing else does");
        assert_eq!(pair.posts(R), [(held, !held)]);
        assert!(
            pair.now_at(R)
                .events
                .iter()
                .any(|kept| kept.event.says().act == safeconduct_protocol::receipt::case::CaseAct::InfoProvided)
        );
        assert!(pair.shown(R).0 == [Section::Enquiry]);
    }
}
