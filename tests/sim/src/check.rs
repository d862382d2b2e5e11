//! What must be true, at each step and when everything is at rest.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_client::{
    api::shapes::{Inbox, InboxLine, RefusedLine},
    daemon::verified_evidence,
};
use safeconduct_protocol::{
    id::MailboxId,
    receipt::settle::{SettleKind, Settlement},
};

use crate::{
    copies, fork,
    node_machine::NodeMachine,
    office::Registered,
    template::{MALLORY, Template},
    world::{Errand, World},
};

/// What a node keeps of what it does not believe, at most: its own bounds, both classes.
const QUARANTINE_MAX: u64 = 64 + 256;

/// What one node shows, whole. All referrals are in order, so that none of those that were sent to it is refused.
async fn inbox(world: &World, node: usize) -> Option<Vec<InboxLine>> {
    let handle = world.nodes[node].handle()?.clone();
    let Inbox { messages, refused, .. } = handle.core().call(|node| node.inbox()).await.ok()?;
    if !world.nodes[node].is_up() {
        return None;
    }
    let attacker = &Template::get().nodes[MALLORY].is.agency;
    if let Some(RefusedLine { message_id, from, code, .. }) = refused.iter().find(|line| line.from != *attacker) {
        let short = message_id.get(..8).unwrap_or_default();
        world.story.broken(format!("node {node} took message {short} of {from} to be for it, and refused it: {code}"));
    }
    Some(messages)
}

/// Where a message stands at its sender.
async fn standing(world: &World, place: usize) -> Option<String> {
    standing_of(world, &world.errands[place]).await
}

async fn standing_of(world: &World, errand: &Errand) -> Option<String> {
    let (handle, message) = (world.nodes[errand.from].handle()?.clone(), errand.message.clone());
    let status = handle.core().call(move |node| node.status(Some(&message))).await;
    if !world.nodes[errand.from].is_up() {
        return None;
    }
    match status {
        Ok(mut status) => Some(status.messages.pop()?.state),
        Err(told) if told.code == "unknown-message" => Some("unknown".to_owned()),
        Err(_) => None,
    }
}

/// A person opens a referral: it is what was sent, to the letter.
pub(crate) async fn reads(world: &mut World) {
    let node = world.dice.index(world.nodes.len());
    let Some(lines) = inbox(world, node).await else { return };
    let Some(line) = lines.get(world.dice.index(lines.len())) else { return };
    read(world, node, &line.message_id).await;
}

async fn read(world: &mut World, node: usize, message: &str) {
    let Some(handle) = world.nodes[node].handle().cloned() else { return };
    let asked = message.to_owned();
    let Ok(shown) = handle.core().call(move |node| node.show(&asked)).await else { return };
    world.story.count("read");
    if shown.from == Template::get().nodes[MALLORY].is.agency {
        let referral = shown.referral.unwrap_or_default();
        if let Some(wrong) = world.mallory.faces.shows(node, message, &referral) {
            world.story.broken(format!("node {node} shows message {} of the attacker, {wrong}", &message[..8]));
        }
        return world.story.count("read of a byzantine partner");
    }
    let Some(errand) = world.errands.iter().find(|errand| errand.message == message) else { return };
    let sent: serde_json::Value = serde_json::from_slice(&errand.bytes).unwrap_or_default();
    if shown.referral.as_ref().is_some_and(|shown| *shown != sent) {
        world.story.broken(format!("node {node} shows another referral than was sent: {}", &message[..8]));
    }
}

/// What is cheap to look at: one node's inbox, and one relay's store.
pub(crate) async fn at_each_step(world: &mut World) {
    let node = world.dice.index(world.nodes.len());
    if let Some(lines) = inbox(world, node).await {
        shows_only_what_was_sent(world, node, &lines);
    }
    if world.dice.in_thousand(300) {
        nothing_accepted_is_lost(world).await;
    }
    copies::hold(world).await;
    rolled_back_ones_halt(world);
    if !world.errands.is_empty() {
        let place = world.dice.index(world.errands.len());
        stands_as_it_is(world, place).await;
    }
    if !world.trusted.is_empty() {
        let place = world.dice.index(world.trusted.len());
        stays_delivered(world, place).await;
    }
}

