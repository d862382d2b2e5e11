//! A relay that keeps the registry back, cuts it, forks it, serves it again or late: when that is noticed, and what a person is
//! told to do. The relay is played by hand; the clock is set.

use safeconduct_certs::evidence::ForkProof;
use safeconduct_protocol::{
    frame::Head,
    time::{DAY_S, HOUR_S},
};

use super::*;
use crate::{
    api::shapes::{Finding, FindingState, RelayState},
    doctor,
    exit::Exit,
};

const DAY: u64 = DAY_S;
const MONTH: u64 = 30 * DAY_S;
const NEW_HOUSE: &str = "xa.new-house";

impl Setting {
    fn clock_is(&self, at: Timestamp) {
        self.clock.0.store(at.0, Ordering::Relaxed);
    }

    /// What `status` says beside the messages.
    fn notices(&mut self) -> String {
        self.node.status(None).unwrap().notices.join("\n")
    }

    fn alarms(&mut self) -> String {
        self.node.status(None).unwrap().alarms.join("\n")
    }

    /// What `doctor` says of one thing, when the link is as told.
    fn doctor(&mut self, name: &str, relay: &RelayState) -> Finding {
        let found = doctor::with_daemon(&mut self.node, relay).findings;
        let mut named = found.into_iter().filter(|finding| finding.name == name);
        let first = named.next().unwrap();
        assert!(named.next().is_none(), "{name} is told once");
        first
    }

    fn registry(&mut self) -> Finding {
        self.doctor("registry", &connected())
    }

    /// To how many of the waiting messages this node would send now.
    fn sends(&mut self) -> usize {
        self.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().len()
    }

    /// The relay serves a head, and the leaves up to it.
    fn served(&mut self, head: &Head) -> Result<u64, Told> {
        let from = self.node.take_head(head)?;
        if from < head.size {
            let place = usize::try_from(from).unwrap();
            let leaves: Vec<Vec<u8>> = self.world.leaves(from);
            self.node.take_page(from, &leaves, &self.records[place..], head)?;
        }
        Ok(self.node.registry_size())
    }
}

fn connected() -> RelayState {
    RelayState { state: "connected".to_owned(), clock_ahead_s: Some(0), ..RelayState::default() }
}

/// Trap 39. The relay hands on entries, and keeps back every newer time: from a day on everybody is told, after a week nothing
/// goes to whom it has added or changed since, after a month nothing goes to anybody.
#[test]
fn a_registry_that_is_withheld_is_told_after_a_day_and_stops_sending_in_two_steps() {
    let mut setting = Setting::new(140);
    setting.joins(HARBOUR);
    setting.update(testing::NOW);
    setting.joins(NEW_HOUSE);
    let mut head = setting.world.head(testing::NOW);
    head.timestamp.clear();
    assert_eq!(setting.served(&head).unwrap(), 4);
    let to_old = setting.node.ping(&harbour()).unwrap();
    let to_new = setting.node.ping(&NEW_HOUSE.parse().unwrap()).unwrap();

    for (age, says, doctors, sends) in [
        (DAY, "", FindingState::Ok, 2),
        (DAY + 1, "24 hours ago: an agency that was revoked since then", FindingState::Warn, 2),
        (7 * DAY, "7 days ago: an agency that was revoked since then", FindingState::Warn, 2),
        (7 * DAY + 1, "nothing is sent to agencies that were added or changed since", FindingState::Fail, 1),
        (MONTH, "nothing is sent to agencies that were added or changed since", FindingState::Fail, 1),
        (MONTH + 1, "nothing is sent any more", FindingState::Fail, 0),
    ] {
        setting.clock_is(testing::NOW.after(age));
        assert_eq!(setting.served(&head).unwrap(), 4, "the same again brings no time");

        let (notices, found) = (setting.notices(), setting.registry());
        assert!(notices.contains(says) && found.says.contains(says), "{age}: {notices}\n{}", found.says);
        assert_eq!((found.state, notices.contains("phone the authority")), (doctors, !says.is_empty()), "{age}");
        assert_eq!(found.remedy.contains("phone the authority"), !says.is_empty(), "{age}");
        assert_eq!(setting.sends(), sends, "{age}");
    }

    for message in [&to_old, &to_new] {
        let line = setting.line(message);
        assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("queued", Some("registry-stale")));
        assert!(line.says.unwrap().contains("too old") && line.remedy.unwrap().contains("phone the authority"));
    }
    setting.update(testing::NOW.after(MONTH + HOUR_S));
    assert!(setting.notices().is_empty() && setting.registry().state == FindingState::Ok);
    assert_eq!(setting.sends(), 2, "what waited goes");
}

