//! Heads on which messages were signed, kept for evidence of them: the newest head says what a key is now, and a dispute is about what
//! it was then.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::registry::Registry;
use safeconduct_protocol::{envelope::header::Header, frame::Head, time::DAY_S};

use super::{AHEAD_MAX, Held};
use crate::vault::{Sql as _, VaultError, int};

/// Keeps the head of this log as it is held: something is signed on it. In the transaction that stores what is signed.
pub(crate) fn keep(db: &Connection, registry: &Registry) -> Result<(), VaultError> {
    let Some(head) = registry.head() else { return Ok(()) };
    let Some(root) = registry.root_hash_at(head.size) else { return Ok(()) };
    let time = registry.newest_log_time().filter(|time| time.size == head.size).map_or(0, |time| time.time.0);
    insert(db, registry, (head, &root), time)
}

/// Keeps the head on which a message from elsewhere was signed: as it is held here, when this copy has as many entries, else
/// the note that came in the message. One that this copy contradicts shows nothing.
pub(crate) fn heard(db: &Connection, held: &Held, header: &Header, note: &[u8]) -> Result<(), VaultError> {
    let registry = held.registry_of(&header.sender);
    let (size, root) = (header.registry.size, &header.registry.root);
    let known = registry.root_hash_at(size);
    if registry.head_size() == size && known.as_ref() == Some(root) {
        keep(db, registry)?;
    }
    if known.is_some_and(|known| known != *root) || !registry.is_signed(note, size, root) {
        return Ok(());
    }
    insert(db, registry, (&Head { size, note: note.to_vec(), timestamp: Vec::new() }, root), 0)
}

/// One without a time adds nothing to one with a time but cosignatures, and of one day one suffices. Of sizes that this copy has not reached
/// any root may be said: so many are kept at most.
fn insert(db: &Connection, registry: &Registry, (head, root): (&Head, &[u8; 32]), time: u64) -> Result<(), VaultError> {
    let (authority, size) = (registry.root().authority(), int(head.size));
    let kept: Option<Vec<u8>> = db
        .one(
            "SELECT note FROM head_acted_on WHERE authority = ?1 AND size = ?2 AND root = ?3 LIMIT 1",
            params![authority, size, root],
            |row| row.get(0),
        )
        .optional()?;
    let note = match &kept {
        Some(kept) if *kept == head.note => kept.clone(),
        _ => {
            let Some(note) = registry.cosigned(&head.note, kept.as_deref().unwrap_or_default()) else { return Ok(()) };
            note
        }
    };
    if kept.is_some_and(|kept| kept != note) {
        db.run(
            "UPDATE head_acted_on SET note = ?4 WHERE authority = ?1 AND size = ?2 AND root = ?3",
            params![authority, size, root, note],
        )?;
    }
    db.run(
        "INSERT OR IGNORE INTO head_acted_on (authority, size, root, time, note, timestamp)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM head_acted_on
                WHERE authority = ?1 AND size = ?2 AND root = ?3 AND (?4 = 0 OR (time > ?7 AND time <= ?4)))
            AND (?2 <= ?8 OR (SELECT count(*) FROM head_acted_on WHERE authority = ?1 AND size > ?8) < ?9)",
        params![
            authority,
            size,
            root,
            int(time),
            note,
            head.timestamp,
            int(time.saturating_sub(DAY_S)),
            int(registry.size()),
            AHEAD_MAX
        ],
    )?;
    Ok(())
}

/// The head on which a message was signed, when it was kept: with the newest signed time before it, else with the first after it.
pub(crate) fn kept(db: &Connection, registry: &Registry, header: &Header) -> Result<Option<Head>, VaultError> {
    let size = header.registry.size;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let found: Option<(Vec<u8>, Vec<u8>)> = db
        .one(
            "SELECT note, timestamp FROM head_acted_on WHERE authority = ?1 AND size = ?2 AND root = ?4
                ORDER BY time = 0, time > ?3, abs(time - ?3) LIMIT 1",
            params![registry.root().authority(), int(size), int(header.created.0), header.registry.root],
            read,
        )
        .optional()?;
    Ok(found.map(|(note, timestamp)| Head { size, note, timestamp }))
}