/// What the attacker has signed a receipt for stays delivered, whatever else it says of it.
async fn stays_delivered(world: &mut World, place: usize) {
    let errand = &world.trusted[place];
    if errand.excused.is_some() {
        return;
    }
    let Some(state) = standing_of(world, errand).await else { return };
    let errand = &mut world.trusted[place];
    if errand.delivered_seen && state != "delivered" {
        let (from, short) = (errand.from, &errand.message[..8]);
        world
            .story
            .broken(format!("message {short} of node {from} to a byzantine node was delivered and is {state} now"));
    } else if state == "unknown" {
        world.story.broken(format!("node {} has forgotten message {}", errand.from, &errand.message[..8]));
    }
    errand.delivered_seen |= state == "delivered";
}

/// A vault of which relays keep a newer head does nothing once it has heard of that.
fn rolled_back_ones_halt(world: &World) {
    for (node, machine) in world.nodes.iter().enumerate() {
        if world.watch.goes_on(node) && machine.halted().is_none() {
            world.story.broken(format!("node {node} goes on, though its vault has gone back"));
        }
    }
}

/// Each message at most once, each from who sent it, and to whom.
fn shows_only_what_was_sent(world: &World, node: usize, lines: &[InboxLine]) {
    let mut seen = BTreeSet::new();
    let mut referrals = BTreeSet::new();
    for line in lines {
        let short = line.message_id.get(..8).unwrap_or_default();
        if !seen.insert((&line.from, &line.message_id)) || !referrals.insert((&line.from, &line.referral_id)) {
            world.story.broken(format!("node {node} shows message {short} twice"));
        }
        let is_theirs = |errand: &Errand| errand.to == node && world.nodes[errand.from].is.agency == line.from;
        if line.from == Template::get().nodes[MALLORY].is.agency && world.mallory.faces.has_told(node, &line.message_id)
        {
            continue;
        }
        let fits = world.errands.iter().any(|errand| is_theirs(errand) && errand.message == line.message_id)
            || world.perhaps.iter().any(|errand| is_theirs(errand) && errand.key == line.referral_id);
        if !fits {
            world.story.broken(format!("node {node} shows message {short} of {}, which nobody sent to it", line.from));
        }
    }
}

/// What a relay has said that it holds, and nobody is done with, it holds.
async fn nothing_accepted_is_lost(world: &World) {
    for (place, relay) in world.relays.iter().enumerate() {
        let owed: Vec<_> = world.watch.owed().into_iter().filter(|(_, accepted)| accepted.relay == place).collect();
        let today = world.time.now().day();
        let addresses = owed.iter().map(|(_, accepted)| accepted.address).collect();
        let Some(held) = relay.holds(addresses).await else { continue };
        // What was done away with while it was looked.
        let still: BTreeMap<_, _> = world.watch.owed().into_iter().collect();
        for (digest, accepted) in owed {
            // Nobody ever fetches it.
            if world.is_revoked(&accepted.address) {
                continue;
            }
            if !held.contains(&digest) && still.contains_key(&digest) && accepted.expiry >= today {
                let by = accepted.by;
                world.story.broken(format!("relay {place} has lost an envelope of {by:?} that it had accepted"));
            }
        }
    }
}

/// A sender believes nothing that is not so.
async fn stands_as_it_is(world: &mut World, place: usize) {
    let Some(state) = standing(world, place).await else { return };
    let errand = &world.errands[place];
    let (from, to, message) = (errand.from, errand.to, errand.message.clone());
    if errand.excused.is_some() {
        return;
    }
    match state.as_str() {
        "relay-accepted" if !has_the_relays_word(world, from, &message).await => {
            world.story.broken(format!("node {from} says that the relay has {}, without its word", &message[..8]));
        }
        "unknown" => world.story.broken(format!("node {from} has forgotten message {}", &message[..8])),
        "delivered" if errand.is_referral => {
            if let Some(lines) = inbox(world, to).await
                && !lines.iter().any(|line| line.message_id == message)
                && world.errands[place].excused.is_none()
            {
                world
                    .story
                    .broken(format!("node {from} has a receipt for {}, and node {to} has it not", &message[..8]));
            }
            world.errands[place].delivered_seen = true;
        }
        _ => {
            if world.errands[place].delivered_seen {
                world.story.broken(format!("message {} was delivered and is {state} now", &message[..8]));
            }
        }
    }
}

