//! What a vault refuses, names, keeps private and wipes.

use std::{fs, os::unix::fs::PermissionsExt as _};

use zeroize::Zeroizing;

use super::*;
use crate::{
    keys::{self, identity},
    testing::{NOW, Seeded, cheap, passphrase, reopen, vault},
};

fn refused(dir: &Path) -> VaultError {
    Vault::open(dir, &passphrase(), NOW, &mut Seeded::new(9)).err().unwrap()
}

#[test]
fn a_vault_keeps_its_identity_over_a_restart_and_its_files_are_private() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(1);
    let (vault, paper) = keys::init(dir.path(), &passphrase(), Some("relay:1"), cheap(), NOW, entropy).unwrap();
    let before = identity(&vault).unwrap();
    drop(vault);

    let after = identity(&reopen(dir.path(), NOW, entropy)).unwrap();

    assert!(before.node == after.node && before.mailbox == after.mailbox && before.public() == after.public());
    assert_eq!((after.epoch, after.relay.as_deref()), (1, Some("relay:1")));
    assert_eq!(paper.reveal().len(), 65);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[test]
fn what_is_wrong_with_a_vault_is_named_for_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let entropy = &mut Seeded::new(2);
    assert!(matches!(refused(path), VaultError::Missing { .. }));

    let first = vault(path, entropy);
    assert!(matches!(refused(path), VaultError::InUse { .. }));
    drop(first);
    let again = keys::init(path, &passphrase(), None, cheap(), NOW, entropy).err().unwrap();
    assert!(matches!(again, VaultError::Exists { .. }));
    let other = Zeroizing::new("three ferries cross at dawn".to_owned());
    let wrong = Vault::open(path, &other, NOW, entropy).err().unwrap();
    assert!(matches!(wrong, VaultError::WrongPassphrase));

    for name in ["vault.scv", "node.db", "prekeys.seeds"] {
        let good = fs::read(path.join(name)).unwrap();
        let mut bent = good.clone();
        let middle = good.len() / 2;
        bent[middle.min(4000)] ^= 1;
        fs::write(path.join(name), bent).unwrap();
        assert!(matches!(refused(path), VaultError::Damaged { .. }), "{name} altered");
        fs::write(path.join(name), &good[..middle]).unwrap();
        assert!(matches!(refused(path), VaultError::Damaged { .. }), "{name} cut short");
        fs::write(path.join(name), good).unwrap();
    }
    drop(reopen(path, NOW, entropy));
}

/// Trap 44. Who can write to the disk moves what is encrypted from one place to another: a page says where it belongs.
#[test]
fn pages_that_have_changed_places_are_found() {
    const PAGE: usize = 4096;
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(11);
    let good = vault(dir.path(), entropy);
    good.checkpoint().unwrap();
    drop(good);
    let path = dir.path().join("node.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / PAGE;
    assert!(pages > 8 && whole.len() == pages * PAGE);

    for (one, other) in [(1, 2), (2, pages - 1), (3, pages / 2)] {
        let mut swapped: Vec<&[u8]> = whole.chunks(PAGE).collect();
        swapped.swap(one, other);
        fs::write(&path, swapped.concat()).unwrap();

        let found = Vault::open(dir.path(), &passphrase(), NOW, entropy).and_then(|vault| vault.check());

        assert!(matches!(found, Err(VaultError::Damaged { .. })), "{one} and {other}");
    }
    fs::write(&path, &whole).unwrap();
    reopen(dir.path(), NOW, entropy).check().unwrap();
}

#[test]
fn a_database_of_another_vault_is_refused() {
    let entropy = &mut Seeded::new(3);
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(vault(one.path(), entropy));
    drop(vault(two.path(), entropy));

    fs::copy(two.path().join("node.db"), one.path().join("node.db")).unwrap();

    assert!(matches!(refused(one.path()), VaultError::Damaged { .. }));
}

#[test]
fn an_altered_page_is_found_wherever_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(10);
    let good = vault(dir.path(), entropy);
    good.check().unwrap();
    good.checkpoint().unwrap();
    drop(good);
    let path = dir.path().join("node.db");
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 100;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();

    // Some pages are read when it is opened, the others by the check.
    let bent = Vault::open(dir.path(), &passphrase(), NOW, entropy).and_then(|bent| bent.check());

    assert!(matches!(bent, Err(VaultError::Damaged { .. })));
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(4);
    let newer = vault(dir.path(), entropy);
    newer.db().pragma_update(None, "user_version", 99).unwrap();
    drop(newer);

    assert!(matches!(refused(dir.path()), VaultError::NewerSchema { found: 99, .. }));
}

