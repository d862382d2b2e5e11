//! A document's way within one machine: sealed, noted, moved by hand, opened.

use std::{fs, io::Write as _, path::Path};

use safeconduct_protocol::{
    blob::BlobRefusal,
    document::shape::Shape,
    id::{NodeId, RelayId},
    time::{DAY_S, Timestamp},
};

use super::{due::Job, part::Part, seal::FOLDER, *};
use crate::{
    registry::RelayRef,
    testing::{self, NOW, Seeded},
    vault::Vault,
};

const SENDER: NodeId = NodeId::from_bytes([1; 32]);
const RECIPIENT: NodeId = NodeId::from_bytes([2; 32]);
const RELAY: RelayRef = RelayRef::own(RelayId(7));

/// Two nodes' folders.
struct Two {
    dir: tempfile::TempDir,
    sender: Vault,
    recipient: Vault,
    entropy: Seeded,
}

impl Two {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut entropy = Seeded::new(5);
        let sender = testing::vault(&dir.path().join("sender"), &mut entropy);
        let recipient = testing::vault(&dir.path().join("recipient"), &mut entropy);
        Self { dir, sender, recipient, entropy }
    }

    fn file(&self, name: &str, content: &[u8]) -> std::path::PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn sealed(&mut self, path: &Path, metadata: Metadata) -> Result<(Sealed, Facts), DocumentError> {
        let mut document = fs::File::open(path).unwrap();
        let facts = facts(&mut document, path, metadata, &Gauge::default())?;
        let to = Recipient { node: RECIPIENT, relay: RELAY.relay, post: [3; 16], index: 0, attachment: [4; 16] };
        Ok((seal(self.sender.dir(), &mut document, &facts, &to, &mut self.entropy, &Gauge::default())?, facts))
    }

    /// Notes it at both ends, as a post would, and gives the handle at the recipient.
    fn brought(&mut self, sealed: &Sealed, facts: &Facts) -> (Handle, Handle) {
        let there = about(RECIPIENT, facts);
        let sent = give(self.sender.db(), sealed, &there, NOW, &mut self.entropy).unwrap();
        let told = Enclosed::from_json(sealed.enclosed.to_json().as_bytes()).unwrap();
        let here = about(SENDER, facts);
        let received = take(self.recipient.db(), &told, &here, NOW, &mut self.entropy).unwrap();
        assert_eq!(take(self.recipient.db(), &told, &here, NOW, &mut self.entropy).unwrap(), received, "twice is once");
        (sent, received)
    }

    /// What is needed to seal a document that comes.
    fn plan(&self, facts: &Facts) -> attach::Plan {
        attach::Plan {
            data: self.sender.dir().to_owned(),
            recipient: Recipient { node: RECIPIENT, relay: RELAY.relay, post: [3; 16], index: 0, attachment: [4; 16] },
            relay: RELAY,
            referral: [9; 16],
            kind: facts.kind,
            length: facts.length,
            sha256: facts.sha256,
            title: "statement".to_owned(),
            section: "medical",
        }
    }

    fn opening(&self, handle: Handle) -> store::Opening {
        store::opening(self.recipient.db(), handle, RECIPIENT).unwrap()
    }

    /// What the link does: the sealed bytes, from one folder into the other.
    fn carried(&self, sealed: &Sealed, handle: Handle, bend: impl Fn(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.sender.dir().join(FOLDER).join(&sealed.file)).unwrap();
        bend(&mut bytes);
        let folder = self.recipient.dir().join(FOLDER);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(self.opening(handle).file), bytes).unwrap();
    }

    fn save(&mut self, handle: Handle, to: &Path) -> Result<(), DocumentError> {
        let opening = self.opening(handle);
        save(self.recipient.dir(), &opening, to, &mut self.entropy, &Gauge::default())
    }
}