/// Trap 39, from the first day: a relay that never hands on a signed time to a new node.
#[test]
fn a_registry_without_any_signed_time_sends_nothing_and_says_so() {
    let mut setting = Setting::new(141);
    setting.joins(HARBOUR);
    let mut head = setting.world.head(THEN);
    head.timestamp.clear();
    setting.served(&head).unwrap();
    setting.node.ping(&harbour()).unwrap();

    let found = setting.registry();

    assert!(setting.sends() == 0 && found.state == FindingState::Fail);
    assert!(found.says.contains("no signed time, so nothing is sent") && setting.notices().contains(&found.says));
}

/// Trap 38. A head with fewer entries than before is refused when it comes, and so are entries that end before their head; the
/// newer copy stays in use.
#[test]
fn a_registry_that_is_truncated_is_refused_at_once_and_the_newer_copy_stays() {
    let mut setting = Setting::new(142);
    let short = setting.world.head(THEN);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting.node.ping(&harbour()).unwrap();

    let refused = setting.served(&short).err().unwrap();

    assert_eq!((refused.code.as_str(), refused.exit()), ("registry-head", Exit::Tampering));
    assert!(refused.message.contains("2 entries, and 3 were seen before"), "{}", refused.message);
    assert!(refused.remedy.contains("tell its operator; the newer copy stays in use"), "{}", refused.remedy);
    assert_eq!((setting.node.registry_size(), setting.sends()), (3, 1));

    // Two more entries are announced: one comes, and then none.
    setting.joins(NEW_HOUSE);
    setting.joins("xa.third-house");
    let head = setting.world.head(THEN.after(60));
    assert_eq!(setting.node.take_head(&head).unwrap(), 3);
    let first = setting.world.leaves(3)[..1].to_vec();
    assert_eq!(setting.node.take_page(3, &first, &[Vec::new()], &head).unwrap().next, 4);
    let cut = setting.node.take_page(4, &[], &[], &head).err().unwrap();

    assert_eq!((cut.code.as_str(), cut.exit()), ("registry-gap", Exit::Unreachable));
    assert_eq!(setting.node.registry_size(), 3, "nothing of it counts");
    // It is told for as long as it lasts, as of a relay that withholds: the time of the cut registry is not taken either.
    setting.clock_is(THEN.after(DAY + 1));
    assert!(setting.notices().contains("24 hours ago"));
}

/// What the daemon reports of a session that ended so.
fn ended(told: &Told) -> RelayState {
    RelayState {
        state: "refused".to_owned(),
        reason: Some(told.code.clone()),
        last_error: Some(told.message.clone()),
        remedy: Some(told.remedy.clone()),
        ..RelayState::default()
    }
}

/// Trap 38, as `doctor` tells it.
#[test]
fn doctor_says_that_the_relay_serves_an_old_registry_and_whom_to_tell() {
    let mut setting = Setting::new(143);
    let short = setting.world.head(THEN);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let refused = setting.served(&short).err().unwrap();

    let found = setting.doctor("relay", &ended(&refused));

    assert_eq!(found.state, FindingState::Fail);
    assert!(found.says.contains("the head is older") && found.remedy.contains("tell its operator"), "{}", found.says);
}

