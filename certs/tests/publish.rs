//! The authority's session with a relay, over a real connection, with a relay that can be told to misbehave.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene should fail loudly")]

#[path = "publish/abroad.rs"]
mod abroad;
#[path = "publish/answers.rs"]
mod answers;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use safeconduct_certs::{
    authority::{AdminError, Office, init, relay_file::RelayFile, revoke::Standing, root::RootFile},
    directory::{Record, RoleName},
    enrol::{
        answer::Answer,
        change::NewChange,
        code::InviteCode,
        request::{NewNode, node_random},
    },
    keyfile::Cost,
    link::{KnownKeys, Link, LinkError, TlsKey, accept, listen},
    node::Role,
    registry::Registry,
    system::{SystemClock, SystemEntropy},
};
use safeconduct_protocol::{
    crypto::{kem::KemSecret, sign::SigningKey},
    frame::{ChangeStand, Frame, Goodbye, Head, PublishRefusal, SESSION_VERSION},
    id::{InviteId, MailboxId, NodeId, RelayId},
    time::{Clock as _, Day},
};

const PASSPHRASE: &[u8] = b"seven quiet herons cross";

/// What the relay has been told, and how it behaves.
#[derive(Default)]
struct Held {
    registry: Option<Registry>,
    staged: Vec<Vec<u8>>,
    /// The root file of the first piece, which is that of all.
    root: Option<RootFile>,
    invites: BTreeMap<InviteId, Day>,
    requests: Vec<(InviteId, Vec<u8>)>,
    answers: BTreeMap<InviteId, Vec<u8>>,
    changes: Vec<(NodeId, Vec<u8>)>,
    /// What became of them, and how many entries were here by then.
    settled: Vec<(NodeId, ChangeStand, u64)>,
    pieces: usize,
    mood: Mood,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Mood {
    #[default]
    Well,
    /// Closes right after the hello.
    Leaves,
    /// Says goodbye instead of welcome.
    Busy,
    /// Claims more entries than there are.
    Ahead,
    /// Refuses to store.
    DiskFull,
    /// Answers no question about changes.
    Silent,
    /// Its clock is an hour behind.
    WrongClock,
    /// Has no request for any answer.
    NoInvitation,
    /// Loses the connection after it has taken the log and before it answers.
    LosesAnswer,
}

struct Anyone;

impl KnownKeys for Anyone {
    fn knows(&self, _spki_hash: &[u8; 32]) -> bool {
        true
    }
}

struct World {
    folder: tempfile::TempDir,
    held: Arc<Mutex<Held>>,
    ik: SigningKey,
    tls: TlsKey,
}

impl World {
    fn new() -> Self {
        Self::of(*b"XA", "xa.test/registry")
    }

    fn of(country: [u8; 2], log_name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cost = Cost::new(64, 1).unwrap();
        init::init(
            folder.path(),
            country,
            log_name,
            &init::Witnesses::default(),
            PASSPHRASE,
            cost,
            &SystemClock,
            &mut SystemEntropy,
        )
        .unwrap();
        let ik = SigningKey::generate(&mut SystemEntropy).unwrap();
        let tls = TlsKey::generate(&mut SystemEntropy).unwrap();
        Self { folder, held: Arc::default(), ik, tls }
    }

    /// An office whose one relay is served by `self.held`.
    fn start(&self) -> Office {
        let endpoint = listen(SocketAddr::from(([127, 0, 0, 1], 0)), &self.tls, Arc::new(Anyone)).unwrap();
        let address = endpoint.local_addr().unwrap().to_string();
        let held = Arc::clone(&self.held);
        #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
        tokio::spawn(async move {
            while let Some(incoming) = endpoint.accept().await {
                if let Ok(link) = accept(incoming).await {
                    serve(link, &held).await.ok();
                }
            }
        });
        let mut office = self.open();
        let file = RelayFile {
            address,
            ik: self.ik.verifying_key(),
            tls_spki: self.tls.spki_hash(),
            node: NodeId::from_bytes([1; 32]),
            witness: None,
        };
        office.add_relay(&file).unwrap();
        office
    }

    fn open(&self) -> Office {
        Office::open(self.folder.path(), PASSPHRASE, Box::new(SystemClock), Box::new(SystemEntropy)).unwrap()
    }

