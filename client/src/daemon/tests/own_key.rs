//! A vault whose identity key is not the one that the registry names: said loudly, with what to do, and never while a change is on
//! its way.

use safeconduct_certs::registry::replay::OVERRIDE_DELAY_S;
use safeconduct_protocol::crypto::sign::SigningKey;

use super::{
    super::renewal::{Paper, Yes},
    *,
};
use crate::{
    api::shapes::{FindingState, RelayState},
    doctor,
    renewal::{next_public, under_way},
};

impl Setting {
    /// The authority writes another identity key into this node's entry; `second` says yes to it.
    fn renews(&mut self, second: Option<&SigningKey>) -> SigningKey {
        let key = SigningKey::generate(&mut self.world.entropy).unwrap();
        let node = self.node.identity.node;
        self.world.renew(&node, &key.verifying_key(), second);
        self.records.push(Vec::new());
        key
    }

    /// The alarms of `status`, and what `doctor` says of the registration.
    fn says_of_key(&mut self) -> (String, FindingState) {
        let relay = RelayState { state: "connected".to_owned(), ..RelayState::default() };
        let findings = doctor::with_daemon(&mut self.node, &relay).findings;
        let finding = findings.into_iter().find(|finding| finding.name == "registration").unwrap();
        let alarms = self.node.status(None).unwrap().alarms;
        assert_eq!(alarms.len(), usize::from(!finding.remedy.is_empty()), "{alarms:?}");
        if let Some(alarm) = alarms.first() {
            assert_eq!(*alarm, format!("{}; {}", finding.says, finding.remedy));
        }
        (alarms.concat(), finding.state)
    }
}

#[test]
fn a_vault_of_before_its_nodes_renewal_is_an_alarm_that_names_the_way_back() {
    let mut setting = Setting::new(160);
    setting.update(THEN);
    assert_eq!(setting.says_of_key(), (String::new(), FindingState::Ok));

    let own = SigningKey::from_seed(setting.node.identity.key.seed());
    setting.renews(Some(&own));
    setting.update(THEN.after(60));

    let (alarm, state) = setting.says_of_key();
    assert_eq!(state, FindingState::Fail);
    assert!(alarm.contains("put back from a backup of before the renewal"), "{alarm}");
    assert!(alarm.contains("restore a newer backup") && alarm.contains("--paper"), "{alarm}");
    let told = setting.node.renew_keys(&Yes::IdentityKey, Paper::Stays).err().unwrap();
    assert_eq!(told.code, "keys-elsewhere");
    assert!(alarm.starts_with(&told.message), "{}", told.message);
}

#[test]
fn a_node_in_whose_place_another_is_put_is_told_before_and_after() {
    let mut setting = Setting::new(161);
    setting.update(THEN);
    setting.renews(None);
    setting.update(THEN.after(60));

    let (alarm, state) = setting.says_of_key();
    assert_eq!(state, FindingState::Fail);
    assert!(alarm.contains("the authority alone puts another node in this one's place"), "{alarm}");
    assert!(alarm.contains("phone your authority before then"), "{alarm}");

    // The entry is of the day that the world begins with.
    setting.update(testing::NOW.after(OVERRIDE_DELAY_S));
    let (alarm, _) = setting.says_of_key();
    assert!(alarm.contains("another node was put in this one's place"), "{alarm}");
}

#[test]
fn a_change_that_this_node_has_asked_for_is_no_alarm_at_any_step() {
    let mut setting = Setting::new(162);
    setting.update(THEN);
    setting.node.renew_keys(&Yes::IdentityKey, Paper::Stays).unwrap();
    assert_eq!(setting.says_of_key().0, "");

    let change = under_way(&setting.node.vault).unwrap().unwrap();
    let next = next_public(&change).unwrap();
    let node = setting.node.identity.node;
    let own = SigningKey::from_seed(setting.node.identity.key.seed());
    setting.world.renew(&node, &next, Some(&own));
    setting.records.push(Vec::new());
    setting.update(THEN.after(60));

    assert_eq!(setting.node.identity.public(), next, "it has taken its new key over");
    assert_eq!(setting.says_of_key().0, "");
}