/// Trap 37. A second history of the same size is proven when its head comes: the file lies in the data folder, `status` and
/// `doctor` say what to do with it, the registry stops and messages go on.
#[test]
fn a_registry_that_is_forked_is_proven_at_once_and_messages_go_on() {
    let (mut ours, mut theirs) = (Setting::new(144), Setting::new(144));
    ours.joins(HARBOUR);
    theirs.joins(NEW_HOUSE);
    ours.update(THEN);
    ours.node.ping(&harbour()).unwrap();
    assert!(ours.alarms().is_empty());

    ours.node.take_head(&theirs.world.head(THEN.after(60))).unwrap();

    let (alarms, found) = (ours.alarms(), ours.registry());
    for says in [&alarms, &found.says] {
        assert!(says.contains("two different registries") && says.contains("fork-proof-"), "{says}");
        assert!(says.contains("phone the authority and your partners, hand on the file"), "{says}");
    }
    assert!(found.state == FindingState::Fail && found.remedy.contains("audit --proof FILE"));
    let files = std::fs::read_dir(ours.node.data()).unwrap().map(|entry| entry.unwrap().path());
    let proof = files.filter_map(|path| ForkProof::parse(&std::fs::read(path).ok()?).ok()).next().unwrap();
    assert!(proof.verify(Some(&ours.world.root().fingerprint())).is_ok());
    // Neither history grows here any more, and what is held is used.
    ours.joins("xa.third-house");
    ours.update(THEN.after(120));
    assert_eq!((ours.node.registry_size(), ours.sends()), (3, 1));
}

/// Traps 37 and 38. A head over fewer entries than are held is not old when it is of another history: it is proven as one of as many
/// is, and messages go on. An old head of the history that is held is refused as ever, also when there is a proof.
#[test]
fn a_shorter_registry_that_is_forked_is_proven_at_once_and_messages_go_on() {
    let (mut ours, mut theirs) = (Setting::new(148), Setting::new(148));
    let old = ours.world.head(THEN);
    ours.joins(HARBOUR);
    theirs.joins(NEW_HOUSE);
    ours.joins("xa.third-house");
    ours.update(THEN);
    ours.node.ping(&harbour()).unwrap();
    assert!(ours.alarms().is_empty() && ours.node.registry_size() == 4);

    for _again in 0..2 {
        assert_eq!(
            ours.served(&theirs.world.head(THEN.after(60))).unwrap(),
            4,
            "nothing is taken, and nothing asked for"
        );
    }

    let (alarms, found) = (ours.alarms(), ours.registry());
    assert!(alarms.contains("two different registries") && alarms.contains("fork-proof-"), "{alarms}");
    assert!(found.state == FindingState::Fail && found.says.contains("two different registries"), "{}", found.says);
    let proof = ForkProof::parse(ours.node.fork_proof().unwrap().proof.as_bytes()).unwrap();
    let fork = proof.verify(Some(&ours.world.root().fingerprint())).unwrap();
    assert_eq!((fork.smaller.checkpoint.size, fork.larger.checkpoint.size), (3, 4));
    let refused = ours.served(&old).err().unwrap();
    assert!(refused.code == "registry-head" && refused.message.contains("the head is older"), "{}", refused.message);
    assert_eq!((ours.node.registry_size(), ours.sends()), (4, 1));
}

/// Traps 38 and 39. What was served before confirms nothing when it is served again: neither its time, nor its entries.
#[test]
fn a_registry_that_is_replayed_confirms_nothing_and_is_told_after_a_day() {
    let mut setting = Setting::new(145);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let old = setting.world.head(THEN);
    setting.update(THEN.after(6 * HOUR_S));
    let confirmed = |setting: &mut Setting| setting.node.status(None).unwrap().registry.timestamp_at;

    for hours in [7, 12, 24] {
        setting.clock_is(THEN.after(hours * HOUR_S));
        assert_eq!(setting.served(&old).unwrap(), 3);
        assert_eq!(confirmed(&mut setting), Some(THEN.after(6 * HOUR_S).0), "the newer time stays");
    }
    let again = setting.node.take_page(1, &setting.world.leaves(1), &setting.records[1..], &old).err().unwrap();
    assert_eq!((again.code.as_str(), setting.node.registry_size()), ("registry-gap", 3));
    assert!(setting.notices().is_empty());

    setting.clock_is(THEN.after(30 * HOUR_S + 1));
    assert_eq!(setting.served(&old).unwrap(), 3);

    let found = setting.registry();
    assert!(found.state == FindingState::Warn && found.says.contains("24 hours ago"), "{}", found.says);
    assert!(setting.notices().contains(&found.says) && setting.notices().contains(found.remedy.as_str()));
}