    fn open_root(&self) -> RootFile {
        safeconduct_certs::authority::office::read_root(self.folder.path()).unwrap()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    fn mood(&self, mood: Mood) {
        self.held().mood = mood;
    }
}

async fn serve(mut link: Link, held: &Mutex<Held>) -> Result<(), LinkError> {
    let Frame::AuthorityHello { version: SESSION_VERSION } = link.receive().await? else { panic!("no hello") };
    let mood = held.lock().unwrap().mood;
    let mut head = held.lock().unwrap().registry.as_ref().and_then(Registry::head).cloned().unwrap_or_default();
    match mood {
        Mood::Leaves => {
            link.closer().close(Goodbye::ShuttingDown);
            return Ok(());
        }
        Mood::Busy => {
            link.send(&Frame::Goodbye { reason: Goodbye::Busy, retry_after_s: 1 }).await?;
            link.receive().await?;
            return Ok(());
        }
        Mood::Ahead => head.size = 1000,
        Mood::Well | Mood::Silent | Mood::WrongClock | Mood::DiskFull | Mood::LosesAnswer | Mood::NoInvitation => {}
    }
    let now = SystemClock.now().before(if mood == Mood::WrongClock { 3_600 } else { 0 });
    link.send(&Frame::Welcome { version: SESSION_VERSION, relay: RelayId(1), now, submits: 0, head: head.clone() })
        .await?;
    // What concerns nodes may come in between.
    link.send(&Frame::RegistryHead { head }).await?;
    loop {
        let frame = link.receive().await?;
        let answer = held.lock().unwrap().answer(frame);
        match answer {
            Some(frame) => link.send(&frame).await?,
            None => {
                link.closer().close(Goodbye::ShuttingDown);
                return Ok(());
            }
        }
    }
}

impl Held {
    fn answer(&mut self, frame: Frame) -> Option<Frame> {
        if let Frame::Publish { tag, root, from, leaves, records, head } = frame {
            self.pieces += 1;
            assert_eq!(leaves.len(), records.len());
            if self.mood == Mood::DiskFull {
                return Some(Frame::PublishRefused { tag, reason: PublishRefusal::StorageFailed, size: 0 });
            }
            let size = self.publish(&root, from, leaves.iter().map(|leaf| leaf.to_vec()), &head);
            return (self.mood != Mood::LosesAnswer).then_some(Frame::Published { tag, size });
        }
        if let Frame::InvitePut { tag, invites } = frame {
            self.invites.extend(invites);
            return Some(Frame::Published { tag, size: 0 });
        }
        if let Frame::RequestsFetch { tag } = frame {
            let requests = self.requests.iter().filter(|(invite, _)| !self.answers.contains_key(invite));
            let requests = requests.map(|(invite, sealed)| (*invite, sealed.clone().into())).collect();
            return Some(Frame::Requests { tag, requests });
        }
        if let Frame::HeadsFetch { tag, .. } = frame {
            return Some(Frame::Heads { tag, heads: Vec::new() });
        }
        if matches!(frame, Frame::ChangesFetch { .. }) && self.mood == Mood::Silent {
            return None;
        }
        if let Frame::ChangesFetch { tag } = frame {
            let requests = self.changes.iter().map(|(node, sealed)| (*node, sealed.clone().into())).collect();
            return Some(Frame::Changes { tag, requests });
        }
        if let Frame::ChangeSettle { tag, node, state, .. } = frame {
            if state != ChangeStand::Waiting {
                let known = self.registry.as_ref().map_or(0, Registry::size);
                self.settled.push((node, state, known));
                self.changes.retain(|(waits, _)| *waits != node);
            }
            return Some(Frame::Published { tag, size: 0 });
        }
        if let Frame::EnrolAnswer { tag, invite, answer } = frame {
            if self.mood == Mood::NoInvitation {
                return Some(Frame::PublishRefused { tag, reason: PublishRefusal::Gap, size: 0 });
            }
            self.answers.insert(invite, answer.into_vec());
            return Some(Frame::Published { tag, size: 0 });
        }
        None
    }

