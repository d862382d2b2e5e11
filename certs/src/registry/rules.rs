//! The rules of the log that look at one entry beside what was there before (`docs/PROTOCOL.md` §9). Pure: an entry
//! that breaks one changes nothing.

use std::sync::Arc;

use safeconduct_protocol::crypto::sign::VerifyingKey;

use super::{
    alone::Alone,
    leaf::{Leaf, LeafFields, LeafKind, LeafRefused},
    replay::Registry,
    terms::{AGREEMENTS_MAX, RECOGNITIONS_MAX, Recognition, Terms},
};
use crate::{
    authority::root::RootFile,
    layout::is_zero,
    link::tls::spki_hash_of,
    node::{ChangedBy, NodeState, NodeStatus, Roles},
};

/// Bits of `suites` that have a meaning.
const SUITES_KNOWN: u32 = 0b11;

/// What an entry does, once every rule is kept.
pub(super) enum Verdict {
    /// A new node.
    Add(Checked),
    /// A change that takes effect now, and who said yes to it if the node's keys change.
    Change(Checked, ChangedBy),
    /// A change of keys by the authority alone: it waits.
    Wait(Checked),
    /// Only the status changes.
    Status(NodeStatus),
    /// The version of the root file that is in force already.
    Root,
    /// The next version of the root file comes into force.
    NextRoot(Arc<RootFile>),
    /// A higher least suite.
    MinSuite(u32),
    /// A higher least version of sessions.
    MinVersion(u16),
    /// An agreement, new or replaced.
    Agree(Terms),
    /// A recognised authority, or new terms of one.
    Recognise(Recognition),
}

/// The checked parts of an entry about a node.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) ik: VerifyingKey,
    pub(super) succession: Option<VerifyingKey>,
    pub(super) roles: Roles,
}

/// Judges one entry against the registry that it is to extend.
pub(super) fn judge(registry: &Registry, leaf: &Leaf, alone: &Alone) -> Result<Verdict, LeafRefused> {
    let fields = &leaf.fields;
    if fields.seq != registry.size() {
        return Err(LeafRefused::Sequence);
    }
    if registry.announces_root(leaf) && registry.next_root(&fields.directory).is_none() {
        return Err(LeafRefused::RootSuperseded);
    }
    alone.registrar?;
    if leaf.has_second_signature() && fields.kind != LeafKind::Change {
        return Err(LeafRefused::Succession);
    }
    match fields.kind {
        LeafKind::Add => judge_add(registry, fields, alone),
        LeafKind::Change => judge_change(registry, leaf, alone),
        LeafKind::Suspend | LeafKind::Revoke => judge_status(registry, fields),
        LeafKind::Root | LeafKind::MinSuite | LeafKind::MinVersion => judge_registry(registry, fields),
        LeafKind::Agree | LeafKind::Recognise => judge_terms(registry, fields),
    }
}

fn judge_add(registry: &Registry, fields: &LeafFields, alone: &Alone) -> Result<Verdict, LeafRefused> {
    if is_zero(fields.node.as_bytes()) {
        return Err(LeafRefused::Field);
    }
    if registry.node(&fields.node).is_some() {
        return Err(LeafRefused::NodeKnown);
    }
    if !is_zero(fields.previous.as_bytes()) {
        return Err(LeafRefused::Previous);
    }
    let checked = check_fields(registry, fields, alone)?;
    let keys = [Some(&checked.ik), checked.succession.as_ref()];
    if keys.into_iter().flatten().any(|key| registry.key_is_used(key.as_bytes())) || registry.tls_is_used(fields) {
        return Err(LeafRefused::KeyUsed);
    }
    if checked.roles.is_relay() {
        if registry.relay(fields.home_relay).is_some() {
            return Err(LeafRefused::PlaceUsed);
        }
    } else {
        check_place(registry, fields)?;
    }
    Ok(Verdict::Add(checked))
}