/// Forgets heads that no message names any more which is kept. Run once an hour.
pub(crate) fn forget(db: &Connection) -> Result<(), VaultError> {
    db.run(
        "DELETE FROM head_acted_on
            WHERE NOT EXISTS (SELECT 1 FROM seal INDEXED BY seal_acted_on WHERE substr(header, 189, 32) = root)
            AND NOT EXISTS (SELECT 1 FROM inbox INDEXED BY inbox_acted_on WHERE substr(header, 189, 32) = root)",
        [],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::{log::note::cosign, node::Exercise};
    use safeconduct_protocol::{
        crypto::note::NoteKey,
        envelope::header::{ContentType, KeyFlag, RegistryPoint, ReplyFlag},
        id::{KeyId, MessageId, PrekeyId},
        receipt::chain::ChainHead,
        time::Timestamp,
    };

    use super::*;
    use crate::testing::{NOW, Node, Seeded, World};

    /// What a message that `node` signs now says of the registry.
    fn header(node: &Node, at: Timestamp) -> Header {
        Header {
            suite: 1,
            content_type: ContentType::Referral,
            reply: ReplyFlag::Absent,
            key: KeyFlag::Once,
            message: MessageId::from_bytes([1; 16]),
            sender: node.identity.node,
            sender_key: KeyId::from_bytes([0; 32]),
            recipient: node.identity.node,
            prekey: PrekeyId::from_bytes([0; 16]),
            created: at,
            chain: ChainHead { length: 0, hash: [0; 32] },
            registry: node.held.point(),
            content_commitment: [0; 32],
            rest_commitment: [0; 32],
            binding: [0; 32],
            recipients_commitment: [0; 32],
        }
    }

    fn rows(node: &Node) -> i64 {
        node.vault.as_ref().unwrap().db().one("SELECT count(*) FROM head_acted_on", [], |row| row.get(0)).unwrap()
    }

    fn kept_of(node: &Node, header: &Header) -> Option<Head> {
        kept(node.vault.as_ref().unwrap().db(), node.held.registry(), header).unwrap()
    }

    fn hear(node: &Node, header: &Header, note: &[u8]) {
        heard(node.vault.as_ref().unwrap().db(), &node.held, header, note).unwrap();
    }

    #[test]
    fn of_one_size_a_head_is_kept_once_a_day_and_the_newest_before_a_message_is_found() {
        let mut world = World::new(90);
        let mut node = world.node(Exercise::No);
        for hours in 0..50 {
            world.update(&mut node, NOW.after(hours * 3_600));
            keep(node.vault.as_ref().unwrap().db(), node.held.registry()).unwrap();
        }
        assert_eq!(rows(&node), 3);
        for (after, at) in [(0, 0), (23, 0), (24, 24), (49, 48), (100, 48)] {
            let found = kept_of(&node, &header(&node, NOW.after(after * 3_600))).unwrap();
            assert!(found == world.head(NOW.after(at * 3_600)), "{after}");
        }
        let before = kept_of(&node, &header(&node, NOW.before(5))).unwrap();
        assert!(before == world.head(NOW), "the first after it, when there is none before");
        let mut other = header(&node, NOW);
        other.registry.size = 1;
        assert!(kept_of(&node, &other).is_none());
    }

    #[test]
    fn of_a_message_that_names_another_head_than_ours_its_note_is_kept_when_it_is_the_one_that_it_names() {
        let mut world = World::new(91);
        let (mut sender, mut node) = (world.node(Exercise::No), world.node(Exercise::No));
        world.update(&mut node, NOW);
        world.node(Exercise::No);
        world.update(&mut sender, NOW);
        let (named, note) = (header(&sender, NOW), sender.held.checkpoint());
        let lies = Header { registry: RegistryPoint { root: [7; 32], ..named.registry }, ..named };
        let shorter = Header { registry: RegistryPoint { size: 2, ..named.registry }, ..named };
        for (header, note) in [(&named, b"".as_slice()), (&named, b"noise"), (&lies, &note), (&shorter, &note)] {
            hear(&node, header, note);
        }
        assert_eq!(rows(&node), 0);
        for _ in 0..2 {
            hear(&node, &named, &note);
        }
        assert_eq!(rows(&node), 1);
        assert!(kept_of(&node, &named).unwrap() == Head { size: 4, note: note.clone(), timestamp: Vec::new() });

        // Once the copy here is as long, the head with its time is kept, and says more.
        let later = NOW.after(60);
        world.update(&mut node, later);
        hear(&node, &named, &note);
        assert!((rows(&node), kept_of(&node, &named).unwrap()) == (2, world.head(later)));
        hear(&node, &named, &note);
        assert_eq!(rows(&node), 2);
    }

    #[test]
    fn what_came_first_keeps_out_no_cosignature_and_no_other_root() {
        let (witness, stranger) =
            (NoteKey::generate(&mut Seeded::new(5)).unwrap(), NoteKey::generate(&mut Seeded::new(6)).unwrap());
        let mut world = World::witnessed(92, vec![("a.witness".to_owned(), witness.verifier())]);
        let (mut sender, mut node) = (world.node(Exercise::No), world.node(Exercise::No));
        world.update(&mut node, NOW);
        world.node(Exercise::No);
        world.update(&mut sender, NOW);
        let (named, bare) = (header(&sender, NOW), sender.held.checkpoint());
        let cosigned = cosign(&bare, "a.witness", &witness, 7).unwrap();
        let strange = cosign(&cosigned, "a.stranger", &stranger, 7).unwrap();

        // Another root of this size, which the log's key has signed.
        let other = Header { registry: RegistryPoint { root: [7; 32], ..named.registry }, ..named };
        let forked = world.head_of(4, [7; 32], NOW).note;
        hear(&node, &other, &forked);
        for note in [&bare, &strange, &bare] {
            hear(&node, &named, note);
        }
        assert_eq!(rows(&node), 2);
        assert!(kept_of(&node, &named).unwrap().note == cosigned, "the witness's, and not the stranger's");
        assert!(kept_of(&node, &other).unwrap().note == forked);

        // Once this copy knows better, a root that it contradicts is not kept; nor is another note taken for its own head's.
        world.update(&mut node, NOW.after(60));
        forget(node.vault.as_ref().unwrap().db()).unwrap();
        for (header, note) in [(&other, &forked), (&named, &forked), (&named, &cosigned)] {
            hear(&node, header, note);
        }
        assert_eq!(rows(&node), 1);
        assert!(kept_of(&node, &named).unwrap().note == cosigned && kept_of(&node, &other).is_none());
    }

    #[test]
    fn of_sizes_that_this_copy_has_not_reached_few_heads_are_kept_and_none_that_no_message_names() {
        let mut world = World::new(93);
        let mut node = world.node(Exercise::No);
        world.update(&mut node, NOW);
        let named = header(&node, NOW);
        for size in 100..170 {
            let root = [u8::try_from(size).unwrap(); 32];
            let ahead = Header { registry: RegistryPoint { size, root }, ..named };
            hear(&node, &ahead, &world.head_of(size, root, NOW).note);
        }
        assert_eq!(rows(&node), i64::from(AHEAD_MAX));
        keep(node.vault.as_ref().unwrap().db(), node.held.registry()).unwrap();
        assert_eq!(rows(&node), i64::from(AHEAD_MAX) + 1, "its own has room");
        forget(node.vault.as_ref().unwrap().db()).unwrap();
        assert_eq!(rows(&node), 0);
    }
}