#[test]
fn an_init_that_fails_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(14);
    let fresh = dir.path().join("node");
    let mut fails = |path: &Path| {
        Vault::create(path, &passphrase(), cheap(), entropy, |_, _| Err::<(), _>(VaultError::DiskFull)).err().unwrap()
    };

    assert!(matches!(fails(&fresh), VaultError::DiskFull));
    assert!(!fresh.exists());

    fs::create_dir(&fresh).unwrap();
    fs::write(fresh.join("config.toml"), "").unwrap();
    assert!(matches!(fails(&fresh), VaultError::DiskFull));
    let mut left: Vec<_> = fs::read_dir(&fresh).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["config.toml", "daemon.lock"]);
}

#[test]
fn an_init_that_did_not_end_is_no_vault_and_can_be_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(5);
    drop(vault(dir.path(), entropy));
    fs::rename(dir.path().join("vault.scv"), dir.path().join("vault.scv.early")).unwrap();
    assert!(matches!(refused(dir.path()), VaultError::Missing { .. }));

    drop(vault(dir.path(), entropy));
    drop(reopen(dir.path(), NOW, entropy));

    fs::remove_file(dir.path().join("vault.scv")).unwrap();
    let lost = keys::init(dir.path(), &passphrase(), None, cheap(), NOW, entropy).err().unwrap();
    assert!(matches!(lost, VaultError::Damaged { .. }), "a database is never thrown away for a lost key file");
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), b"").unwrap();

    let error = keys::init(&dir.path().join("file/below"), &passphrase(), None, cheap(), NOW, &mut Seeded::new(6));

    assert!(matches!(error.err().unwrap(), VaultError::Io(_) | VaultError::ReadOnly));
}

#[test]
fn a_vault_that_has_become_read_only_is_named_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(9);
    let mut frozen = vault(dir.path(), entropy);
    frozen.db().pragma_update(None, "query_only", true).unwrap();

    let error = frozen.begin().map(drop).err();
    drop(frozen);

    assert!(matches!(error, Some(VaultError::ReadOnly)), "{error:?}");
    identity(&reopen(dir.path(), NOW, entropy)).unwrap();
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(7);
    let mut full = vault(dir.path(), entropy);
    let pages: i64 = full.db().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    full.db().query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();

    let tx = full.begin().unwrap();
    let insert = "INSERT INTO registry_leaf (place, leaf, record) VALUES (0, zeroblob(1000000), x'00')";
    let error = VaultError::from(tx.execute(insert, []).unwrap_err());
    drop(tx);
    drop(full);

    assert!(matches!(error, VaultError::DiskFull));
    identity(&reopen(dir.path(), NOW, entropy)).unwrap();
}

#[test]
fn the_seed_file_is_new_bytes_at_each_change_and_the_old_file_is_zero() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(8);
    let mut vault = vault(dir.path(), entropy);
    let path = dir.path().join("prekeys.seeds");
    let before = fs::read(&path).unwrap();
    let kept_open = fs::File::open(&path).unwrap();

    vault.rewrite_seeds(entropy, |_| {}).unwrap();

    let after = fs::read(&path).unwrap();
    assert_ne!(before, after);
    let mut old = Vec::new();
    std::io::Read::read_to_end(&mut &kept_open, &mut old).unwrap();
    assert_eq!(old, vec![0; before.len()]);
}

#[test]
fn the_memory_of_a_database_is_locked_and_wiped() {
    db::locking::LOCKS.set(true);
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path(), &mut Seeded::new(8));

    // SQLCipher says so once it has done it, and a vault without it does not open.
    let done: String = vault.db().query_row("PRAGMA cipher_memory_security", [], |row| row.get(0)).unwrap();
    assert_eq!(done, "1");
}

#[test]
fn no_file_of_a_vault_shows_its_tables() {
    let dir = tempfile::tempdir().unwrap();
    let open = vault(dir.path(), &mut Seeded::new(11));

    for entry in fs::read_dir(dir.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for word in [b"SQLite format".as_slice(), b"CREATE TABLE", b"identity_seed"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word));
        }
    }
    drop(open);
}

#[test]
fn a_seed_file_that_cannot_be_written_leaves_the_seeds_in_memory_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(12);
    let mut vault = vault(dir.path(), entropy);
    let seed = || Secret::new([7; 32]);
    let [one, two] = [[1; 16], [2; 16]].map(safeconduct_protocol::id::PrekeyId::from_bytes);
    vault.rewrite_seeds(entropy, |seeds| seeds.add(one, NOW, seed())).unwrap();
    // A folder where the new file is to be written.
    fs::create_dir_all(dir.path().join("prekeys.seeds.new/full")).unwrap();

    let added = vault.rewrite_seeds(entropy, |seeds| seeds.add(two, NOW, seed()));
    let removed = vault.rewrite_seeds(entropy, |seeds| seeds.remove(&one));

    assert!(added.is_err() && removed.is_err());
    assert!(vault.seeds().secret(&one).is_some() && vault.seeds().secret(&two).is_none());
}