fn about(partner: NodeId, facts: &Facts) -> About<'static> {
    let sha256 = Some(facts.sha256);
    About { partner, referral: [9; 16], post: [3; 16], section: "medical", title: "report", sha256, relay: RELAY }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_document_comes_out_as_it_went_in_and_lies_sealed_between() {
    let mut two = Two::new();
    let content = "a report about CANARY, page after page\n".repeat(4_000);
    let path = two.file("report.txt", content.as_bytes());

    let (sealed, facts) = two.sealed(&path, Metadata::Removed).unwrap();
    let (sent, received) = two.brought(&sealed, &facts);
    two.carried(&sealed, received, |_| {});
    let out = two.dir.path().join("out.txt");
    two.save(received, &out).unwrap();

    assert_eq!((facts.kind, facts.length), (Kind::Text, content.len() as u64));
    assert!(fs::read(&out).unwrap() == content.as_bytes());
    let file = two.sender.dir().join(FOLDER).join(&sealed.file);
    let cipher = fs::read(&file).unwrap();
    assert_eq!(cipher.len() as u64, Shape::of(facts.length).unwrap().sealed());
    assert!(!cipher.windows(6).any(|window| window == b"CANARY"));
    use std::os::unix::fs::PermissionsExt as _;
    for private in [file.as_path(), &two.sender.dir().join(FOLDER), &out] {
        assert_eq!(fs::metadata(private).unwrap().permissions().mode() & 0o077, 0);
    }
    assert!(matches!(two.save(received, &out), Err(DocumentError::Exists)), "nothing is overwritten");
    let opening = store::opening(two.sender.db(), sent, SENDER).unwrap();
    let own = two.dir.path().join("own.txt");
    save(two.sender.dir(), &opening, &own, &mut two.entropy, &Gauge::default()).unwrap();
    assert!(fs::read(own).unwrap() == content.as_bytes(), "its sender can look at what was sent");
}

/// Traps 18, 46 and 47: whatever is done to the sealed bytes, nothing comes out and nothing is left.
#[test]
fn of_a_document_that_is_not_whole_and_genuine_nothing_is_handed_out() {
    let mut two = Two::new();
    let path = two.file("report.txt", &b"x".repeat(200_000));
    let (sealed, facts) = two.sealed(&path, Metadata::Kept).unwrap();
    let (_, received) = two.brought(&sealed, &facts);
    let folder = two.dir.path().join("out");
    fs::create_dir(&folder).unwrap();
    let out = folder.join("report.txt");
    assert!(matches!(two.save(received, &out), Err(DocumentError::NotHere)));

    let bends: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes[100_000] ^= 1,
        |bytes| *bytes.last_mut().unwrap() ^= 1,
        |bytes| bytes.truncate(150_000),
        |bytes| bytes.rotate_left(65_552),
    ];
    for bend in bends {
        two.carried(&sealed, received, bend);
        let refused = two.save(received, &out).unwrap_err();
        assert!(matches!(refused, DocumentError::Broken | DocumentError::NotHere), "{refused}");
        assert_eq!(names(&folder), [""; 0], "not even a part of it");
    }
    two.carried(&sealed, received, |_| {});
    // Genuine, and not what the referral lists.
    two.recipient.db().execute("UPDATE document SET sha256 = zeroblob(32)", []).unwrap();
    assert!(matches!(two.save(received, &out), Err(DocumentError::Broken)));
    assert_eq!(names(&folder), [""; 0]);
}

/// Trap 18. One blob that opens under its key to the last chunk, and is not what its sender signed for: ChaCha20-Poly1305 lets a
/// sender make bytes that open under two keys to two documents, and then only the salted hash tells.
#[test]
fn trap_18_a_document_that_opens_to_another_content_is_not_handed_out() {
    let mut two = Two::new();
    let [shown, signed] = [b'x', b'y'].map(|byte| two.file(&char::from(byte).to_string(), &[byte; 100_000]));
    let (mut sealed, mut facts) = two.sealed(&shown, Metadata::Kept).unwrap();
    let (other, _) = two.sealed(&signed, Metadata::Kept).unwrap();
    let promised = core::mem::replace(&mut sealed.enclosed.salt, other.enclosed.salt);
    let genuine = core::mem::replace(&mut sealed.enclosed.salted, other.enclosed.salted);
    assert!(sealed.enclosed.length == other.enclosed.length && genuine != other.enclosed.salted);
    // A referral that lists no hash: nothing but the sender's own promise stands against it.
    facts.sha256 = [0; 32];
    let (_, received) = two.brought(&sealed, &facts);
    two.recipient.db().execute("UPDATE document SET sha256 = NULL", []).unwrap();
    two.carried(&sealed, received, |_| {});
    let folder = two.dir.path().join("out");
    fs::create_dir(&folder).unwrap();

    let refused = two.save(received, &folder.join("report.txt"));

    assert!(matches!(refused, Err(DocumentError::Broken)));
    assert_eq!(names(&folder), [""; 0]);
    // With the promise that belongs to it, the same blob is handed out.
    let put_right = "UPDATE document SET salt = ?1, salted = ?2";
    two.recipient.db().execute(put_right, [promised, genuine]).unwrap();
    two.save(received, &folder.join("report.txt")).unwrap();
}

