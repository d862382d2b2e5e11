//! The registry copy, and whom it says to connect to.

use safeconduct_certs::{
    link::TlsKey,
    node::{NodeState, NodeStatus},
    registry::{HeadRefused, Registry},
};
use safeconduct_protocol::{frame::Head, id::NodeId, time::DAY_S};

use super::{Node, work::PageTaken};
use crate::{
    api::shapes::ForkFile,
    error::Told,
    keys::{self, EnrolmentState},
    log::event,
    note::{Count, Note, Technical},
    outbox, prekeys,
    registry::{
        self, Growth, Held, RegistryError,
        records::{self, Pass},
    },
    sync::reach::Plan,
};

impl Node {
    /// Whom to connect to, and as whom.
    ///
    /// # Errors
    /// `not-enrolled`, `no-relay`, or what the vault says.
    pub fn plan(&mut self) -> Result<Plan, Told> {
        self.records = Pass::Due;
        self.foreign_records.clear();
        let enrolment = keys::enrolment(&self.vault)?.ok_or(RegistryError::NotEnrolled)?;
        if enrolment.state == EnrolmentState::Rejected {
            return Err(super::enrolment::rejected(enrolment.reason.as_deref()));
        }
        let node = self.identity.node;
        let (pinned, registry_size) = match self.held_copy() {
            Ok(held) => {
                self.follow_own_entry()?;
                (home_key(&held, &node), held.size())
            }
            Err(told) if told.code == "not-enrolled" => (None, 0),
            Err(told) => return Err(told),
        };
        Ok(Plan {
            node,
            key: self.tls_key()?,
            address: self.home_address()?.ok_or_else(super::enrolment::no_relay)?,
            pinned,
            registry_size,
            held: self.registry_place(),
            waiting: (enrolment.state == EnrolmentState::Requested).then_some(enrolment.invite),
            root: enrolment.root,
        })
    }

    /// Where the home relay is reached: as the configuration says, else where this node enrolled, or, once it has moved, where
    /// the registry says. When there are two, one attempt is for the one and the next for the other.
    ///
    /// # Errors
    /// What the vault says.
    pub fn home_address(&mut self) -> Result<Option<String>, Told> {
        let own = self.identity.node;
        if self.config.relay.is_some() || !self.is_approved()? {
            return Ok(self.relay_address());
        }
        let Ok(held) = self.held_copy() else { return Ok(self.relay_address()) };
        let relay = held.home(&own).and_then(|home| held.relay(&home).map(|relay| relay.id));
        let registered = relay.map(|relay| self.relay_record(&relay)).transpose()?.flatten();
        let has_moved =
            held.node(&own).is_some_and(|state| state.former_homes.iter().any(|home| home.relay != state.home_relay));
        let enrolled = self.relay_address().filter(|_| !has_moved || registered.is_none());
        let all: Vec<String> = [enrolled, registered].into_iter().flatten().collect();
        Ok(all.get(self.unreached.checked_rem(all.len()).unwrap_or(0)).cloned())
    }

    /// The home relay did not answer: its other address is next, when there is one.
    pub const fn home_unreached(&mut self) {
        self.unreached = self.unreached.wrapping_add(1);
    }

    /// Whether this node's mailbox is at another relay than the one that proved this key.
    ///
    /// # Errors
    /// What the vault says.
    pub fn has_moved_from(&mut self, relay_key: &[u8; 32]) -> Result<bool, Told> {
        let node = self.identity.node;
        Ok(self.held()?.has_moved_from(relay_key, &node))
    }

    /// As whom to connect to any relay.
    ///
    /// # Errors
    /// What the vault says.
    pub fn credentials(&mut self) -> Result<(NodeId, TlsKey), Told> {
        Ok((self.identity.node, self.tls_key()?))
    }

    /// The registry copy, replayed when first needed.
    pub(super) fn held(&mut self) -> Result<&Held, Told> {
        if self.held.is_none() {
            self.held = Some(registry::load(&self.vault, self.clock.now())?);
        }
        self.held.as_ref().ok_or_else(|| RegistryError::NotEnrolled.into())
    }

    pub(super) fn held_copy(&mut self) -> Result<Held, Told> {
        self.held().cloned()
    }

