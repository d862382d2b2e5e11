//! Words that name the person go with the consent for identity, in whatever section they were said.

use super::{
    leaves::{said, taken_back},
    *,
};
use crate::casework::{
    leave::{self, Leaves},
    post,
};

const NAMING: &str = "Please tell OKSÁNA that the bed is free.";
const BARE: &str = "The bed is free.";

impl Pair {
    /// Says something in the section of the enquiry; its message.
    fn says(&mut self, at: usize, number: u8, referral: &Referral, text: &str) -> MessageId {
        let mut said = said(referral, Section::Enquiry, self.now);
        said.post_id = format!("00000000-0000-4000-8000-0000000000{number:02x}");
        said.text = Some(zeroize::Zeroizing::new(text.to_owned()));
        let row = self.row(at);
        let db = self.nodes[at].vault.as_ref().unwrap().db();
        assert_eq!(post::say(db, &row, &said, self.now, &mut self.world.entropy).unwrap(), post::store::Inserted::New);
        outbox::to_seal(self.nodes[at].vault(), self.now, 99, &|_| true).unwrap().pop().unwrap().message
    }

    /// Whether each of a node's messages may leave now.
    fn may_go(&mut self, at: usize, messages: &[MessageId]) -> Vec<bool> {
        let (other, times) = (self.nodes[1 - at].identity.node, leave::Times { now: self.now, sure: self.now });
        let vault = self.nodes[at].vault();
        let one = |message| {
            let content = outbox::content(vault, message).unwrap().unwrap();
            leave::told(vault.db(), testing::setting().profiles, &other, &content, times).unwrap() == Leaves::Yes
        };
        messages.iter().map(one).collect()
    }

    /// Of each post whether its words are here, and whether they need the consent for identity.
    fn kept(&mut self, at: usize) -> Vec<(bool, bool)> {
        let place = self.place(at);
        let all = post::store::list(self.nodes[at].vault().db(), place).unwrap();
        all.into_iter().map(|one| (one.said.is_some(), one.section == Some(Section::Identity))).collect()
    }
}

#[test]
fn words_that_name_the_person_go_and_stay_with_the_consent_for_identity() {
    let (mut pair, referral) = accepted(1003);
    pair.says(S, 1, &referral, NAMING);
    pair.says(S, 2, &referral, BARE);
    pair.settles();
    assert_eq!(pair.kept(R), [(true, true), (true, false)]);
    let waiting = [R, S].map(|at| [pair.says(at, 3, &referral, NAMING), pair.says(at, 4, &referral, BARE)]);
    for (at, messages) in [R, S].into_iter().zip(&waiting) {
        assert_eq!(pair.may_go(at, messages), [true, true]);
    }
    let all: Vec<&str> = referral.consents().iter().map(|one| one.consent_id.as_str()).collect();
    let act = taken_back(&all);
    let place = pair.place(R);
    pair.does_at(R, place, act.clone()).unwrap();

    // Where it was taken back the names are gone, and what named them with them; what was found before is not forgotten.
    assert_eq!(pair.kept(R), [(false, true), (true, false), (false, true), (true, false)]);
    assert_eq!(pair.may_go(R, &waiting[0]), [false, true]);
    pair.does(S, act).unwrap();
    assert_eq!(pair.may_go(S, &waiting[1]), [false, true], "what waits at the sender is held back");
    assert_eq!(pair.kept(S)[0], (true, true), "the sender's file is the sender's");
}

#[test]
fn a_consent_that_ends_by_itself_holds_words_with_a_name_back_and_names_of_a_later_version_count() {
    let (mut pair, referral) = accepted(1004);
    let said_early = pair.says(S, 1, &referral, "Ask for Zorka.");
    assert_eq!(pair.kept(S), [(true, false)]);
    let mut value: serde_json::Value = serde_json::from_slice(&referral::canonical(&referral)).unwrap();
    value["header"]["revision"] = 2.into();
    value["identity"]["names"].as_array_mut().unwrap().push(serde_json::json!({"use": "Alias", "full": "Zorka"}));
    let next = referral::parse(&serde_json::to_vec(&value).unwrap()).ok().unwrap();
    pair.sends(&next, None);
    assert_eq!(pair.kept(S), [(true, true)]);
    assert_eq!(pair.may_go(S, &[said_early]), [true]);

    pair.now = pair.now.after(ENDS_DAYS * DAY_S);
    assert_eq!(pair.may_go(S, &[said_early]), [false]);
}