#[test]
fn what_does_not_travel_is_refused_and_leaves_nothing() {
    let mut two = Two::new();
    let pdf = two.file("scan.jpg", b"%PDF-1.7 and so on");
    assert!(matches!(two.sealed(&pdf, Metadata::Removed), Err(DocumentError::Type)), "a PDF under a picture's name");
    let program = two.file("run", b"MZ\0\0");
    assert!(matches!(two.sealed(&program, Metadata::Kept), Err(DocumentError::Type)));
    let picture = two.file("photo.jpg", b"\xff\xd8\xff\xe0 no structure");
    assert!(matches!(two.sealed(&picture, Metadata::Removed), Err(DocumentError::Picture(_))));
    assert!(two.sealed(&picture, Metadata::Kept).is_ok(), "as it is, it may go");
    let large = two.dir.path().join("large.txt");
    fs::File::create(&large).unwrap().set_len(100 * 1024 * 1024 + 1).unwrap();
    assert!(matches!(two.sealed(&large, Metadata::Kept), Err(DocumentError::TooLarge { .. })));

    // Changed between the two readings.
    let growing = two.file("growing.txt", b"one");
    let mut document = fs::File::options().read(true).append(true).open(&growing).unwrap();
    let before = facts(&mut document, &growing, Metadata::Kept, &Gauge::default()).unwrap();
    document.write_all(b" and two").unwrap();
    let to = Recipient { node: RECIPIENT, relay: RelayId(7), post: [3; 16], index: 1, attachment: [4; 16] };
    let count = names(&two.sender.dir().join(FOLDER)).len();
    let refused = seal(two.sender.dir(), &mut document, &before, &to, &mut two.entropy, &Gauge::default());
    assert!(refused.is_err());
    fs::write(&growing, b"two").unwrap();
    let mut other = fs::File::open(&growing).unwrap();
    let refused = seal(two.sender.dir(), &mut other, &before, &to, &mut two.entropy, &Gauge::default());
    assert!(matches!(refused, Err(DocumentError::Changed)));
    assert_eq!(names(&two.sender.dir().join(FOLDER)).len(), count, "no half of it stays");
}