    /// What shows that the authority or the relay may not be honest.
    pub(super) fn alarms(&mut self) -> Result<Vec<Note>, Told> {
        let conflict = self.fork_alarm()?;
        let ahead = registry::ahead_since(&self.vault)?
            .is_some_and(|since| self.now().since(since) > DAY_S)
            .then_some(Note::RegistryWithheld {});
        let nameless = self.nameless()?.map(|count| Note::Nameless { count: Count::of(count) });
        let withheld = prekeys::last_resort::withheld(&self.vault, self.now())?.map(|withheld| {
            Note::MessagesWithheld { count: Count(withheld.messages), senders: Count(withheld.senders) }
        });
        let abroad = self.foreign_alarms()?;
        let clock = self.clock_alarms()?;
        let key = self.own_key_trouble()?;
        Ok(key
            .into_iter()
            .chain(conflict)
            .chain(ahead)
            .chain(nameless)
            .chain(withheld)
            .chain(abroad)
            .chain(clock)
            .collect())
    }

    /// That the authority's log key has signed two registries, and where the proof lies.
    pub(super) fn fork_alarm(&mut self) -> Result<Option<Note>, Told> {
        let stopped = registry::has_conflict(&self.vault)?;
        if !stopped && registry::fork::kept(&self.vault)?.is_empty() {
            return Ok(None);
        }
        let proof = Technical(match self.write_proof() {
            Ok(Some(path)) => format!("the proof is {}", path.display()),
            Ok(None) => "it holds no file that a stranger could check".to_owned(),
            Err(_) => "the proof could not be written here: `safeconduct registry proof --out FILE`".to_owned(),
        });
        Ok(Some(if stopped { Note::Fork { proof } } else { Note::ForkBefore { proof } }))
    }

    /// Writes the proof of two registries into the data folder, when there is one; where it is.
    pub(super) fn write_proof(&mut self) -> Result<Option<std::path::PathBuf>, Told> {
        let held = self.held_copy()?;
        Ok(registry::fork::write(&self.vault, &held)?)
    }

    /// `registry proof`.
    ///
    /// # Errors
    /// `no-fork` when there is none, or what the vault says.
    pub fn fork_proof(&mut self) -> Result<ForkFile, Told> {
        let held = self.held_copy()?;
        let proof = registry::fork::proof(&self.vault, &held)?.ok_or_else(|| {
            let remedy = "nothing is to be done: every registry head that this node has seen agrees with its own";
            Told::refused("no-fork", "this node holds no proof of two registries", remedy)
        })?;
        Ok(ForkFile { proof: proof.to_json() })
    }

    /// How many nodes have no directory record here, although their entry commits to one; none when all have.
    fn nameless(&mut self) -> Result<Option<usize>, Told> {
        let held = match self.held() {
            Ok(held) => held.clone(),
            Err(told) if told.code == "not-enrolled" => return Ok(None),
            Err(told) => return Err(told),
        };
        let nodes = records::missing(&self.vault, held.registry(), held.size())?.nodes;
        Ok((nodes > 0).then_some(nodes))
    }

    /// Leaves of the registry copy.
    #[must_use]
    pub fn registry_size(&self) -> u64 {
        self.held.as_ref().map_or(0, Held::size)
    }

    /// Leaves of the registry copy and the root over them; none before there is a copy.
    #[must_use]
    pub fn registry_place(&self) -> Option<(u64, [u8; 32])> {
        self.held.as_ref().map(|held| (held.size(), held.registry().root_hash()))
    }

    /// Leaves that were fetched and judged before there was a copy.
    pub(crate) fn knows(&mut self, known: Registry) {
        self.known = Some(known);
    }

