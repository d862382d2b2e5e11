//! Keys of this node that are to follow: asked for, sent, and put in force when the registry copy names them.

use safeconduct_certs::{
    enrol::{change::NewChange, paper::PaperKey, words::SafetyWords},
    link::TlsKey,
    node::{ChangedBy, NodeState},
    registry::succession::Succession,
};
use safeconduct_protocol::{
    crypto::sign::{SigningKey, VerifyingKey},
    frame::ChangeStand,
    time::{DAY_S, Timestamp},
};

use super::{Node, own_key::elsewhere};
use crate::{
    api::{
        people::Typed,
        shapes::{KeyChangeState, Keys},
    },
    error::Told,
    keys,
    log::event,
    renewal::{self, Change, OldKey, OwnKey, Stand},
    vault::VaultError,
};

/// A TLS key of this age is renewed by itself.
pub const TLS_RENEW_S: u64 = 60 * DAY_S;
/// A TLS key of this age has been in use for too long.
pub(crate) const TLS_LIFE_S: u64 = 90 * DAY_S;
/// An identity key of this age is to be renewed by a person; nothing stops when it is not.
pub const IDENTITY_RENEW_S: u64 = 365 * DAY_S;

/// Who says yes to new keys.
pub enum Yes {
    /// The identity key that is in the vault.
    IdentityKey,
    /// The succession key on paper: the identity key may be in other hands.
    Paper(PaperKey),
}

/// Whether the succession key changes too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paper {
    /// The one in the safe stays good.
    Stays,
    /// A new one is printed.
    New,
}

impl Node {
    /// `key rotate` and `key succeed`: makes the next keys and keeps them; the request goes out with the next look. While a
    /// change of keys is under way, this is that one; but the paper speaks when the identity key is not trusted any more, so that a
    /// change to which that key alone has said yes is not taken for it.
    ///
    /// # Errors
    /// `not-registered`, `paper-unknown`, `change-under-way`, or what the vault says; nothing has begun then.
    pub fn renew_keys(&mut self, yes: &Yes, paper: Paper) -> Result<Keys, Told> {
        let own = self.own_entry()?;
        let before = renewal::under_way(&self.vault)?;
        if let Yes::Paper(key) = yes
            && own.succession != Some(key.public())
        {
            return Err(paper_unknown());
        }
        if let Some(change) = before.as_ref().filter(|change| change.changes_keys() && !change.stand.is_over()) {
            return match yes {
                Yes::Paper(key) if !has_said_yes(&own, change, &key.public()) => Err(change_under_way(change.stand)),
                Yes::Paper(_) | Yes::IdentityKey => self.keys(),
            };
        }
        let identity = SigningKey::generate(&mut self.entropy).map_err(VaultError::from)?;
        let printed = match paper {
            Paper::Stays => None,
            Paper::New => Some(PaperKey::generate(&mut self.entropy).map_err(VaultError::from)?),
        };
        let succession = printed.as_ref().map_or(self.identity.succession_public, |key| *key.public().as_bytes());
        let statement = Succession { node: own.id, ik: *identity.verifying_key().as_bytes(), succession };
        let statement = match yes {
            Yes::IdentityKey => statement.sign(&self.identity.key),
            Yes::Paper(key) => statement.sign(&key.signing_key()),
        };
        let change = Change {
            identity: Some(identity),
            succession,
            statement: Some(statement),
            tls: before.is_some_and(|change| change.tls),
            request: None,
            stand: Stand::Made,
            made_at: self.now(),
        };
        renewal::begin(&mut self.vault, &change, &mut self.entropy)?;
        tracing::info!(event = event::KEYS_MADE, what = "identity");
        Ok(Keys { succession: printed.map(|key| Typed(key.reveal())), ..self.keys()? })
    }

    /// `key rotate-tls`: the same for the TLS key, which needs no person.
    ///
    /// # Errors
    /// `not-registered`, or what the vault says.
    pub fn renew_tls(&mut self) -> Result<Keys, Told> {
        self.own_entry()?;
        let before = renewal::under_way(&self.vault)?.filter(|change| !change.stand.is_over());
        let change = match before {
            Some(change) if change.tls => return self.keys(),
            // One request for both: it waits for the person that the other change needs.
            Some(change) => Change { tls: true, request: None, stand: Stand::Made, ..change },
            None => Change {
                identity: None,
                succession: self.identity.succession_public,
                statement: None,
                tls: true,
                request: None,
                stand: Stand::Made,
                made_at: self.now(),
            },
        };
        renewal::begin(&mut self.vault, &change, &mut self.entropy)?;
        tracing::info!(event = event::KEYS_MADE, what = "tls");
        self.keys()
    }

