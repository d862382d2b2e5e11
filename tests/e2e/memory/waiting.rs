//! What is in the memory of an enrolment that waits for the authority, which may take days.

use safeconduct_certs::enrol::paper::PaperKey;
use safeconduct_tests::browser::between;
use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast;
use safeconduct_tests::error::WorldError;
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::World;

use crate::{look, passphrase_of};

/// How long it may take until it waits.
const ASKED_SECONDS: u64 = 60;

/// Neither the passphrase nor the succession key, in words or as a key, once it was shown.
pub(crate) fn an_enrolment(world: &World) {
    let agency = cast::AGENCIES[7];
    let node = world.new_node(agency).unwrap();
    let code = world.authority.invite(&agency, 7).unwrap().code;
    let log = world.logs().join("commands.log");
    let mut enrol = node.begin(&["enrol", &code]).unwrap();
    let said = wait::until("an enrolment that waits", ASKED_SECONDS, || {
        let text = std::fs::read_to_string(&log).map_err(WorldError::io("read", &log))?;
        Ok(if text.contains("Waiting for the authority") { Look::Seen(text) } else { Look::NotYet(text) })
    })
    .unwrap();
    let paper = between(&said, "shown this once:\n\n    ", "\n").unwrap();
    let key = PaperKey::parse(&paper).unwrap().signing_key();
    let secrets = [passphrase_of(&node), paper.clone(), paper.replace('-', "")];
    let canaries = Canaries::new(secrets.iter().cloned().chain([code.clone()]))
        .with_bytes([("succession key", key.seed().reveal().to_vec())]);

    if let Some(seen) = look("enrol waits", enrol.id(), &canaries) {
        assert!(seen.times(&code) > 0, "what was typed as an argument is found");
        for secret in secrets.iter().map(String::as_str).chain(["succession key"]) {
            assert_eq!(seen.times(secret), 0, "what was shown, or typed, is still in memory: {}", secret.len());
        }
    }

    enrol.kill().unwrap();
}