/// Whether a node keeps a relay's receipt of a message.
async fn has_the_relays_word(world: &World, node: usize, message: &str) -> bool {
    let Some(handle) = world.nodes[node].handle().cloned() else { return true };
    let message = message.to_owned();
    let kept = handle.core().call(move |node| node.receipts(&message)).await;
    kept.is_err()
        || !world.nodes[node].is_up()
        || kept.is_ok_and(|kept| kept.receipts.iter().any(|receipt| receipt.kind == "relay-accepted"))
}

/// What a node gives out as evidence of a message is believed by whoever knows the authority's root file and nothing else.
async fn evidence_convinces(world: &World, errand: &Errand) {
    let Some(handle) = world.nodes[errand.from].handle().cloned() else { return };
    let message = errand.message.clone();
    let exported = match handle.core().call(move |node| node.export(&message, false, None)).await {
        Ok(exported) => exported,
        Err(told) => {
            let (from, code) = (errand.from, &told.code);
            return world.story.broken(format!(
                "node {from} has no evidence of message {}: {code}: {}",
                &errand.message[..8],
                told.message
            ));
        }
    };
    let root = Template::get().authority.root().as_bytes();
    match verified_evidence(exported.bundle.as_bytes(), None, Some(root)) {
        Ok(_) => world.story.count("evidence verified"),
        Err(told) => {
            let (from, code) = (errand.from, &told.code);
            world.story.broken(format!(
                "evidence of message {} of node {from} is not believed: {code}: {}",
                &errand.message[..8],
                told.message
            ));
        }
    }
}

impl World {
    fn is_revoked(&self, address: &MailboxId) -> bool {
        let of =
            |(node, registered): (&NodeMachine, &Registered)| node.is.mailbox == *address && registered.is_revoked();
        self.nodes.iter().zip(&self.registered).any(of)
    }
}

/// What is not at rest yet, in words; nothing when everything is.
pub(crate) async fn open(world: &mut World) -> Vec<String> {
    let (mut open, size) = (Vec::new(), world.authority.registry.size());
    let waiting = world.watch.owed().into_iter();
    let waiting = waiting.filter(|(_, accepted)| world.watch.is_mailbox(&accepted.address));
    let waiting = waiting.filter(|(_, accepted)| !world.is_revoked(&accepted.address));
    let waiting = waiting.count();
    if waiting > 0 {
        open.push(format!("{waiting} envelopes wait in mailboxes"));
    }
    for node in 0..world.nodes.len() {
        if let Some(why) = world.nodes[node].halted() {
            open.push(format!("node {node} has halted: {why}"));
        }
        if !world.nodes[node].is_up() {
            continue;
        }
        let copy = world.copy(node).await;
        if !world.registered[node].is_revoked() && !world.is_level(node, copy).await {
            let held = copy.map_or(0, |(held, _)| held);
            open.push(format!("the registry copy of node {node} has {held} of {size} entries"));
        }
    }
    for place in 0..world.errands.len() {
        let errand = &world.errands[place];
        if errand.excused.is_some() {
            continue;
        }
        let (number, to, message) = (place, errand.to, errand.message.clone());
        let state = standing(world, place).await;
        // Its person was told, and phones: its recipient is revoked, or four prekeys one after the other were of before the recipient's
        // machine was put back.
        let may_fail = world.registered[to].is_revoked() || world.nodes[to].has_gone_back();
        if may_fail && state.as_deref() == Some("failed") {
            continue;
        }
        if state.as_deref() != Some("delivered") {
            open.push(format!("message {} (errand {number}) is {}", &message[..8], state.unwrap_or_default()));
        } else if world.errands[place].is_referral
            && !inbox(world, to).await.is_some_and(|lines| lines.iter().any(|line| line.message_id == message))
        {
            open.push(format!("message {} is not shown", &message[..8]));
        }
    }
    open
}