    /// `key forget`: gives up a change that is under way. The authority may have made it all the same: then this node needs its
    /// paper.
    ///
    /// # Errors
    /// `no-change`, or `change-made` when the authority has said that it is made.
    pub fn forget_change(&mut self) -> Result<Keys, Told> {
        match renewal::under_way(&self.vault)?.map(|change| change.stand) {
            None => Err(Told::refused("no-change", "no change of keys is under way", "see `safeconduct key status`")),
            Some(Stand::Done) => Err(Told::refused(
                "change-made",
                "the authority has made this change already",
                "let the daemon connect: it takes the new keys over by itself",
            )),
            Some(Stand::Made | Stand::Waiting | Stand::Refused | Stand::Rejected) => {
                renewal::give_up(&mut self.vault)?;
                self.keys()
            }
        }
    }

    /// `key status`.
    ///
    /// # Errors
    /// What the vault says.
    pub fn keys(&mut self) -> Result<Keys, Told> {
        let change = renewal::under_way(&self.vault)?.map(|change| {
            let what = [(change.changes_keys(), "identity"), (change.tls, "tls")];
            let words = renewal::next_public(&change).map(|key| SafetyWords::of(&key).as_words());
            KeyChangeState {
                what: what.into_iter().filter(|(is, _)| *is).map(|(_, what)| what.to_owned()).collect(),
                state: change.stand.as_str().to_owned(),
                since_at: change.made_at.0,
                words: words.into_iter().flatten().map(str::to_owned).collect(),
            }
        });
        Ok(Keys {
            node: self.identity.node.to_hex(),
            identity_since_at: renewal::since(&self.vault, OwnKey::Identity)?.0,
            tls_since_at: renewal::since(&self.vault, OwnKey::Tls)?.0,
            change,
            succession: None,
        })
    }

    /// The request of the change that is under way, to be put before the authority; made anew when the registration has changed
    /// since. None when there is nothing to ask.
    ///
    /// # Errors
    /// What the vault says.
    pub fn change_to_put(&mut self) -> Result<Option<Vec<u8>>, Told> {
        let Some(change) = renewal::under_way(&self.vault)?.filter(|change| !change.stand.is_over()) else {
            return Ok(None);
        };
        let Ok(own) = self.own_entry() else { return Ok(None) };
        if let Some((follows, request)) = &change.request
            && *follows == own.last_leaf
        {
            return Ok(Some(request.clone()));
        }
        let request = self.request_for(&change, &own)?;
        renewal::set_request(&self.vault, &own.last_leaf, &request)?;
        Ok(Some(request))
    }

    fn request_for(&mut self, change: &Change, own: &NodeState) -> Result<Vec<u8>, Told> {
        let damaged = VaultError::Damaged { what: "the succession key is no key" };
        let held = self.held_copy()?;
        let next = if change.tls { renewal::tls_next(self.vault.dir())? } else { None };
        let new = NewChange {
            node: own.id,
            follows: own.last_leaf,
            current: &self.identity.key,
            ik: change.identity.as_ref().unwrap_or(&self.identity.key),
            succession: VerifyingKey::try_from(change.succession).ok().ok_or(damaged)?,
            tls_spki: next.map_or(own.tls_spki, |seed| TlsKey::from_seed(seed).spki_hash()),
            home_relay: own.home_relay,
            mailbox: own.mailbox,
            statement: change.statement,
        };
        new.seal(held.registry().root().enrol_key(), &mut self.entropy).map_err(|error| {
            Told::not_ready(
                "cannot-seal",
                error.to_string(),
                "check the operating system's random source, then try again",
            )
        })
    }

    /// What the relay says of the request.
    ///
    /// # Errors
    /// What the vault says.
    pub fn change_stands(&mut self, state: ChangeStand) -> Result<(), Told> {
        Ok(renewal::told(&self.vault, state)?)
    }

    /// The registry copy is here or has grown: new keys that it names are in force.
    pub(super) fn follow_own_entry(&mut self) -> Result<(), Told> {
        let node = self.identity.node;
        let Some(held) = self.held.clone() else { return Ok(()) };
        let Some(own) = held.node(&node) else { return Ok(()) };
        if renewal::in_force_from(&self.vault)?.is_some()
            && let Some(signed) = held.registry().newest_time()
        {
            renewal::raise_epoch(&self.vault, signed)?;
            self.identity = keys::identity(&self.vault)?;
        }
        self.follow_keys(own)?;
        self.follow_tls(own)
    }

