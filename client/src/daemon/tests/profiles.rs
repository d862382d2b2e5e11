//! Country profiles through the verbs: on an admin's word, in use at once and after the next start.

use serde_json::json;

use super::{
    people::{changed, word},
    *,
};
use crate::api::{people::Word, profiles::InstallProfile};

const XA: &str = include_str!("../../../profiles/xa-arvenia.toml");

fn version_4() -> String {
    XA.replace("version = 3", "version = 4")
}

fn asked(text: &str, by: Option<Word>) -> InstallProfile {
    InstallProfile { text: text.to_owned(), by }
}

#[test]
fn an_installed_profile_is_judged_by_at_once_and_after_the_next_start() {
    let mut setting = Setting::new(880);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let newer = changed(&sample(), &[("/header/profile_from", json!("XA@4")), ("/header/profile_to", json!("XA@4"))]);
    let codes = |told: Told| told.findings.iter().map(|finding| finding.code.clone()).collect::<Vec<_>>();
    let stale = codes(setting.node.send(&harbour(), &newer, None).unwrap_err());
    assert!(stale.contains(&"profile-stale".to_owned()), "{stale:?}");

    let installed = setting.node.install_profile(&asked(&version_4(), None)).unwrap();
    assert_eq!((installed.country.as_str(), installed.version, installed.before), ("XA", 4, Some(3)));
    setting.node.send(&harbour(), &newer, None).unwrap();
    assert!(setting.node.install_profile(&asked(&version_4(), None)).unwrap().already);
    let older = setting.node.install_profile(&asked(XA, None)).unwrap_err();
    assert_eq!(older.code, "profile-older");

    let Setting { node, clock, .. } = setting;
    let mut node = Node::of(node.vault, Config::default()).unwrap();
    node.clock = clock;
    node.send(&harbour(), &newer, Some("another")).unwrap();
}

#[test]
fn a_stricter_value_refuses_from_then_on_what_went_before() {
    let mut setting = Setting::new(881);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting.node.send(&harbour(), &sample(), Some("before")).unwrap();
    let stricter = version_4().replace("ServiceDelivery = 730", "ServiceDelivery = 7");
    assert_ne!(stricter, version_4());

    setting.node.install_profile(&asked(&stricter, None)).unwrap();

    let refused = setting.node.send(&harbour(), &sample(), Some("after")).unwrap_err();
    assert_eq!(refused.code, "referral-refused");
    assert!(refused.findings.iter().any(|finding| finding.decided_by.contains("XA@4")), "{refused:?}");
    assert!(setting.node.send(&harbour(), &sample(), Some("before")).unwrap().already, "what was taken stays taken");
}

#[test]
fn where_people_work_an_admin_installs_profiles_with_their_own_secret() {
    let mut setting = Setting::peopled(882);
    let mut refused =
        |by: Option<Word>| setting.node.install_profile(&asked(&version_4(), by)).err().unwrap().code.clone();

    assert_eq!(refused(None), "person-missing");
    assert_eq!(refused(Some(word("Boris"))), "not-your-role");
    assert_eq!(refused(Some(Word { name: "Anna".to_owned(), secret: word("Boris").secret })), "secret-wrong");
    assert!(!setting.node.vault.dir().join("profiles").exists(), "nothing is written");
    assert!(setting.node.install_profile(&asked(&version_4(), Some(word("Anna")))).is_ok());
}

#[test]
fn a_profile_whose_day_has_not_come_is_not_installed_before_it() {
    let mut setting = Setting::new(883);
    setting.update(THEN);
    let from = XA.lines().find(|line| line.starts_with("valid_from")).unwrap();
    let later = version_4().replace(from, "valid_from = 2026-06-03");

    let refused = setting.node.install_profile(&asked(&later, None)).err().unwrap();
    assert_eq!(refused.code, "profile-not-yet");
    assert!(refused.message.contains("2026-06-03") && refused.remedy.contains("2026-06-03"), "{refused:?}");
    assert!(!setting.node.vault.dir().join("profiles").exists(), "nothing is written");

    setting.update(THEN.after(2 * 86_400));
    assert_eq!(setting.node.install_profile(&asked(&later, None)).unwrap().version, 4);
}