/// When everything is at rest: exactly once, whole, provable, and nothing personal at a relay.
pub(crate) async fn at_the_end(world: &mut World) {
    nothing_accepted_is_lost(world).await;
    copies::hold(world).await;
    for node in 0..world.nodes.len() {
        let Some(lines) = inbox(world, node).await else {
            world.story.broken(format!("the inbox of node {node} cannot be read"));
            continue;
        };
        shows_only_what_was_sent(world, node, &lines);
        for line in lines {
            read(world, node, &line.message_id).await;
        }
    }
    for place in 0..world.errands.len() {
        stands_as_it_is(world, place).await;
        let is_delivered = standing(world, place).await.as_deref() == Some("delivered");
        if is_delivered && world.errands[place].is_referral && world.errands[place].excused.is_none() {
            evidence_convinces(world, &world.errands[place]).await;
        }
    }
    for place in 0..world.trusted.len() {
        stays_delivered(world, place).await;
        let errand = &world.trusted[place];
        if errand.delivered_seen && errand.excused.is_none() {
            world.story.count("delivered to a byzantine partner");
            evidence_convinces(world, errand).await;
        }
    }
    all_evidence_holds(world).await;
    fork::is_proven(world).await;
    crate::canary::search(world);
}

/// What a node has settled comes once more, after it was started anew: it says the same.
async fn settles_alike(world: &World, node: usize) {
    let Some(handle) = world.nodes[node].handle().cloned() else { return };
    for (envelope, before) in world.watch.settled_by(node) {
        let said = handle.core().call(move |node| node.receive(&envelope)).await;
        let Some(said) = said.ok().flatten().and_then(|said| Settlement::parse(&said).ok()) else { continue };
        world.story.count("delivered again at the end");
        if matches!(said.kind(), SettleKind::Done) != matches!(before, SettleKind::Done) {
            world.story.broken(format!("node {node} says another thing of an envelope that comes again"));
        }
    }
}

/// Each vault is opened anew, which verifies every entry of every pair chain and the head over all; and nobody has been shown two
/// histories by anybody whose vault did not go back behind its user's back.
async fn all_evidence_holds(world: &mut World) {
    for node in 0..world.nodes.len() {
        world.nodes[node].crash(&world.net);
        world.start_node(node);
        let Some(handle) = world.nodes[node].handle().cloned() else { continue };
        settles_alike(world, node).await;
        let Ok(up) = handle.core().call(|node| node.check_up()).await else {
            world.story.broken(format!("node {node} cannot be looked at"));
            continue;
        };
        let attacker = &Template::get().nodes[MALLORY].is.agency;
        let forked = up.alarm_lines().into_iter().filter(|alarm| alarm.contains("second machine"));
        let (true_ones, false_ones): (Vec<_>, Vec<_>) = forked.partition(|alarm| alarm.contains(attacker.as_str()));
        if let Some(alarm) = false_ones.first().filter(|_| !world.profile.goes_back()) {
            world.story.broken(format!("node {node} is alarmed for nothing: {alarm}"));
        }
        let lines = inbox(world, node).await.unwrap_or_default();
        let theirs = lines.iter().filter(|line| line.from == *attacker).map(|line| line.message_id.as_str());
        if world.mallory.faces.shows_two_chains(node, &theirs.collect::<Vec<_>>()) && !world.profile.goes_back() {
            world.story.count("two chains of one partner alarmed of");
            if true_ones.is_empty() {
                world.story.broken(format!("node {node} was shown two chains of one length, and is not alarmed"));
            }
        }
        if up.quarantined > QUARANTINE_MAX {
            world.story.broken(format!("node {node} keeps {} envelopes that it does not believe", up.quarantined));
        }
    }
}
