//! Nothing that is personal, and no agency's name, is in any file of a relay.

use std::{fs, path::Path};

use crate::world::World;

/// It stands in each referral's text and in each agency's name.
const CANARY: &[u8] = b"canary";

/// Looks through the folders of all relays, of all their lives.
pub(crate) fn search(world: &World) {
    for entry in fs::read_dir(world.scratch.path()).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("relay-") {
            search_in(world, &entry.path());
        }
    }
}

fn search_in(world: &World, path: &Path) {
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            search_in(world, &entry.path());
        }
        return;
    }
    let bytes = fs::read(path).unwrap_or_default();
    world.story.add("relay bytes searched", bytes.len() as u64);
    if memchr::memmem::find(&bytes, CANARY).is_some() {
        world.story.broken(format!("what is personal stands in {}", path.file_name().unwrap_or_default().display()));
    }
}