    fn follow_keys(&mut self, own: &NodeState) -> Result<(), Told> {
        let Some(change) = renewal::under_way(&self.vault)?.filter(Change::changes_keys) else { return Ok(()) };
        let next = renewal::next_public(&change).unwrap_or_else(|| self.identity.public());
        let succession = own.succession.as_ref().map(VerifyingKey::as_bytes);
        if next != own.ik || succession != Some(&change.succession) {
            return Ok(());
        }
        let by = own.former_keys.iter().find(|former| former.key == self.identity.public()).map(|former| former.by);
        let old = match by {
            None | Some(ChangedBy::IdentityKey) => OldKey::StillCounts,
            Some(ChangedBy::SuccessionKey | ChangedBy::Authority) => OldKey::CountsNoMore,
        };
        let now = self.now();
        renewal::keys_in_force(&mut self.vault, &change, old, now)?;
        self.identity = keys::identity(&self.vault)?;
        tracing::info!(event = event::KEYS_IN_FORCE, what = "identity");
        Ok(())
    }

    fn follow_tls(&mut self, own: &NodeState) -> Result<(), Told> {
        let Some(next) = renewal::tls_next(self.vault.dir())? else { return Ok(()) };
        let wanted = renewal::under_way(&self.vault)?.is_some_and(|change| change.tls);
        if TlsKey::from_seed(next).spki_hash() == own.tls_spki {
            let now = self.now();
            renewal::tls_in_force(&mut self.vault, now)?;
            self.other_tls = false;
            tracing::info!(event = event::KEYS_IN_FORCE, what = "tls");
        } else if !wanted {
            // Made for a change that was given up, or never begun.
            crate::vault::files::erase(self.vault.dir(), renewal::TLS_NEXT_FILE)?;
        }
        Ok(())
    }

    /// The relay does not know the TLS key that this node proved: the registry may name the other one already.
    ///
    /// # Errors
    /// What the disk says.
    pub fn turned_away(&mut self) -> Result<(), Told> {
        self.other_tls = !self.other_tls && renewal::tls_next(self.vault.dir())?.is_some();
        Ok(())
    }

    /// The TLS key to connect with.
    pub(super) fn tls_key(&self) -> Result<TlsKey, Told> {
        let next = if self.other_tls { renewal::tls_next(self.vault.dir())? } else { None };
        Ok(TlsKey::from_seed(match next {
            Some(next) => next,
            None => keys::tls_seed(self.vault.dir())?,
        }))
    }

    /// Renews the TLS key when it is old enough, in time before its life is over.
    pub(super) fn renew_in_time(&mut self) -> Result<(), Told> {
        let age = self.now().since(renewal::since(&self.vault, OwnKey::Tls)?);
        if age < TLS_RENEW_S || renewal::under_way(&self.vault)?.is_some() || self.own_entry().is_err() {
            return Ok(());
        }
        self.renew_tls().map(drop)
    }

    /// This node's entry, if it is active and names this node's key.
    fn own_entry(&mut self) -> Result<NodeState, Told> {
        let (node, public) = (self.identity.node, self.identity.public());
        let found = self.held()?.node(&node).filter(|own| own.is_active()).cloned();
        let own = found.ok_or_else(|| {
            Told::not_ready(
                "not-registered",
                "this node's registry copy has no active registration of it",
                "enrol it first, and let the daemon connect once",
            )
        })?;
        if own.ik == public {
            return Ok(own);
        }
        Err(self.own_key_trouble()?.as_ref().map_or_else(
            || {
                Told::not_ready(
                    "key-waits",
                    "the registry does not name this node's own key yet",
                    "leave the daemon running, and see `safeconduct status`",
                )
            },
            elsewhere,
        ))
    }

    /// Why the relay does not know a node that was put in another one's place, while it waits.
    pub(super) fn place_waits(&mut self) -> Result<Option<Timestamp>, Told> {
        let Some(from) = renewal::in_force_from(&self.vault)?.filter(|from| *from > Timestamp(0)) else {
            return Ok(None);
        };
        Ok(if self.own_entry().is_ok() { None } else { Some(from) })
    }
}

/// Whether this key has said yes to a change.
fn has_said_yes(own: &NodeState, change: &Change, key: &VerifyingKey) -> bool {
    let Some((ik, signature)) = renewal::next_public(change).zip(change.statement) else { return false };
    let statement = Succession { node: own.id, ik: *ik.as_bytes(), succession: change.succession };
    statement.is_signed_by(key, &signature)
}

fn change_under_way(stand: Stand) -> Told {
    let remedy = match stand {
        Stand::Done => {
            "let the daemon connect, so that it takes that change over; then run `safeconduct key succeed` again"
        }
        Stand::Made | Stand::Waiting | Stand::Refused | Stand::Rejected => {
            "run `safeconduct key forget`, then `safeconduct key succeed` again; if somebody else has this node's key, phone your \
             authority first"
        }
    };
    Told::refused("change-under-way", "another change of this node's keys is under way, without the paper", remedy)
}

pub(crate) fn paper_unknown() -> Told {
    Told::refused(
        "paper-unknown",
        "this is not the succession key of a registered node",
        "look whether it is the newest paper: each new one makes the one before worthless; without it, phone your authority",
    )
}