#[test]
fn a_picture_travels_without_place_and_author_when_a_person_says_so() {
    let mut two = Two::new();
    let mut picture = b"\xff\xd8\xff\xe1\0\x2e".to_vec();
    picture.extend(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0CANARY GPS");
    assert_eq!(picture.len(), 6 + 42);
    let mut whole = picture.clone();
    whole[5] = 44;
    whole.extend(b"\xff\xfe\0\x0fCANARY author\xff\xda\0\x02picture\xff\xd9");
    let path = two.file("photo.jpg", &whole);
    for metadata in [Metadata::Removed, Metadata::Kept] {
        let (sealed, facts) = two.sealed(&path, metadata).unwrap();
        two.recipient.db().execute("DELETE FROM document", []).unwrap();
        two.sender.db().execute("DELETE FROM document", []).unwrap();
        let (_, received) = two.brought(&sealed, &facts);
        two.carried(&sealed, received, |_| {});
        let out = two.dir.path().join(format!("{metadata:?}.jpg"));
        two.save(received, &out).unwrap();
        let out = fs::read(out).unwrap();
        let has_canary = out.windows(6).any(|window| window == b"CANARY");
        assert_eq!(has_canary, metadata == Metadata::Kept);
        assert!(out.windows(4).any(|window| window == b"\0\x06\0\0" || window == b"\x06\0\0\0"), "which way up");
        assert!(metadata == Metadata::Removed || out == whole);
    }
}

#[test]
fn what_is_due_follows_a_documents_state_and_waits_longer_with_each_failure() {
    let mut two = Two::new();
    let path = two.file("report.txt", b"report");
    let (sealed, facts) = two.sealed(&path, Metadata::Kept).unwrap();
    let (sent, received) = two.brought(&sealed, &facts);
    let (db, own) = (two.sender.db(), SENDER);
    let jobs = |db: &Connection, own, now| -> Vec<Job> {
        due::due(db, RELAY, own, now, 9).unwrap().iter().map(|due| due.job).collect()
    };
    assert_eq!((jobs(db, own, NOW), due::relays_due(db, NOW).unwrap()), (vec![Job::Put], vec![RELAY]));
    assert!(due::due(db, RelayRef::own(RelayId(8)), own, NOW, 9).unwrap().is_empty());

    let mut now = NOW;
    let mut pauses = Vec::new();
    for _ in 0..4 {
        due::put_off(db, (sent, Job::Put), Err("relay-unreachable"), now).unwrap();
        let pause = (1..100_000).find(|pause| !jobs(db, own, now.after(*pause)).is_empty()).unwrap();
        pauses.push(pause);
        now = now.after(pause);
    }
    assert_eq!(pauses, [2, 4, 8, 16]);
    due::put_off(db, (sent, Job::Put), Ok((BlobRefusal::Quota, 900)), now).unwrap();
    assert!(jobs(db, own, now.after(899)).is_empty() && jobs(db, own, now.after(900)) == [Job::Put]);
    due::put_off(db, (sent, Job::Put), Err("relay-unreachable"), NOW.after(14 * DAY_S + 1)).unwrap();
    let failed = store::find(db, sent).unwrap();
    assert_eq!(
        (failed.state, failed.reason.as_deref()),
        (State::Failed, Some("relay-unreachable")),
        "two weeks, then a person"
    );
    assert_eq!(due::try_again(db, sent, now).unwrap().state, State::Waiting);
    due::settle(db, sent, State::Stored, now).unwrap();
    assert!(jobs(db, own, Timestamp(u64::MAX >> 2)).is_empty() && due::relays_due(db, now).unwrap().is_empty());

    let (db, own) = (two.recipient.db(), RECIPIENT);
    assert_eq!(jobs(db, own, NOW), [Job::Fetch]);
    due::put_off(db, (received, Job::Fetch), Ok((BlobRefusal::Unknown, 0)), NOW).unwrap();
    assert_eq!(store::find(db, received).unwrap().state, State::Gone);
    due::try_again(db, received, NOW).unwrap();
    due::settle(db, received, State::Held, NOW).unwrap();
    assert_eq!(jobs(db, own, NOW), [Job::Discard]);
    due::put_off(db, (received, Job::Discard), Ok((BlobRefusal::Unknown, 0)), NOW).unwrap();
    assert!(jobs(db, own, NOW).is_empty() && store::find(db, received).unwrap().state == State::Held);
}

#[test]
fn an_erased_document_opens_no_more_and_its_file_goes() {
    let mut two = Two::new();
    let path = two.file("report.txt", b"report");
    let (sealed, facts) = two.sealed(&path, Metadata::Kept).unwrap();
    let (_, received) = two.brought(&sealed, &facts);
    two.carried(&sealed, received, |_| {});
    let (db, data) = (two.recipient.db(), two.recipient.dir());
    assert_eq!(clear(data, db).unwrap(), 0, "it is known");

    let attachment = store::find(db, received).unwrap().attachment;
    store::erase(db, [9; 16], SENDER, &[attachment]).unwrap();
    assert!(store::opening(db, received, RECIPIENT).is_ok(), "what is still listed stays");

    store::erase(db, [9; 16], SENDER, &[]).unwrap();

    assert!(matches!(store::opening(db, received, RECIPIENT), Err(DocumentError::Unknown)));
    assert!(due::due(db, RELAY, RECIPIENT, NOW, 9).unwrap().is_empty());
    let kept = store::of_referral(db, [9; 16]).unwrap();
    assert!(kept.len() == 1 && kept[0].title.is_empty() && kept[0].state == State::Erased);
    let files = store::erased_files(db).unwrap();
    assert_eq!(files, names(&data.join(FOLDER)));
    assert_eq!(clear(data, db).unwrap(), 1, "what was not removed at once goes at the next start");
    for file in files {
        remove(data, &file).unwrap();
        store::file_removed(db, &file).unwrap();
    }
    assert!(store::erased_files(db).unwrap().is_empty() && store::find(db, received).unwrap().state == State::Gone);
    assert!(due::try_again(db, received, NOW).is_ok_and(|one| one.state == State::Gone), "nothing brings it back");
}

#[test]
fn chunks_are_written_at_their_places_and_counted() {
    let two = Two::new();
    let shape = Shape::of(150_000).unwrap();
    let part = Part::begin(two.sender.dir(), "name.scb", shape).unwrap();
    assert_eq!(part.have().unwrap(), 0);
    part.write(0, &vec![1; 65_552]).unwrap();
    assert!(part.write(1, &[1; 9]).is_err() && part.read(1).is_err());
    let again = Part::begin(two.sender.dir(), "name.scb", shape).unwrap();
    assert_eq!((again.have().unwrap(), again.read(0).unwrap().len()), (1, 65_552));
}

/// What comes in small pieces and may be cut.
struct Coming<'a> {
    left: &'a [u8],
    cut: bool,
}