/// Trap 39. A partner's message names a newer registry than the relay serves: after a day that is an alarm, until the entries
/// come and agree.
#[test]
fn a_registry_that_is_delayed_is_an_alarm_a_day_after_a_partner_has_named_a_newer_one() {
    let mut setting = Setting::new(146);
    let mut harbour = setting.joins(HARBOUR);
    setting.update(THEN);
    let served = setting.world.head(THEN);
    setting.joins(NEW_HOUSE);
    setting.receives(&mut harbour, &back(std::str::from_utf8(&sample()).unwrap()));
    assert_eq!(setting.node.inbox().unwrap().messages.len(), 1, "the message is shown");

    setting.clock_is(THEN.after(DAY));
    setting.served(&served).unwrap();
    assert!(setting.alarms().is_empty());
    setting.clock_is(THEN.after(DAY + 1));
    setting.served(&served).unwrap();

    let alarms = setting.alarms();
    assert!(alarms.contains("partners have seen a newer registry for over a day"), "{alarms}");
    assert!(alarms.contains("the relay does not serve it: phone the authority"), "{alarms}");
    assert!(setting.doctor("alarms", &connected()).says == alarms && setting.registry().state == FindingState::Warn);

    setting.update(THEN.after(DAY + 2));
    assert!(setting.alarms().is_empty() && setting.notices().is_empty());
}

/// Trap 42. A clock of 1970 and one of years ahead: each is named, and neither opens what is over nor keeps what is fresh.
#[test]
fn a_wrong_clock_of_ones_own_is_named_and_evades_no_end() {
    let mut setting = Setting::new(147);
    let mut harbour = setting.joins(HARBOUR);
    setting.update(THEN);
    let letter = setting.sealed_by(&mut harbour, &back(std::str::from_utf8(&sample()).unwrap()));
    let at = THEN.after(45 * DAY);
    setting.update(at);
    setting.clock_is(Timestamp(0));

    assert_eq!(setting.node.now(), at, "not before what the authority has signed");
    let notices = setting.notices();
    let behind = format!("{} days behind a time that the authority has signed", at.0 / DAY);
    assert!(notices.contains(&behind) && notices.contains("set the clock"), "{notices}");
    let found = setting.doctor("clock", &connected());
    assert!(
        found.state == FindingState::Fail && found.says.contains(&behind),
        "whatever the relay says: {}",
        found.says
    );
    // The prekey was over a day ago: this clock does not bring it back.
    assert!(setting.node.receive(&letter).unwrap().is_some());
    assert!(setting.node.inbox().unwrap().messages.is_empty());

    setting.clock_is(at.after(10 * 365 * DAY));
    let ahead = RelayState { clock_ahead_s: Some(-300_000_000), ..connected() };
    assert!(setting.doctor("clock", &ahead).says.contains("300000000 s ahead of the relay's"));
    assert!(setting.registry().says.contains("nothing is sent any more"));
    // What cannot be undone waits for the authority's time.
    let confirmed = crate::registry::confirmed(setting.node.vault.db(), setting.node.now()).unwrap();
    assert_eq!(confirmed, at);
    setting.clock_is(at.before(doctor::CLOCK_SLACK_S));
    assert!(!setting.notices().contains("clock"), "two clocks may differ so");
}
