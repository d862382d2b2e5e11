use super::*;
use crate::testing::{self, NOW, Seeded, cheap};

const SECRET: &str = "violet tram at noon";

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

struct Setting {
    _dir: tempfile::TempDir,
    vault: Vault,
    entropy: Seeded,
}

impl Setting {
    fn new(seed: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut entropy = Seeded::new(seed);
        let vault = testing::vault(dir.path(), &mut entropy);
        Self { _dir: dir, vault, entropy }
    }

    fn add(&mut self, name: &str, roles: &[LocalRole]) -> Result<Officer, PeopleError> {
        let new = NewOfficer { name, roles: Roles::of(roles), secret: &secret(SECRET) };
        add(&mut self.vault, &new, NOW, cheap(), &mut self.entropy)
    }

    fn code(&mut self, name: &str, roles: &[LocalRole]) -> &'static str {
        self.add(name, roles).err().unwrap().code()
    }
}

const ADMIN: &[LocalRole] = &[LocalRole::Admin, LocalRole::Caseworker];
const WORKS: &[LocalRole] = &[LocalRole::Caseworker];

#[test]
fn while_nobody_is_recorded_whoever_opens_the_vault_has_every_role_and_one_pseudonym() {
    let mut setting = Setting::new(1);

    let (once, again) = (acting(&setting.vault, None).ok().unwrap(), acting(&setting.vault, None).ok().unwrap());

    assert!(once.is_alone() && once.roles() == Roles::ALL && once.pseudonym() == again.pseudonym());
    assert_ne!(once.pseudonym(), Pseudonym::new([0; 16]));
    assert_eq!(acting(&setting.vault, Some("Anna")).err().unwrap().code(), "person-unknown");
    let other = acting(&Setting::new(2).vault, None).ok().unwrap();
    assert_ne!(other.pseudonym(), once.pseudonym(), "each vault's own");
    assert_eq!(
        check_secret(&mut setting.vault, &once, &secret(SECRET), NOW).err().unwrap().code(),
        "second-person-missing"
    );
}

#[test]
fn who_acts_is_who_is_named_or_who_alone_is_recorded() {
    let mut setting = Setting::new(3);
    let anna = setting.add("Anna Ćirić", ADMIN).ok().unwrap();

    assert!(acting(&setting.vault, None).ok().unwrap() == anna);
    let boris = setting.add(" Boris ", WORKS).ok().unwrap();

    assert_eq!(acting(&setting.vault, None).err().unwrap().code(), "person-missing");
    assert!(acting(&setting.vault, Some("Boris")).ok().unwrap() == boris);
    assert!(acting(&setting.vault, Some(&boris.pseudonym().to_hex())).ok().unwrap() == boris);
    // The same letters, written with combining marks.
    assert!(acting(&setting.vault, Some("Anna C\u{301}iric\u{301}")).ok().unwrap() == anna);
    end(&mut setting.vault, &boris, NOW).unwrap();
    assert_eq!(acting(&setting.vault, Some("Boris")).err().unwrap().code(), "person-unknown");
    assert_eq!(acting(&setting.vault, Some(&boris.pseudonym().to_hex())).err().unwrap().code(), "person-unknown");
    assert!(list(&setting.vault, true).ok().unwrap().len() == 2);
    // Somebody of the same name who comes later is somebody else.
    assert!(setting.add("Boris", WORKS).ok().unwrap().pseudonym() != boris.pseudonym());
}

#[test]
fn a_person_without_a_usable_name_a_role_or_a_secret_is_not_recorded() {
    let mut setting = Setting::new(4);

    assert_eq!(setting.code("Anna", WORKS), "admin-missing", "the first one records the others");
    setting.add("Anna", ADMIN).ok().unwrap();
    for name in ["", " ", "a\u{202e}b", "a\u{7}", &"x".repeat(121), &"0a".repeat(16)] {
        assert_eq!(setting.code(name, WORKS), "name-unusable", "{name}");
    }
    assert_eq!(setting.code("Anna", WORKS), "name-taken");
    assert_eq!(setting.code("Boris", &[]), "role-missing");
    let short = NewOfficer { name: "Boris", roles: Roles::of(WORKS), secret: &secret("1234567") };
    let refused = add(&mut setting.vault, &short, NOW, cheap(), &mut setting.entropy);
    assert_eq!(refused.err().unwrap().code(), "secret-short");
    assert_eq!(list(&setting.vault, true).ok().unwrap().len(), 1);
}