impl std::io::Read for Coming<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left.is_empty() && self.cut {
            return Err(std::io::ErrorKind::ConnectionAborted.into());
        }
        let (piece, left) = self.left.split_at(self.left.len().min(into.len()).min(1_000));
        into[..piece.len()].copy_from_slice(piece);
        self.left = left;
        Ok(piece.len())
    }
}

#[test]
fn a_document_that_comes_and_is_read_once_is_sealed_and_another_or_a_cut_one_leaves_nothing() {
    let mut two = Two::new();
    let content = b"what she said, line by line\n".repeat(8_000);
    let path = two.file("statement.txt", &content);
    let (_, facts) = two.sealed(&path, Metadata::Kept).unwrap();
    let come = |two: &Two, content: &[u8], cut: bool| {
        attach::receive(two.plan(&facts), &mut Coming { left: content, cut }, Metadata::Kept)
    };

    let fresh = come(&two, &content, false).ok().unwrap();
    let (_, received) = two.brought(&fresh.sealed, &facts);
    two.carried(&fresh.sealed, received, |_| {});
    fresh.noted();
    let out = two.dir.path().join("out.txt");
    two.save(received, &out).unwrap();
    assert!(fs::read(&out).unwrap() == content);

    let files = || fs::read_dir(two.sender.dir().join(FOLDER)).unwrap().count();
    let before = files();
    let mut bent = content.clone();
    bent[77_777] ^= 1;
    let other = [vec![0], content[1..].to_vec()].concat();
    for wrong in [&content[1..], &[&content[..], b"\n"].concat(), &bent, &other, b""] {
        assert!(matches!(come(&two, wrong, false), Err(DocumentError::NotListed)), "{} bytes", wrong.len());
    }
    let cut = come(&two, &content[..content.len() / 2], true);
    assert!(matches!(cut, Err(DocumentError::File(std::io::ErrorKind::ConnectionAborted))));
    assert_eq!(files(), before, "nothing is left of them");
}

#[test]
fn what_comes_after_the_end_of_a_picture_is_read_within_bounds() {
    let mut two = Two::new();
    let picture = b"\xff\xd8\xff\xfe\0\x0fCANARY author\xff\xda\0\x02picture\xff\xd9".to_vec();
    let path = two.file("photo.jpg", &picture);
    let (sealed, facts) = two.sealed(&path, Metadata::Removed).unwrap();
    remove(two.sender.dir(), &sealed.file).unwrap();
    let come = |tail: u64| {
        let mut body = std::io::Read::chain(&picture[..], std::io::Read::take(std::io::repeat(0), tail));
        attach::receive(two.plan(&facts), &mut body, Metadata::Removed)
    };
    let files = || fs::read_dir(two.sender.dir().join(FOLDER)).unwrap().count();

    let before = files();
    assert!(come(1024).is_ok(), "a preview");
    assert_eq!(files(), before, "what nobody notes goes");
    assert!(matches!(come(u64::MAX), Err(DocumentError::NotListed)), "without end");
    assert_eq!(files(), before);
}

#[test]
fn a_document_is_checked_whole_before_anything_of_it_is_handed_over() {
    let mut two = Two::new();
    let content = b"what she said, line by line\n".repeat(8_000);
    let path = two.file("statement.txt", &content);
    let (sealed, facts) = two.sealed(&path, Metadata::Kept).unwrap();
    let (_, received) = two.brought(&sealed, &facts);
    two.carried(&sealed, received, |bytes| {
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
    });
    let opening = two.opening(received);
    assert!(matches!(save::check(two.recipient.dir(), &opening), Err(DocumentError::Broken)));

    two.carried(&sealed, received, |_| {});
    save::check(two.recipient.dir(), &opening).unwrap();
    let mut out = Vec::new();
    save::pass(two.recipient.dir(), &opening, &mut out).unwrap();
    assert!(out == content);
}