fn judge_change(registry: &Registry, leaf: &Leaf, alone: &Alone) -> Result<Verdict, LeafRefused> {
    let fields = &leaf.fields;
    let (state, newest) = follow(registry, fields)?;
    let checked = check_fields(registry, fields, alone)?;
    let relay_stays = checked.roles.is_relay() == state.is_relay();
    if !relay_stays || (state.is_relay() && fields.home_relay != state.home_relay) {
        return Err(LeafRefused::Scope);
    }
    // A key that is new to this node must be new to all; one that waits may be named again.
    let fresh = |new: &[u8; 32], current: Option<&[u8; 32]>, waiting: &[u8; 32]| {
        Some(new) == current || new == waiting || !registry.key_is_used(new)
    };
    let succession_now = state.succession.as_ref().map(VerifyingKey::as_bytes);
    let ik_fresh = fresh(checked.ik.as_bytes(), Some(state.ik.as_bytes()), &newest.ik);
    let succession_fresh =
        checked.succession.is_none_or(|key| fresh(key.as_bytes(), succession_now, &newest.succession));
    let tls_fresh =
        fields.tls_spki == state.tls_spki || fields.tls_spki == newest.tls_spki || !registry.tls_is_used(fields);
    if !ik_fresh || !succession_fresh || !tls_fresh {
        return Err(LeafRefused::KeyUsed);
    }
    if !state.is_relay() && (fields.mailbox != newest.mailbox || fields.home_relay != newest.home_relay) {
        let mailbox_own = fields.mailbox == state.mailbox || fields.mailbox == newest.mailbox;
        check_relay(registry, fields)?;
        if !mailbox_own && registry.mailbox_is_used(&fields.mailbox) {
            return Err(LeafRefused::PlaceUsed);
        }
    }
    let key_changes = checked.ik != state.ik || checked.succession != state.succession;
    match (key_changes, leaf.has_second_signature()) {
        (false, false) => Ok(Verdict::Change(checked, ChangedBy::IdentityKey)),
        (false, true) => Err(LeafRefused::Succession),
        (true, false) => Ok(Verdict::Wait(checked)),
        (true, true) => {
            let by = if leaf.is_succeeded_by(&state.ik) {
                ChangedBy::IdentityKey
            } else if state.succession.as_ref().is_some_and(|key| leaf.is_succeeded_by(key)) {
                ChangedBy::SuccessionKey
            } else {
                return Err(LeafRefused::Succession);
            };
            Ok(Verdict::Change(checked, by))
        }
    }
}

fn judge_status(registry: &Registry, fields: &LeafFields) -> Result<Verdict, LeafRefused> {
    let (state, newest) = follow(registry, fields)?;
    // Nothing but the status may change under cover of it.
    let same = LeafFields {
        kind: fields.kind,
        seq: fields.seq,
        previous: fields.previous,
        effective: fields.effective,
        ..newest.clone()
    };
    if same != *fields {
        return Err(LeafRefused::Scope);
    }
    match (fields.kind, state.status) {
        (LeafKind::Suspend, NodeStatus::Active) => Ok(Verdict::Status(NodeStatus::Suspended)),
        (LeafKind::Revoke, _) => Ok(Verdict::Status(NodeStatus::Revoked { effective: fields.effective })),
        _ => Err(LeafRefused::Scope),
    }
}

fn judge_registry(registry: &Registry, fields: &LeafFields) -> Result<Verdict, LeafRefused> {
    if fields.previous != registry.newest_about_registry() {
        return Err(LeafRefused::Previous);
    }
    if !is_about_nobody(fields) || !is_zero(&fields.tls_spki) {
        return Err(LeafRefused::Field);
    }
    if fields.kind == LeafKind::Root {
        if fields.suites != 0 {
            return Err(LeafRefused::Field);
        }
        if fields.directory == *registry.root_in_force().hash() {
            return Ok(Verdict::Root);
        }
        let next = registry.next_root(&fields.directory).ok_or(LeafRefused::RootSuperseded)?;
        // A node's key that became one of the authority's would be one key for two purposes.
        // What a node has merely named as its TLS key does not count, for nobody proves that he has it; and what the authority's
        // was before stays its own.
        let before = registry.root_in_force();
        let taken = |key: &[u8; 32]| !before.is_own_key(key) && registry.key_is_used(key);
        let tls = next.tls_spki();
        let tls_is_taken = registry.tls_owner(tls).is_some() || registry.is_identity_spki(tls);
        if next.own_keys().any(taken) || (tls != before.tls_spki() && tls_is_taken) {
            return Err(LeafRefused::RootForked);
        }
        return Ok(Verdict::NextRoot(Arc::clone(next)));
    }
    if !is_zero(&fields.directory) {
        return Err(LeafRefused::Field);
    }
    let suite = u16::try_from(fields.suites).ok().ok_or(LeafRefused::Field)?;
    if fields.kind == LeafKind::MinVersion {
        let higher = suite > registry.min_version();
        return if higher { Ok(Verdict::MinVersion(suite)) } else { Err(LeafRefused::MinVersion) };
    }
    if suite > registry.min_suite() { Ok(Verdict::MinSuite(fields.suites)) } else { Err(LeafRefused::MinSuite) }
}

/// Whether what names a node is zero.
fn is_about_nobody(fields: &LeafFields) -> bool {
    is_zero(fields.node.as_bytes())
        && is_zero(&fields.ik)
        && is_zero(&fields.succession)
        && is_zero(fields.mailbox.as_bytes())
        && fields.home_relay.0 == 0
        && fields.roles == 0
}

