//! Wrong passphrases, second daemons, taken ports, mistyped keys, torn files: each named for what it is.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::net::UdpSocket;
use std::path::Path;

use safeconduct_tests::cast::{self, AGENCIES};
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Plan, World, free_address};

fn world_and_node() -> (World, safeconduct_tests::world::Node) {
    let world = World::found(Plan::default()).unwrap();
    let node = world.enrol(AGENCIES[1]).unwrap();
    (world, node)
}

fn write(path: &Path, text: &[u8]) -> String {
    std::fs::write(path, text).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_says_so() {
    let (world, mut node) = world_and_node();
    node.stop().unwrap();
    let wrong = world.folder().join("wrong.passphrase");
    write(&wrong, b"not this one\n");
    std::fs::set_permissions(&wrong, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();

    let answer = node.run_as(&wrong, &["inbox"]).unwrap();
    let (code, said) = node.fails_to_start(&wrong).unwrap();

    assert_eq!(answer.code, Some(3), "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stdout.contains("passphrase"), "{}", answer.stdout);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("passphrase"), "{said}");
    node.start().unwrap();
}

#[test]
fn a_second_daemon_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let (_world, node) = world_and_node();

    let (code, said) = node.fails_to_start(node.passphrase_file()).unwrap();

    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("daemon"), "{said}");
    node.connected().unwrap();
}

#[test]
fn an_unknown_key_in_a_configuration_is_refused_with_the_nearest_name() {
    let (world, mut node) = world_and_node();
    node.stop().unwrap();
    node.write_config(&format!("relay = \"{}\"\nreciept_delay_max_s = 1\n", world.relay.address())).unwrap();

    let (code, said) = node.fails_to_start(node.passphrase_file()).unwrap();
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("reciept_delay_max_s") && said.contains("receipt_delay_max_s"), "{said}");

    let config = std::fs::read_to_string(world.relay.config_file()).unwrap();
    let wrong = write(&world.folder().join("wrong.toml"), config.replace("listen =", "listten =").as_bytes());
    let answer = Programs::find().unwrap().run(Program::Relay, &["check-config", "--config", &wrong]).unwrap();
    assert_eq!(answer.code, Some(2), "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stderr.contains("listten") && answer.stderr.contains("`listen`"), "{}", answer.stderr);
}

#[test]
fn a_taken_port_and_a_second_relay_are_named() {
    let mut world = World::found(Plan::default()).unwrap();
    let config = world.relay.config_file().to_string_lossy().into_owned();
    let programs = Programs::find().unwrap();

    let second = programs.run(Program::Relay, &["run", "--config", &config]).unwrap();
    assert_eq!(second.code, Some(3), "{}{}", second.stdout, second.stderr);

    world.relay.stop().unwrap();
    let taken = UdpSocket::bind(world.relay.address()).unwrap();
    let refused = programs.run(Program::Relay, &["run", "--config", &config]).unwrap();
    assert_eq!(refused.code, Some(3), "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains(&world.relay.address().port().to_string()), "{}", refused.stderr);
    drop(taken);
    world.relay.start().unwrap();
}

#[test]
fn torn_and_foreign_files_are_refused_and_what_is_held_stays() {
    let (world, mut node) = world_and_node();
    let sample = cast::sample("10").unwrap();
    let whole = std::fs::read(sample.write_into(&world.files()).unwrap()).unwrap();
    for (name, bytes) in [
        ("torn.json", &whole[..whole.len() / 2]),
        ("empty.json", b"".as_slice()),
        ("binary.json", b"\xff\xfe\x00".as_slice()),
        ("twice.json", br#"{"header":1,"header":2}"#.as_slice()),
        ("deep.json", "[".repeat(100_000).as_bytes()),
        ("huge.json", vec![b' '; 8 << 20].as_slice()),
    ] {
        let file = write(&world.files().join(name), bytes);
        let answer = node.run(&["send", &file, "--to", "xc.linden-shelter"]).unwrap();
        assert_eq!(answer.code, Some(1), "{name}: {}{}", answer.stdout, answer.stderr);
    }
    let missing = node.run(&["send", "no-such-file.json", "--to", "xc.linden-shelter"]).unwrap();
    assert_eq!(missing.code, Some(2), "{}{}", missing.stdout, missing.stderr);
    assert!(node.outbox().unwrap().is_empty());

    // The vault's key file torn: named, and nothing is written over it.
    node.stop().unwrap();
    let key_file = vault_key_file(node.data());
    let kept = std::fs::read(&key_file).unwrap();
    std::fs::write(&key_file, &kept[..kept.len() / 2]).unwrap();
    let (code, said) = node.fails_to_start(node.passphrase_file()).unwrap();
    assert!(matches!(code, Some(3 | 5)), "{code:?} {said}");
    std::fs::write(&key_file, &kept).unwrap();
    node.start().unwrap();
    node.connected().unwrap();
}

/// The small file that the passphrase opens.
fn vault_key_file(data: &Path) -> std::path::PathBuf {
    let files = safeconduct_tests::canary::files_under(data).unwrap();
    files.into_iter().find(|path| path.file_name().is_some_and(|name| name == "vault.scv")).unwrap()
}

#[test]
fn hostile_datagrams_and_local_requests_do_not_disturb_the_relay() {
    let (world, node) = world_and_node();
    let socket = UdpSocket::bind(free_address().unwrap()).unwrap();
    for length in [0_usize, 1, 20, 1200, 9000] {
        let datagram: Vec<u8> = (0..length).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
        socket.send_to(&datagram, world.relay.address()).unwrap();
    }

    assert!(world.relay.get("/health").unwrap().starts_with("HTTP/1.1 200"));
    assert!(world.relay.get("/no-such-page").unwrap().starts_with("HTTP/1.1 404"));
    let metrics = wait::until("metrics", 10, || {
        let answer = world.relay.get("/metrics").unwrap_or_default();
        Ok(if answer.starts_with("HTTP/1.1 200") { Look::Seen(answer) } else { Look::NotYet(answer) })
    })
    .unwrap();
    assert!(!metrics.contains(node.agency.id), "metrics are counters without identities");
    node.connected().unwrap();
}