    /// Takes a head; the first leaf that is missing under it, or whose page is wanted again for its directory record; its size
    /// when there is none.
    ///
    /// # Errors
    /// When the head is refused.
    pub fn take_head(&mut self, head: &Head) -> Result<u64, Told> {
        let clock = self.clock.now();
        let held = self.held_copy()?;
        // Judged as a whole when the last page is here.
        if let Some(growth) = self.growth.as_ref().filter(|growth| growth.next() < head.size) {
            return Ok(growth.next());
        }
        match registry::take_head(&mut self.vault, &held, head, clock) {
            Ok((newer, _accepted)) => {
                self.growth = None;
                self.records = self.records.next(&self.vault, newer.registry())?;
                self.held = Some(newer);
                // A newer time alone lets a change take effect that has waited.
                if held.registry().nodes().any(|state| state.pending.is_some()) {
                    self.registry_changed()?;
                }
                Ok(if let Pass::At(place) = self.records { place } else { head.size })
            }
            // The registry does not grow while a proof of two histories is kept; mail goes on with what is held. An old head of the
            // history that is held is still refused.
            Err(RegistryError::Head(
                refused @ (HeadRefused::Behind { .. } | HeadRefused::SplitView { .. } | HeadRefused::Checkpoint(_)),
            )) if (head.size >= held.size() || matches!(refused, HeadRefused::SplitView { .. }))
                && registry::has_conflict(&self.vault)? =>
            {
                self.write_proof()?;
                Ok(head.size)
            }
            // Signed by a key that comes with an entry that is missing, perhaps: judged when the entries are here.
            Err(RegistryError::Head(HeadRefused::Checkpoint(_) | HeadRefused::Behind { .. }))
                if head.size > held.size() =>
            {
                let known = self.known.take();
                let fresh = || known.map_or_else(|| Growth::new(&held), |known| Growth::with_known(&held, known));
                Ok(self.growth.get_or_insert_with(fresh).next())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a page; the first leaf that is missing after it.
    ///
    /// # Errors
    /// When the registry breaks its rules: nothing of it is kept then.
    pub fn take_page(
        &mut self,
        from: u64,
        leaves: &[Vec<u8>],
        records: &[Vec<u8>],
        head: &Head,
    ) -> Result<PageTaken, Told> {
        let clock = self.clock.now();
        if self.records == Pass::At(from) && from < self.registry_size() {
            return self.take_records(from, leaves.len(), records, head);
        }
        if registry::has_conflict(&self.vault)? {
            return Ok(PageTaken { next: head.size, settlements: Vec::new() });
        }
        let held = self.held_copy()?;
        let mut growth = self.growth.take().unwrap_or_else(|| Growth::new(&held));
        growth.page(from, leaves, records)?;
        if growth.next() < head.size {
            let next = growth.next();
            if leaves.is_empty() {
                growth.judge(head)?;
                return Err(RegistryError::Gap { from: next, held: head.size }.into());
            }
            self.growth = Some(growth);
            return Ok(PageTaken { next, settlements: Vec::new() });
        }
        let (newer, _accepted) = match growth.finish(&mut self.vault, head, clock) {
            Ok(taken) => taken,
            Err(refused) => {
                self.write_proof()?;
                return Err(refused.into());
            }
        };
        self.held = Some(newer);
        self.registry_changed()?;
        self.name_agency()?;
        self.judge_all_again()?;
        Ok(PageTaken { next: head.size, settlements: self.release_held()? })
    }

    /// The registry copy is newer: this node's own keys, and what it has for others, follow it.
    fn registry_changed(&mut self) -> Result<(), Told> {
        self.follow_own_entry()?;
        self.follow_others()
    }

    /// What this node has for others follows the registries.
    pub(super) fn follow_others(&mut self) -> Result<(), Told> {
        let now = self.now();
        let held = self.held_copy()?;
        crate::recovery::notice::follow(&self.vault, &held)?;
        crate::recovery::chains::follow(&self.vault, &held)?;
        let done = outbox::standing::follow(&mut self.vault, &held, now)?;
        if done.ended > 0 {
            tracing::warn!(event = event::HELD_BACK, count = done.ended, reason = "recipient-revoked");
        }
        Ok(())
    }

    /// Takes from a page of leaves that are held already the directory records that were missing.
    fn take_records(&mut self, from: u64, leaves: usize, records: &[Vec<u8>], head: &Head) -> Result<PageTaken, Told> {
        let held = self.held_copy()?;
        let next = from.saturating_add(u64::try_from(leaves).unwrap_or(u64::MAX));
        let settlements = if records::repair(&mut self.vault, held.registry(), from, records)? > 0 {
            self.name_agency()?;
            self.judge_all_again()?;
            self.release_held()?
        } else {
            Vec::new()
        };
        // A page without leaves ends the pass: the relay has nothing to say.
        self.records = if leaves == 0 { Pass::Done } else { Pass::after(&self.vault, held.registry(), next)? };
        Ok(PageTaken { next: head.size, settlements })
    }
}

/// The TLS key of the relay where `node` has its mailbox; while `node` is not in the registry copy, of the only relay.
fn home_key(held: &Held, node: &NodeId) -> Option<[u8; 32]> {
    let active = |state: &&NodeState| state.status == NodeStatus::Active;
    match held.node(node) {
        Some(own) => held.registry().relay(own.home_relay).filter(active).map(|relay| relay.tls_spki),
        None => {
            let mut relays = held.registry().relays().filter(active);
            let first = relays.next()?;
            relays.next().is_none().then_some(first.tls_spki)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use safeconduct_certs::{
        directory::{self, DirectoryKey, Record, RoleName},
        node::{Exercise, Role},
    };
    use safeconduct_protocol::{secret::Secret, time::Timestamp};

    use super::*;
    use crate::{
        config::Config,
        testing::{NOW, World},
    };

    const KEY: [u8; 32] = [6; 32];

    /// A world with one other agency, its sealed record, and an approved node that holds no registry yet.
    fn approved() -> (World, Vec<u8>, tempfile::TempDir, Node) {
        let mut world = World::new(70);
        let record = Record::bare(
            "xa.harbour-house".parse().unwrap(),
            BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
            "XA".to_owned(),
            vec![RoleName(Role::NgoShelter)],
            false,
        );
        let other = world.stranger();
        let key = DirectoryKey::new(Secret::new(KEY));
        let (sealed, commitment) = directory::seal(&record, &key, &other.identity.node, &mut world.entropy).unwrap();
        world.add_with(&other.identity, Exercise::No, commitment);
        let crate::testing::Node { dir, vault, .. } = world.stranger();
        let vault = vault.unwrap();
        keys::enrolment_approved(&vault, &Secret::new(KEY)).unwrap();
        let node = Node::of_test(vault, Config::default(), std::sync::Arc::new(crate::testing::Stopped(NOW))).unwrap();
        (world, sealed, dir, node)
    }

    /// One session: takes the head, and as many pages as it leads to; how many those were.
    fn session(world: &World, node: &mut Node, record: &[u8]) -> usize {
        let head = world.head(Timestamp(NOW.0));
        node.plan().unwrap();
        node.begin_session(None);
        let mut pages = 0;
        loop {
            let from = node.take_head(&head).unwrap();
            if from == head.size {
                return pages;
            }
            let leaves = world.leaves(from);
            let records: Vec<Vec<u8>> =
                (from..head.size).map(|place| if place == 1 { record.to_vec() } else { Vec::new() }).collect();
            node.take_page(from, &leaves, &records, &head).unwrap();
            pages += 1;
            assert!(pages < 9);
        }
    }

    #[test]
    fn a_directory_record_that_a_relay_withheld_or_bent_is_asked_for_again_in_every_session() {
        let (world, sealed, _dir, mut node) = approved();
        let bent: Vec<u8> = sealed.iter().map(|byte| byte ^ 1).collect();

        for (record, pages) in [(&bent[..], 2), (&[], 1), (&bent, 1)] {
            assert_eq!(session(&world, &mut node, record), pages);
            assert!(node.directory().unwrap().agencies.is_empty());
            let stored: i64 = node
                .vault
                .db()
                .query_row("SELECT max(length(record)) FROM registry_leaf", [], |row| row.get(0))
                .unwrap();
            assert_eq!(stored, 0);
            assert!(
                crate::note::lines(&node.alarms().unwrap()).iter().any(|alarm| alarm.contains("record of 1 agencies"))
            );
        }

        assert_eq!(session(&world, &mut node, &sealed), 1);
        assert_eq!(node.directory().unwrap().agencies.len(), 1);
        assert!(node.alarms().unwrap().is_empty());
        assert_eq!(session(&world, &mut node, &[]), 0);
    }

    /// Trap 27.
    #[test]
    fn prekeys_that_the_relay_keeps_back_are_an_alarm_in_status_and_doctor() {
        let (_world, _sealed, _dir, mut node) = approved();
        let row = "INSERT INTO prekey_withheld (only, at, messages, senders) VALUES (1, ?1, 3, 2)";
        node.vault.db().execute(row, [crate::vault::int(node.now().0)]).unwrap();

        for alarms in [node.status(None).unwrap().alarms, crate::note::lines(&node.check_up().unwrap().alarms)] {
            assert!(alarms.iter().any(|alarm| alarm.starts_with("3 messages of 2 agencies")), "{alarms:?}");
        }
    }
}