fn judge_terms(registry: &Registry, fields: &LeafFields) -> Result<Verdict, LeafRefused> {
    if fields.previous != registry.newest_about_registry() {
        return Err(LeafRefused::Previous);
    }
    let terms = fields.terms.as_ref().ok_or(LeafRefused::Field)?;
    if !is_about_nobody(fields) || fields.suites != 0 {
        return Err(LeafRefused::Field);
    }
    if fields.kind == LeafKind::Agree {
        if !terms.is_agreement() || !is_zero(&fields.tls_spki) || !is_zero(&fields.directory) {
            return Err(LeafRefused::Field);
        }
        let room = registry.agreement(terms.number).is_some() || registry.agreements().count() < AGREEMENTS_MAX;
        return if room { Ok(Verdict::Agree(terms.clone())) } else { Err(LeafRefused::TooManyTerms) };
    }
    if !terms.is_recognition() || is_zero(&fields.tls_spki) || is_zero(&fields.directory) {
        return Err(LeafRefused::Field);
    }
    let root = registry.root();
    let own = fields.directory == *root.authority() || fields.tls_spki == *root.tls_spki();
    // That a node has named it as its own TLS key does not count: nobody proves that he has one, and no node is to keep an authority
    // from being recognised. What is recognised already can be ended and renewed.
    let known = registry.recognition(&fields.directory);
    let same = known.is_some_and(|known| known.tls_spki == fields.tls_spki);
    if own || (registry.is_identity_spki(&fields.tls_spki) && !same) {
        return Err(LeafRefused::KeyForTwoPurposes);
    }
    if known.is_none() && registry.recognitions().count() >= RECOGNITIONS_MAX {
        return Err(LeafRefused::TooManyTerms);
    }
    Ok(Verdict::Recognise(Recognition {
        authority: fields.directory,
        tls_spki: fields.tls_spki,
        terms: terms.clone(),
        index: fields.seq,
    }))
}

/// The node that an entry is about, with its newest entry; the entry must follow that one.
fn follow<'r>(registry: &'r Registry, fields: &LeafFields) -> Result<(&'r NodeState, &'r LeafFields), LeafRefused> {
    let (state, newest) = registry.node_and_newest(&fields.node).ok_or(LeafRefused::NodeUnknown)?;
    if fields.previous != state.last_leaf {
        return Err(LeafRefused::Previous);
    }
    if matches!(state.status, NodeStatus::Revoked { .. }) {
        return Err(LeafRefused::Revoked);
    }
    Ok((state, newest))
}

/// What holds for an entry about a node by itself, and between its keys and everybody's.
fn check_fields(registry: &Registry, fields: &LeafFields, alone: &Alone) -> Result<Checked, LeafRefused> {
    let roles = Roles::from_bits(fields.roles).ok_or(LeafRefused::Field)?;
    if fields.suites == 0 || fields.suites & !SUITES_KNOWN != 0 {
        return Err(LeafRefused::Field);
    }
    let ik = alone.ik.map_err(LeafRefused::Key)?;
    let succession = if roles.is_relay() {
        let empty = is_zero(&fields.succession) && is_zero(fields.mailbox.as_bytes()) && fields.home_relay.0 != 0;
        if !empty {
            return Err(LeafRefused::Field);
        }
        None
    } else {
        if is_zero(fields.mailbox.as_bytes()) {
            return Err(LeafRefused::Field);
        }
        Some(alone.succession.map_err(LeafRefused::Key)?)
    };
    let root = registry.root();
    let tls_is_identity = fields.tls_spki == spki_hash_of(&fields.ik)
        || fields.tls_spki == spki_hash_of(&fields.succession)
        || registry.is_identity_spki(&fields.tls_spki)
        || fields.tls_spki == *root.tls_spki()
        || registry.is_authority_spki(&fields.tls_spki)
        || registry.is_recognised_tls(&fields.tls_spki)
        || is_zero(&fields.tls_spki);
    let is_tls =
        |spki_hash: &[u8; 32]| registry.tls_owner(spki_hash).is_some() || registry.is_recognised_tls(spki_hash);
    let identity_is_tls =
        [&fields.ik, &fields.succession].into_iter().any(|key| root.is_own_key(key) || is_tls(&spki_hash_of(key)));
    if tls_is_identity || identity_is_tls || fields.ik == fields.succession {
        return Err(LeafRefused::KeyForTwoPurposes);
    }
    Ok(Checked { ik, succession, roles })
}

fn check_place(registry: &Registry, fields: &LeafFields) -> Result<(), LeafRefused> {
    check_relay(registry, fields)?;
    if registry.mailbox_is_used(&fields.mailbox) { Err(LeafRefused::PlaceUsed) } else { Ok(()) }
}

fn check_relay(registry: &Registry, fields: &LeafFields) -> Result<(), LeafRefused> {
    let relay = registry.relay(fields.home_relay).ok_or(LeafRefused::Relay)?;
    if matches!(relay.status, NodeStatus::Revoked { .. }) { Err(LeafRefused::Relay) } else { Ok(()) }
}