#[test]
fn somebody_who_says_who_works_here_is_always_left() {
    let mut setting = Setting::new(5);
    let anna = setting.add("Anna", ADMIN).ok().unwrap();
    let boris = setting.add("Boris", WORKS).ok().unwrap();

    assert_eq!(end(&mut setting.vault, &anna, NOW).err().unwrap().code(), "admin-missing");
    end(&mut setting.vault, &boris, NOW).unwrap();
    // The last one may go: then it is as if nobody had ever been recorded.
    end(&mut setting.vault, &anna, NOW).unwrap();
    assert!(acting(&setting.vault, None).ok().unwrap().is_alone());
}

#[test]
fn so_many_people_fit_and_no_more() {
    let mut setting = Setting::new(6);
    setting.add("Anna", ADMIN).ok().unwrap();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO officer (pseudonym, name, roles, secret, since) SELECT randomblob(16), 'n' || i, 1, x'00', 0 FROM n";
    setting.vault.db().execute(fill, [i64::try_from(PEOPLE_MAX).unwrap() - 1]).unwrap();

    assert!(setting.add("Boris", WORKS).is_ok());
    assert_eq!(setting.code("Clara", WORKS), "people-many");
}

#[test]
fn a_secret_is_tried_five_times_and_then_not_for_a_quarter_of_an_hour() {
    let mut setting = Setting::new(7);
    let anna = setting.add("Anna", ADMIN).ok().unwrap();
    let check = |setting: &mut Setting, text: &str, at| {
        check_secret(&mut setting.vault, &anna, &secret(text), at).map_err(|error| error.code())
    };

    assert_eq!(check(&mut setting, SECRET, NOW), Ok(()));
    for _ in 0..4 {
        assert_eq!(check(&mut setting, "another secret", NOW), Err("secret-wrong"));
    }
    assert_eq!(check(&mut setting, SECRET, NOW), Ok(()), "the fifth try");
    for _ in 0..5 {
        assert_eq!(check(&mut setting, "another secret", NOW), Err("secret-wrong"));
    }
    assert_eq!(check(&mut setting, SECRET, NOW.after(HELD_S - 1)), Err("secret-held"));
    assert_eq!(check(&mut setting, "another secret", NOW.after(HELD_S)), Err("secret-wrong"));
    assert_eq!(check(&mut setting, SECRET, NOW.after(HELD_S + 1)), Err("secret-held"), "each wrong one holds it again");
    let new = secret("a new one altogether");
    set_secret(&mut setting.vault, &anna, &new, cheap(), &mut setting.entropy).unwrap();
    assert_eq!(check(&mut setting, &new, NOW.after(HELD_S + 1)), Ok(()));
    assert_eq!(check(&mut setting, SECRET, NOW.after(HELD_S + 1)), Err("secret-wrong"));
}

#[test]
fn neither_name_nor_secret_can_be_read_outside_the_vault_and_one_secret_opens_for_one_person() {
    let mut setting = Setting::new(8);
    let anna = setting.add("Anna Canary-Zjw", ADMIN).ok().unwrap();
    let boris = setting.add("Boris", WORKS).ok().unwrap();
    setting.vault.checkpoint().unwrap();

    for entry in std::fs::read_dir(setting.vault.dir()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for canary in ["Canary-Zjw", SECRET] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()));
        }
    }
    // A row that is put in the place of another person's opens nothing.
    let swap = "UPDATE officer SET secret = (SELECT secret FROM officer WHERE pseudonym = ?1) WHERE pseudonym = ?2";
    setting.vault.db().execute(swap, [boris.pseudonym().as_bytes(), anna.pseudonym().as_bytes()]).unwrap();
    assert!(check_secret(&mut setting.vault, &anna, &secret(SECRET), NOW).is_err());
}

#[test]
fn who_works_here_must_not_go_back_by_itself() {
    let mut setting = Setting::new(9);
    let head = |vault: &Vault| -> Vec<u8> {
        vault.db().query_row("SELECT lines FROM node_head", [], |row| row.get(0)).unwrap()
    };
    let own = crate::keys::identity(&setting.vault).unwrap().node;
    let before = head(&setting.vault);
    let anna = setting.add("Anna", ADMIN).ok().unwrap();
    let recorded = head(&setting.vault);
    set_secret(&mut setting.vault, &anna, &secret("a new one altogether"), cheap(), &mut setting.entropy).unwrap();
    let renewed = head(&setting.vault);
    end(&mut setting.vault, &anna, NOW).unwrap();

    let all = [before, recorded, renewed, head(&setting.vault)];
    assert!(all.iter().enumerate().all(|(place, head)| !all[..place].contains(head)), "each changes the node head");
    crate::recovery::head::check(&setting.vault, &own).unwrap();
    // Somebody who is put back behind the node's back does not fit it.
    setting.vault.db().execute_batch("DROP TRIGGER node_head_officer; UPDATE officer SET until = NULL").unwrap();
    assert!(crate::recovery::head::check(&setting.vault, &own).is_err());
}
