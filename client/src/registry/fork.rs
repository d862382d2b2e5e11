//! Two heads that one log key has signed and that cannot both be true: kept in the vault, and written into the data
//! folder as a file that convinces a stranger.

use std::path::PathBuf;

use rusqlite::{Connection, params};
use safeconduct_certs::{
    durable,
    evidence::ForkProof,
    registry::gossip::{self, Gossip},
};
use safeconduct_protocol::{frame::Head, time::Timestamp};

use super::{AHEAD_MAX, Held};
use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// What the authority is to be handed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Size at which they part, or the smaller of both.
    pub size: u64,
    /// The signed note that this node's relay served.
    pub ours: Vec<u8>,
    /// The signed note that contradicts it.
    pub theirs: Vec<u8>,
    /// When it was found.
    pub seen_at: Timestamp,
    /// The proof file's bytes; none when it was found before there was such a file.
    pub proof: Option<Vec<u8>>,
}

/// Keeps a contradiction.
pub(super) fn keep(db: &Connection, found: &gossip::Equivocation, now: Timestamp) -> Result<(), VaultError> {
    let proof = (!found.proof.is_empty()).then_some(&found.proof);
    db.run(
        "INSERT OR IGNORE INTO head_conflict (theirs, ours, size, seen_at, proof, replaced)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM head_conflict WHERE replaced = ?6) < ?7",
        params![found.theirs, found.ours, int(found.size), int(now.0), proof, found.by_replaced, AHEAD_MAX],
    )?;
    Ok(())
}

/// The relay serves a head that contradicts what is held; when the log key has signed both, that is proof.
pub(super) fn served(vault: &mut Vault, held: &Held, head: &Head, now: Timestamp) -> Result<(), VaultError> {
    if let Gossip::Equivocation(found) = gossip::compare(held.registry(), &head.note) {
        let tx = vault.begin()?;
        keep(&tx, &found, now)?;
        tx.commit()?;
    }
    Ok(())
}

/// The contradictions that are kept, oldest first.
///
/// # Errors
/// What the disk says.
pub fn kept(vault: &Vault) -> Result<Vec<Conflict>, VaultError> {
    let mut rows = vault
        .db()
        .prepare_cached("SELECT size, ours, theirs, seen_at, proof FROM head_conflict ORDER BY seen_at, theirs")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let kept = |row| {
        let (size, ours, theirs, seen_at, proof) = row?;
        Ok(Conflict { size: uint(size)?, ours, theirs, seen_at: Timestamp(uint(seen_at)?), proof })
    };
    rows.map(kept).collect()
}

/// The oldest proof that is kept, made now from the registry copy when it was found before there was such a file.
///
/// # Errors
/// What the disk says.
pub fn proof(vault: &Vault, held: &Held) -> Result<Option<ForkProof>, VaultError> {
    let made = |conflict: Conflict| match conflict.proof {
        Some(proof) => ForkProof::parse(&proof).ok(),
        None => ForkProof::collect(held.registry(), &conflict.ours, &conflict.theirs),
    };
    Ok(kept(vault)?.into_iter().find_map(made))
}

/// Writes the proof into the data folder, readable by this account alone, unless it is there; where it is.
///
/// # Errors
/// What the disk says.
pub fn write(vault: &Vault, held: &Held) -> Result<Option<PathBuf>, VaultError> {
    let Some(proof) = proof(vault, held)? else { return Ok(None) };
    let path = vault.dir().join(proof.file_name());
    let text = proof.to_json();
    if std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(Some(path));
    }
    durable::write(&path, text.as_bytes(), durable::PRIVATE)?;
    Ok(Some(path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use safeconduct_certs::node::Exercise;

    use super::*;
    use crate::{
        registry::{self, RegistryError},
        testing::{NOW, World},
    };

    /// Trap 37.
    #[test]
    fn a_relay_that_serves_a_forked_head_leaves_a_proof_file_in_private() {
        let (mut ours, mut theirs) = (World::new(50), World::new(50));
        let mut node = ours.node(Exercise::No);
        theirs.add(&node.identity, Exercise::Yes);
        ours.update(&mut node, NOW);
        let held = node.held.clone();
        assert_eq!(write(node.vault(), &held).unwrap(), None);

        let refused = registry::take_head(node.vault(), &held, &theirs.head(NOW), NOW).err().unwrap();

        assert!(matches!(refused, RegistryError::Head(_)) && refused.is_tampering());
        let path = write(node.vault(), &held).unwrap().unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let fork = ForkProof::parse(&std::fs::read(&path).unwrap()).unwrap().verify(None).unwrap();
        assert_eq!((fork.smaller.checkpoint.size, fork.fingerprint), (2, ours.root().fingerprint()));
        std::fs::write(&path, b"torn").unwrap();
        assert_eq!(write(node.vault(), &held).unwrap(), Some(path.clone()));
        assert!(ForkProof::parse(&std::fs::read(&path).unwrap()).is_ok());
    }

    #[test]
    fn a_contradiction_of_before_there_was_a_file_gets_its_file_all_the_same() {
        let (mut ours, mut theirs) = (World::new(50), World::new(50));
        let mut node = ours.node(Exercise::No);
        theirs.add(&node.identity, Exercise::Yes);
        ours.update(&mut node, NOW);
        let (held, note) = (node.held.clone(), ours.head(NOW).note);
        let found = gossip::Equivocation {
            size: 2,
            ours: note,
            theirs: theirs.head(NOW).note,
            by_replaced: false,
            proof: Vec::new(),
        };
        keep(node.vault().db(), &found, NOW).unwrap();

        assert_eq!(kept(node.vault()).unwrap()[0].proof, None);
        assert!(proof(node.vault(), &held).unwrap().unwrap().verify(None).is_ok());
    }
}
