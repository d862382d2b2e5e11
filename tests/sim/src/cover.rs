//! Attack 70: what a relay sees of cover and of a referral is the same, frame for frame.

use std::time::Duration;

use tokio::time::sleep;

use crate::{net::Who, pipe::Side, runtime, template, vaults_draw_from, watch::Seen, world::World};

const SEED: u64 = 70;
/// Longer than a message and its receipt take, with all that follows from them.
const ALL_OF_IT: Duration = Duration::from_secs(120);
/// Looks at node 0, of which every tenth or so sees that it has sent cover.
const LOOKS_MAX: u32 = 200;
/// Kinds of frames: a question for a prekey, and an envelope that is handed in (`docs/PROTOCOL.md`).
const PREKEY_FETCH: u8 = 12;
const SUBMIT: u8 = 4;
/// Covers that are compared with a referral to the same node.
const COMPARED: u32 = 2;

/// What one end of one connection said, in order: kinds of frames and their lengths.
type Said = Vec<(Who, Side, Vec<(u8, usize)>)>;

fn by_end(seen: &[Seen]) -> Said {
    let mut ends: Vec<(Who, Side)> = seen.iter().map(|one| (one.who, one.from)).collect();
    ends.sort_unstable();
    ends.dedup();
    let said = |(who, side)| {
        let frames = seen.iter().filter(|one| (one.who, one.from) == (who, side));
        (who, side, frames.map(|one| (one.kind, one.bytes)).collect())
    };
    ends.into_iter().map(said).collect()
}

/// The node that answered what node 0 sent, where it was one message.
fn recipient(seen: &[Seen]) -> Option<usize> {
    let of = |kind, who: fn(usize) -> bool| {
        let said = move |one: &&Seen| one.kind == kind && one.from == Side::Node;
        seen.iter().filter(said).filter_map(move |one| match one.who {
            Who::Node(node) if who(node) => Some(node),
            _ => None,
        })
    };
    let asked = of(PREKEY_FETCH, |_all| true).count();
    let mut answers = of(SUBMIT, |node| node != 0);
    answers.next().filter(|_| asked == 1 && answers.next().is_none())
}

#[test]
fn trap_70_cover_shows_a_relay_what_a_referral_shows() {
    template::Template::get();
    vaults_draw_from(SEED);
    runtime().block_on(async {
        let mut world = World::new(SEED, false);
        world.watch.evil(|evil| evil.per_mille = 0);
        world.nodes[0].sends_cover();
        world.nodes[0].crash(&world.net);
        world.start_node(0);
        sleep(ALL_OF_IT).await;
        world.watch.seen();
        let mut compared = 0;
        for _look in 0..LOOKS_MAX {
            sleep(ALL_OF_IT / 4).await;
            if !world.watch.has_seen() {
                continue;
            }
            // Somebody has said something: cover, for nobody was asked to send anything.
            sleep(ALL_OF_IT).await;
            let cover = world.watch.seen();
            // What is for a node that is not in this world is not fetched.
            let Some(to) = recipient(&cover) else { continue };
            world.send_plainly(0, to).await;
            sleep(ALL_OF_IT).await;
            let referral = world.watch.seen();
            if recipient(&referral).is_none() {
                // Cover has left meanwhile.
                continue;
            }
            assert_eq!(by_end(&cover), by_end(&referral), "cover to node {to}, and a referral");
            compared += 1;
            if compared == COMPARED {
                return;
            }
        }
        panic!("node 0 has sent cover {compared} times in {LOOKS_MAX} looks");
    });
}
