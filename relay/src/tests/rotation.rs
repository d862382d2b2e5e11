//! Authorities that change their own keys.

use safeconduct_certs::{authority::root::RootFile, node::Role};
use safeconduct_protocol::{
    frame::{Frame, PublishRefusal, Tag},
    time::DAY_S,
};
use serde_bytes::ByteBuf;

use super::world::{Authority, NOW, Node, Peer, World};

async fn root_of(peer: &mut Peer) -> RootFile {
    let Frame::Root { root, .. } = peer.ask(Frame::RootFetch { tag: Tag(4) }).await else { panic!() };
    RootFile::parse(&root).unwrap()
}

fn refusal(frame: &Frame) -> PublishRefusal {
    let Frame::PublishRefused { reason, .. } = frame else { panic!("{}", frame.name()) };
    *reason
}

/// The pieces of `other`, under the root file of somebody else.
fn under(piece: Frame, other: &RootFile) -> Frame {
    let Frame::Publish { tag, from, leaves, records, head, .. } = piece else { panic!() };
    Frame::Publish { tag, root: other.as_bytes().to_vec().into(), from, leaves, records, head }
}

#[tokio::test]
async fn a_relay_takes_a_longer_root_file_with_its_entry_and_serves_it_also_after_a_restart() {
    let a = Node::new(1);
    let mut world = World::of(&[&a]).await;
    let pinned = world.authority.registry.root().clone();
    world.authority.rotate(31);
    world.authority.add(&Node::new(2));

    world.publish().await;

    let mut session = world.session(&a).await;
    let served = root_of(&mut session).await;
    assert!(served.version() == 2 && served.continues(&pinned));
    // Its operator still has the first root file.
    world.restart().await;
    let mut session = world.session(&a).await;
    assert_eq!(root_of(&mut session).await.hash(), served.hash());
    world.session(&Node::new(2)).await;
    // And with the newest in its place it starts, too; a second change goes on from there.
    std::fs::write(&world.config.root, served.as_bytes()).unwrap();
    world.restart().await;
    world.authority.rotate(60);
    world.publish().await;
    let mut session = world.session(&a).await;
    assert_eq!(root_of(&mut session).await.version(), 3);
}

#[tokio::test]
async fn a_shorter_or_forked_root_file_is_refused_and_what_a_stolen_key_signs_beyond_its_time() {
    let a = Node::new(1);
    let mut world = World::of(&[&a]).await;
    let size = world.authority.registry.size();
    let before = world.authority.registry.root().clone();
    let forked = world.authority.next_root(33);
    let stolen = Authority::new(1);
    world.authority.rotate(31);
    world.publish().await;
    let mut admin = world.admin().await;

    for other in [&before, &forked] {
        let piece = under(world.authority.piece(0, size + 1, NOW.after(1)), other);
        assert_eq!(refusal(&admin.ask(piece).await), PublishRefusal::Root, "version {}", other.version());
    }
    world.authority.add(&Node::new(2));
    let Frame::Publish { tag, root, from, leaves, records, mut head } = world.authority.piece(size + 1, size + 2, NOW)
    else {
        panic!()
    };
    let checkpoint = safeconduct_certs::log::checkpoint::Checkpoint {
        origin: before.log_name().to_owned(),
        size: size + 2,
        root: world.authority.registry.root_hash(),
    };
    head.note = checkpoint.sign(stolen.log_key()).unwrap();
    let forged = Frame::Publish { tag, root, from, leaves, records, head };
    assert_eq!(refusal(&admin.ask(forged).await), PublishRefusal::Replay);
    let mut session = world.session(&a).await;
    assert_eq!(root_of(&mut session).await.hash(), world.authority.registry.root().hash());
}

#[tokio::test]
async fn the_root_file_stands_in_the_first_piece_of_a_publication_and_must_stand_there() {
    let a = Node::new(1);
    let mut world = World::of(&[&a]).await;
    world.authority.rotate(31);
    world.authority.add(&Node::new(2));
    let size = world.authority.registry.size();
    let bare = |frame: Frame| {
        let Frame::Publish { tag, from, leaves, records, head, .. } = frame else { panic!() };
        Frame::Publish { tag, root: ByteBuf::new(), from, leaves, records, head }
    };
    let mut admin = world.admin().await;
    let first = world.authority.piece(size - 2, size - 1, NOW);
    let last = bare(world.authority.piece(size - 1, size, NOW));

    assert_eq!(refusal(&admin.ask(bare(world.authority.piece(0, size, NOW))).await), PublishRefusal::Root);
    assert!(matches!(admin.ask(first).await, Frame::Published { .. }));
    let published = admin.ask(last).await;
    assert!(matches!(published, Frame::Published { size: held, .. } if held == size), "{}", published.name());
}

#[tokio::test]
async fn a_recognised_authority_that_changes_its_keys_stays_recognised_and_its_forks_are_refused() {
    let (a, there) = (Node::new(1), Node::new(5));
    let mut world = World::of(&[&a]).await;
    let mut other = Authority::new(2);
    other.add_elsewhere(&there);
    world.authority.recognise(&other, Role::NgoShelter, NOW.after(DAY_S));
    world.publish().await;
    let (mut admin, _) = world.admin_of(&other).await;
    assert!(matches!(admin.ask(other.piece(0, 2, NOW)).await, Frame::Published { size: 2, .. }));
    let forked = other.next_root(43);
    other.rotate(41);

    let answer = admin.ask(other.piece(2, 3, NOW)).await;

    assert!(matches!(answer, Frame::Published { size: 3, .. }), "{}", answer.name());
    assert_eq!(refusal(&admin.ask(under(other.piece(0, 3, NOW), &forked)).await), PublishRefusal::Root);
    assert_eq!(
        refusal(&admin.ask(under(other.piece(0, 3, NOW), other.registry.root().first())).await),
        PublishRefusal::Root
    );
    let mut home = world.session(&a).await;
    assert!(matches!(home.receive().await, Frame::ForeignHead { head, .. } if head.size == 3));
    let authority = *other.registry.root().authority();
    let page = home.ask(Frame::ForeignFetch { tag: Tag(8), authority, from: 2 }).await;
    assert!(matches!(page, Frame::RegistryPage { ref leaves, .. } if leaves.len() == 1));
    world.restart().await;
    let mut home = world.session(&a).await;
    assert!(matches!(home.receive().await, Frame::ForeignHead { head, .. } if head.size == 3));
}