    fn publish(&mut self, root: &[u8], from: u64, leaves: impl Iterator<Item = Vec<u8>>, head: &Head) -> u64 {
        if !root.is_empty() {
            self.root = Some(RootFile::parse(root).unwrap());
        }
        let root = self.root.clone().unwrap();
        let mut next = self.registry.clone().unwrap_or_else(|| Registry::new(root));
        assert_eq!(from, next.size() + self.staged.len() as u64, "pieces follow each other");
        self.staged.extend(leaves);
        if next.size() + (self.staged.len() as u64) < head.size {
            return next.size();
        }
        next.extend(&std::mem::take(&mut self.staged)).unwrap();
        next.accept_head(head, SystemClock.now()).unwrap();
        let size = next.size();
        self.registry = Some(next);
        size
    }
}

fn record(agency: &str) -> Record {
    Record::bare(
        agency.parse().unwrap(),
        BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
        "XA".to_owned(),
        vec![RoleName(Role::NgoShelter)],
        false,
    )
}

/// What a node does with a code: its request, the key that opens the answer, and its id.
fn ask(office: &Office, code: &InviteCode) -> (Vec<u8>, KemSecret, NodeId) {
    let entropy = &mut SystemEntropy;
    let ik = SigningKey::generate(entropy).unwrap();
    let answer = KemSecret::generate(entropy).unwrap();
    let mut mailbox = [0; 16];
    mailbox.copy_from_slice(&ik.verifying_key().as_bytes()[..16]);
    let node = NewNode {
        ik: &ik,
        succession: SigningKey::generate(entropy).unwrap().verifying_key(),
        tls_spki: TlsKey::generate(entropy).unwrap().spki_hash(),
        mailbox: MailboxId::from_bytes(mailbox),
        answer_key: answer.public(),
        replaces: None,
        node_random: node_random(entropy).unwrap(),
    };
    let sealed = node.seal(code, office.root().enrol_key(), entropy).unwrap();
    let id = safeconduct_certs::enrol::request::node_id(&ik.verifying_key(), &node.node_random);
    (sealed, answer, id)
}

/// The one relay's outcome.
async fn tell(office: &mut Office) -> Result<u64, AdminError> {
    office.tell_relays().await.unwrap().remove(0).outcome
}

fn enrol_offline(office: &mut Office, world: &World, agency: &str) -> NodeId {
    let (code, _) = office.invite(record(agency), 7).unwrap();
    let (sealed, _, node) = ask(office, &code);
    world.held().requests.push((code.invite(), sealed));
    node
}

#[tokio::test]
async fn an_agency_enters_through_the_relay_and_is_cut_off_through_it() {
    let world = World::new();
    let mut office = world.start();
    let (code, expires) = office.invite(record("xa.harbour-house"), 7).unwrap();
    assert_eq!(tell(&mut office).await, Ok(1));
    assert_eq!(world.held().invites.get(&code.invite()), Some(&expires));
    let (sealed, answer_key, node) = ask(&office, &code);
    world.held().requests.push((code.invite(), sealed));
    tell(&mut office).await.unwrap();
    let words = office.waiting().unwrap()[0].words.to_string();

    let agency = "xa.harbour-house".parse().unwrap();
    assert_eq!(office.approve(&agency, &words), Ok(node));
    assert_eq!(tell(&mut office).await, Ok(2));

    assert_eq!(office.answers_to_put(), 0);
    let answer = world.held().answers.get(&code.invite()).cloned().unwrap();
    assert!(matches!(Answer::open(&answer, &code.invite(), &node, &answer_key), Ok(Answer::Approved(_))));
    assert!(world.held().registry.as_ref().unwrap().node(&node).unwrap().is_active());
    office.set_standing(&agency, Standing::Revoke).unwrap();
    assert_eq!(tell(&mut office).await, Ok(3));
    assert!(!world.held().registry.as_ref().unwrap().node(&node).unwrap().is_active());
}

#[tokio::test]
async fn a_log_of_many_pieces_is_published_piece_by_piece() {
    let world = World::new();
    let mut office = world.start();
    let agency = "xa.harbour-house".parse().unwrap();
    enrol_offline(&mut office, &world, "xa.harbour-house");
    tell(&mut office).await.unwrap();
    let words = office.waiting().unwrap()[0].words.to_string();
    office.approve(&agency, &words).unwrap();
    world.held().pieces = 0;
    for _ in 0..110 {
        office.set_standing(&agency, Standing::Suspend).unwrap();
        office.set_standing(&agency, Standing::Resume).unwrap();
    }
    assert_eq!(tell(&mut office).await, Ok(222));
    assert_eq!(world.held().pieces, 3);
}

#[tokio::test]
async fn whatever_a_relay_does_the_next_session_makes_it_good() {
    let world = World::new();
    let mut office = world.start();
    enrol_offline(&mut office, &world, "xa.harbour-house");
    let cases = [
        (Mood::Leaves, AdminError::Link(LinkError::Closed(Goodbye::ShuttingDown))),
        (Mood::Busy, AdminError::Goodbye(Goodbye::Busy)),
        (Mood::DiskFull, AdminError::Refused(PublishRefusal::StorageFailed)),
        (Mood::LosesAnswer, AdminError::Link(LinkError::Closed(Goodbye::ShuttingDown))),
    ];
    for (mood, error) in cases {
        world.mood(mood);
        assert_eq!(tell(&mut office).await, Err(error));
    }
    world.mood(Mood::Well);
    drop(office);

    let mut office = world.open();
    tell(&mut office).await.unwrap();
    assert_eq!(office.waiting().unwrap().len(), 1);
    assert_eq!(world.held().registry.as_ref().unwrap().size(), office.registry().size());
}

#[tokio::test]
async fn nothing_is_signed_and_sent_while_the_only_relays_clock_is_another() {
    let world = World::new();
    let mut office = world.start();
    let before = office.registry().newest_time();
    world.mood(Mood::WrongClock);

    let error = tell(&mut office).await.unwrap_err();

    assert!(matches!(error, AdminError::ClocksApart { ahead: true, by_s: 3_590..3_700 }), "{error}");
    assert_eq!((office.registry().newest_time(), world.held().pieces), (before, 0));
    world.mood(Mood::Well);
    tell(&mut office).await.unwrap();
}

#[tokio::test]
async fn the_registry_is_there_before_anything_that_a_relay_shows_is_looked_at() {
    let world = World::new();
    let mut office = world.start();
    // It hangs up on the first question.
    world.mood(Mood::Silent);

    tell(&mut office).await.unwrap_err();

    assert_eq!(world.held().registry.as_ref().map(Registry::size), Some(office.registry().size()));
}

#[tokio::test]
async fn a_relay_that_holds_more_than_this_directory_stops_everything() {
    let world = World::new();
    let mut office = world.start();
    world.mood(Mood::Ahead);
    let error = tell(&mut office).await.unwrap_err();
    assert_eq!(error, AdminError::RelayAhead { theirs: 1000, mine: 1 });
    assert_eq!(error.exit() as u8, 5);
    assert_eq!(world.held().pieces, 0);
}

#[tokio::test]
async fn a_relay_with_another_key_is_told_nothing() {
    let mut world = World::new();
    let office = world.start();
    drop(office);
    // Somebody else answers under the registered address.
    let registered = world.open().relay_contacts().unwrap().remove(0);
    world.tls = TlsKey::generate(&mut SystemEntropy).unwrap();
    world.ik = SigningKey::generate(&mut SystemEntropy).unwrap();
    let impostor = listen(SocketAddr::from(([127, 0, 0, 1], 0)), &world.tls, Arc::new(Anyone)).unwrap();
    let address = impostor.local_addr().unwrap().to_string();
    assert_ne!(registered.tls_spki, world.tls.spki_hash());
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async move {
        while let Some(incoming) = impostor.accept().await {
            accept(incoming).await.ok();
        }
    });
    let file = RelayFile {
        address,
        ik: world.ik.verifying_key(),
        // The impostor shows a key that is not the one in this file.
        tls_spki: TlsKey::generate(&mut SystemEntropy).unwrap().spki_hash(),
        node: NodeId::from_bytes([2; 32]),
        witness: None,
    };
    let mut office = world.open();
    office.add_relay(&file).unwrap();
    let told = office.tell_relays().await.unwrap();
    assert_eq!(told[1].outcome, Err(AdminError::Link(LinkError::WrongRelay)));
    assert_eq!(told[1].outcome.unwrap_err().exit() as u8, 5);
}

#[tokio::test]
async fn a_new_tls_key_is_taken_over_by_whatever_tells_the_relays_and_its_node_hears_it_when_the_entry_is_there() {
    let world = World::new();
    let mut office = world.start();
    let (code, _) = office.invite(record("xa.harbour-house"), 7).unwrap();
    let entropy = &mut SystemEntropy;
    let ik = SigningKey::generate(entropy).unwrap();
    let new = NewNode {
        ik: &ik,
        succession: SigningKey::generate(entropy).unwrap().verifying_key(),
        tls_spki: TlsKey::generate(entropy).unwrap().spki_hash(),
        mailbox: MailboxId::from_bytes([7; 16]),
        answer_key: KemSecret::generate(entropy).unwrap().public(),
        node_random: node_random(entropy).unwrap(),
        replaces: None,
    };
    let sealed = new.seal(&code, office.root().enrol_key(), entropy).unwrap();
    world.held().requests.push((code.invite(), sealed));
    tell(&mut office).await.unwrap();
    let words = office.waiting().unwrap()[0].words.to_string();
    let node = office.approve(&"xa.harbour-house".parse().unwrap(), &words).unwrap();
    let follows = office.registry().node(&node).unwrap().last_leaf;
    let change = |tls_spki, entropy: &mut SystemEntropy| {
        let change = NewChange {
            node,
            follows,
            current: &ik,
            ik: &ik,
            succession: new.succession,
            tls_spki,
            home_relay: RelayId(1),
            mailbox: new.mailbox,
            statement: None,
        };
        change.seal(world.open_root().enrol_key(), entropy).unwrap()
    };
    let tls = TlsKey::generate(entropy).unwrap().spki_hash();
    world.held().changes.push((node, change(tls, entropy)));

    assert_eq!(tell(&mut office).await, Ok(3));

    assert_eq!(world.held().settled, [(node, ChangeStand::Done, 3)]);
    assert_eq!(world.held().registry.as_ref().unwrap().node(&node).unwrap().tls_spki, tls);
    assert!(office.changes_waiting().unwrap().is_empty());
    // The same request once more, as a relay may show it, and an older one that would bring the first key back.
    world.held().changes.push((node, change(new.tls_spki, entropy)));
    assert_eq!(tell(&mut office).await, Ok(3));
    assert_eq!(world.held().settled.last(), Some(&(node, ChangeStand::Stale, 3)));
}
