//! The session with a relay: the log, the invitations and the answers go there, requests come back. Everything in it may
//! be said again, so that after a lost connection the same session is simply held once more.

use std::{collections::BTreeSet, time::Duration};

use safeconduct_protocol::{
    crypto::hash::sha256,
    frame::{ChangeStand, Frame, Head, PublishRefusal, SESSION_VERSION, Tag, leaves_in_page},
    id::{InviteId, NodeId, RelayId},
    limits::{FRAME_BYTES_MAX, HANDSHAKE_S, HEADS_PAGE_MAX, REGISTRY_PAGE_BYTES_MAX, REQUEST_S},
    time::{Day, Timestamp},
};
use serde_bytes::ByteBuf;
use tokio::time::timeout;

use super::{
    AdminError, Office,
    book::{Invite, InviteState, Way},
    relays::RelayContact,
};
use crate::link::{Alpn, Dialer, ExpectedRelay, Link, LinkError};

/// Invitations in one frame.
const INVITES_PER_FRAME: usize = 256;
/// Bytes of a root file for which a frame has room beside a full page.
const ROOT_BESIDE_BYTES: usize = FRAME_BYTES_MAX - REGISTRY_PAGE_BYTES_MAX - 8 * 1024;
/// Requests for changes looked at in one session with a relay; the others wait for the next.
const CHANGES_AT_ONCE: usize = 4096;
/// Seconds that one relay may keep the others waiting; a long log gets more once all others are told.
const SESSION_S: u64 = 60;
/// Entries from which on a log is long.
const LONG_LOG: u64 = 2_000;
/// Entries that a slow connection takes in a second: about 40 KB.
const ENTRIES_PER_S: u64 = 16;
/// Frames that are passed over while an answer is awaited: a relay also says what concerns nodes.
const PASSED_OVER_MAX: usize = 64;

/// How a session with one relay went.
pub struct Told {
    /// Which relay.
    pub relay: RelayContact,
    /// Entries that it holds now, or why not.
    pub outcome: Result<u64, AdminError>,
}

impl Office {
    /// Holds a session with every relay that is not revoked, one after the other, and signs a timestamp of now once a relay's clock
    /// has agreed with this machine's. Only what cannot be done here is an error; what a
    /// relay does not take stands in its [`Told`].
    ///
    /// # Errors
    /// [`AdminError::NoRelay`], [`AdminError::Link`] when no socket can be had, and what the own disk says.
    ///
    /// # Cancel safety
    /// Safe: what was not told is told next time.
    pub async fn tell_relays(&mut self) -> Result<Vec<Told>, AdminError> {
        let contacts = self.relay_contacts()?;
        if contacts.is_empty() {
            return Err(AdminError::NoRelay);
        }
        (self.signed_now, self.clock_agrees) = (false, false);
        let dialer = Dialer::new()?;
        let mut all = Vec::with_capacity(contacts.len());
        for relay in contacts {
            let outcome = self.session_within(&dialer, &relay, SESSION_S).await;
            all.push(Told { relay, outcome: not_local(outcome)? });
        }
        // Where the clock alone was in the way, and another relay's agrees with ours; and where a long log takes its time: nobody else
        // waits for that any more.
        let size = self.registry.size();
        let long = SESSION_S.saturating_add(size / ENTRIES_PER_S);
        for told in &mut all {
            let apart = self.clock_agrees && matches!(told.outcome, Err(AdminError::ClocksApart { .. }));
            if apart || (size > LONG_LOG && told.outcome == Err(AdminError::Silent)) {
                told.outcome = not_local(self.session_within(&dialer, &told.relay, long).await)?;
            }
        }
        // What a later relay's nodes have asked for is news for the earlier ones.
        let size = self.registry.size();
        for told in all.iter_mut().filter(|told| told.outcome.as_ref().is_ok_and(|held| *held < size)) {
            told.outcome = not_local(self.session_within(&dialer, &told.relay, SESSION_S).await)?;
        }
        // A relay that was told before the last witness had signed is told again.
        for told in &mut all {
            let (got, quorum) = self.witnessed();
            let unwitnessed = matches!(told.outcome, Err(AdminError::Quorum { .. }));
            if unwitnessed && got.len() >= usize::from(quorum) {
                told.outcome = not_local(self.session_within(&dialer, &told.relay, SESSION_S).await)?;
            }
        }
        dialer.finish().await;
        Ok(all)
    }

    /// A session that keeps the other relays waiting for so many seconds at most.
    async fn session_within(&mut self, dialer: &Dialer, relay: &RelayContact, seconds: u64) -> Result<u64, AdminError> {
        let session = timeout(Duration::from_secs(seconds), self.session(dialer, relay));
        session.await.unwrap_or(Err(AdminError::Silent))
    }

    async fn session(&mut self, dialer: &Dialer, relay: &RelayContact) -> Result<u64, AdminError> {
        let expected = ExpectedRelay::Pinned(relay.tls_spki);
        let link = dialer.connect(&relay.address, expected, Some(&self.keys.tls), Alpn::Authority).await?;
        let mut session = Session { link, tag: 0 };
        let (mut theirs, now) = session.hello().await?;
        self.must_know(&theirs)?;
        self.compare_clocks(now)?;
        if !self.signed_now {
            self.sign_head()?;
            self.signed_now = true;
        }
        // Before anything is fetched: whatever a relay shows, a revocation is there.
        let mut published = self.publish_to(&mut session, &theirs).await;
        match &published {
            Ok(_) => theirs = self.registry.head().cloned().unwrap_or_default(),
            Err(AdminError::Quorum { .. }) => {}
            Err(error) => return Err(*error),
        }
        let before = self.registry.size();
        self.fetch_changes(&mut session, relay.id).await?;
        if self.registry.size() > before {
            published = self.publish_to(&mut session, &theirs).await;
        }
        let size = published?;
        self.settle_changes(&mut session, relay.id).await?;
        self.put_invites(&mut session, relay.id).await?;
        self.fetch_requests(&mut session, relay.id).await?;
        self.put_answers(&mut session, relay.id).await?;
        self.fetch_heads(&mut session).await?;
        session.close().await;
        Ok(size)
    }

    /// A directory that is older than what was published writes nothing more.
    fn must_know(&self, theirs: &Head) -> Result<(), AdminError> {
        let mine = self.registry.head_size();
        if theirs.size > mine { Err(AdminError::RelayAhead { theirs: theirs.size, mine }) } else { Ok(()) }
    }

    /// Sends what the relay lacks, in pieces that fit a frame; a newer timestamp too.
    pub(super) async fn publish_to(&mut self, session: &mut Session, theirs: &Head) -> Result<u64, AdminError> {
        let head = self.registry.head().cloned().unwrap_or_default();
        if *theirs == head {
            return Ok(head.size);
        }
        let (mut held, mut cosigned) = (theirs.size, None);
        for piece in self.pieces(theirs.size) {
            let (size, note) = session.put(piece).await.map_err(|error| self.unwitnessed(error))?;
            (held, cosigned) = (size, note.or(cosigned));
        }
        if let Some(note) = cosigned {
            self.take_cosignatures(&note)?;
        }
        let unwitnessed = AdminError::Refused(PublishRefusal::Witnesses);
        if held < head.size { Err(self.unwitnessed(unwitnessed)) } else { Ok(held) }
    }

    /// The log from an entry on, in pieces that fit a frame; one without entries when there is nothing new but the head. The root file
    /// is in the first piece.
    pub(super) fn pieces(&self, first: u64) -> impl Iterator<Item = impl FnOnce(Tag) -> Frame> + '_ {
        let (mut next, mut begun) = (Some(first), false);
        core::iter::from_fn(move || {
            let from = next?;
            let skipped = usize::try_from(from).unwrap_or(usize::MAX);
            let records = || self.records.iter().skip(skipped);
            let sizes = self.registry.leaves_from(from).zip(records());
            let root = bytes(if begun { &[] } else { self.root().as_bytes() });
            begun = true;
            let sizes = sizes.map(|(leaf, record)| leaf.len().saturating_add(record.len()));
            // What a long root file takes, the entries beside it leave.
            let count = match root.len().saturating_sub(ROOT_BESIDE_BYTES) {
                0 => leaves_in_page(sizes),
                more => leaves_in_page(core::iter::once(more).chain(sizes)).saturating_sub(1),
            };
            let leaves: Vec<ByteBuf> = self.registry.leaves_from(from).take(count).map(bytes).collect();
            let records = records().take(count).map(|record| bytes(record)).collect();
            let reached = from.saturating_add(u64::try_from(leaves.len()).unwrap_or(0));
            next = (reached < self.registry.size()).then_some(reached);
            let head = self.registry.head().cloned().unwrap_or_default();
            Some(move |tag| Frame::Publish { tag, root, from, leaves, records, head })
        })
    }

    /// Fetches what nodes ask for, page by page. What waits for a person goes to the end of the relay's list, so that it keeps
    /// nothing else from being seen.
    async fn fetch_changes(&mut self, session: &mut Session, relay: RelayId) -> Result<(), AdminError> {
        let mut seen = BTreeSet::new();
        loop {
            let tag = session.next_tag();
            session.send(&Frame::ChangesFetch { tag }).await?;
            let requests = session
                .answer(|frame| {
                    let Frame::Changes { tag: of, requests } = frame else { return None };
                    (of == tag).then_some(requests)
                })
                .await?;
            let before = seen.len();
            for (node, sealed) in &requests {
                if seen.insert(*node) {
                    self.take_change(relay, node, sealed)?;
                }
            }
            if seen.len() == before || seen.len() > CHANGES_AT_ONCE {
                return Ok(());
            }
            // Decided ones too, until they are settled below: the registry must be there first.
            for (node, sealed) in requests {
                let request = sha256(&[&sealed]);
                let state = ChangeStand::Waiting;
                session.put(|tag| Frame::ChangeSettle { tag, node, request, state }).await?;
            }
        }
    }

    /// Says what became of them, once the registry is there: whoever hears that a change is made finds it.
    async fn settle_changes(&mut self, session: &mut Session, relay: RelayId) -> Result<(), AdminError> {
        let decided = self.changes_to_settle(relay);
        for (node, request, state) in &decided {
            let (node, request, state) = (*node, *request, *state);
            session.put(|tag| Frame::ChangeSettle { tag, node, request, state }).await?;
        }
        self.changes_settled(&decided)
    }

    /// Asks when each node was last there.
    async fn fetch_heads(&mut self, session: &mut Session) -> Result<(), AdminError> {
        let mut after = NodeId::from_bytes([0; 32]);
        loop {
            let tag = session.next_tag();
            session.send(&Frame::HeadsFetch { tag, after }).await?;
            let heads = session
                .answer(|frame| {
                    let Frame::Heads { tag: of, heads } = frame else { return None };
                    (of == tag).then_some(heads)
                })
                .await?;
            let last = heads.iter().filter_map(|head| self.take_node_head(head)).last();
            match last.filter(|last| *last > after && heads.len() >= HEADS_PAGE_MAX) {
                Some(last) => after = last,
                None => return self.save_seen(),
            }
        }
    }

    /// A refusal for want of witnesses, with how many there are.
    fn unwitnessed(&self, error: AdminError) -> AdminError {
        if error != AdminError::Refused(PublishRefusal::Witnesses) {
            return error;
        }
        let (got, quorum) = self.witnessed();
        AdminError::Quorum { got: got.len(), quorum }
    }

    /// Opens what is open, withdraws what was withdrawn.
    async fn put_invites(&self, session: &mut Session, relay: RelayId) -> Result<(), AdminError> {
        for invites in self.invites_to_put(relay) {
            session.put(|tag| Frame::InvitePut { tag, invites }).await?;
        }
        Ok(())
    }

    /// Invitations with their last day, 0 for one that is withdrawn or that this relay has spoiled, as many in one as a frame takes.
    pub(super) fn invites_to_put(&self, relay: RelayId) -> Vec<Vec<(InviteId, Day)>> {
        let worth_saying = |invite: &Invite| match invite.state {
            InviteState::Open if invite.spoiled_by.contains(&relay) => Some((invite.id, Day(0))),
            InviteState::Open | InviteState::Requested { .. } => Some((invite.id, invite.expires)),
            InviteState::Withdrawn | InviteState::Spoiled { .. } => Some((invite.id, Day(0))),
            InviteState::Answered { .. } => None,
        };
        let all: Vec<(InviteId, Day)> = self.book.invites.iter().filter_map(worth_saying).collect();
        all.chunks(INVITES_PER_FRAME).map(<[_]>::to_vec).collect()
    }

    async fn fetch_requests(&mut self, session: &mut Session, relay: RelayId) -> Result<(), AdminError> {
        let tag = session.next_tag();
        session.send(&Frame::RequestsFetch { tag }).await?;
        let requests = session
            .answer(|frame| {
                let Frame::Requests { tag: of, requests } = frame else { return None };
                (of == tag).then_some(requests)
            })
            .await?;
        for (invite, sealed) in requests {
            self.take_request(relay, &invite, &sealed, Way::Relay)?;
        }
        Ok(())
    }

    /// Puts every answer that this relay has not got.
    async fn put_answers(&mut self, session: &mut Session, relay: RelayId) -> Result<(), AdminError> {
        let mut done = Vec::new();
        for invite in &self.book.invites {
            if let InviteState::Answered { relay: at, answer, put: false, way, .. } = &invite.state
                && *at == relay
            {
                let (invite, answer) = (invite.id, answer.0.clone());
                match session.put(|tag| Frame::EnrolAnswer { tag, invite, answer: answer.into() }).await {
                    Ok(_) => done.push(invite),
                    // The request came in a file, and so goes the answer: the relay has nothing to answer.
                    Err(AdminError::Refused(PublishRefusal::Gap)) if *way == Way::File => {}
                    Err(error) => return Err(error),
                }
            }
        }
        for id in &done {
            if let Some(InviteState::Answered { put, .. }) = self.book.find_mut(id).map(|invite| &mut invite.state) {
                *put = true;
            }
        }
        if done.is_empty() { Ok(()) } else { self.save_book() }
    }

    /// Answers that no relay has got yet.
    #[must_use]
    pub fn answers_to_put(&self) -> usize {
        let waits =
            |invite: &&Invite| matches!(invite.state, InviteState::Answered { put: false, way: Way::Relay, .. });
        self.book.invites.iter().filter(waits).count()
    }
}

/// What the own disk says ends everything; what a relay says is told beside the others.
fn not_local(outcome: Result<u64, AdminError>) -> Result<Result<u64, AdminError>, AdminError> {
    match outcome {
        Err(local @ (AdminError::Disk { .. } | AdminError::Damaged { .. } | AdminError::Clock { .. })) => Err(local),
        other => Ok(other),
    }
}

/// One connection, one request at a time.
pub(super) struct Session {
    pub(super) link: Link,
    pub(super) tag: u64,
}

impl Session {
    /// Authenticates; returns the relay's head and its clock.
    pub(super) async fn hello(&mut self) -> Result<(Head, Timestamp), AdminError> {
        self.send(&Frame::AuthorityHello { version: SESSION_VERSION }).await?;
        let welcome =
            self.answer(|frame| if let Frame::Welcome { head, now, .. } = frame { Some((head, now)) } else { None });
        timeout(Duration::from_secs(HANDSHAKE_S), welcome).await.unwrap_or(Err(AdminError::Silent))
    }

    /// Sends a request that is answered by `Published` or `Cosigned`; returns the size in it, and the cosigned note.
    async fn put(&mut self, frame: impl FnOnce(Tag) -> Frame) -> Result<(u64, Option<Vec<u8>>), AdminError> {
        let tag = self.next_tag();
        self.send(&frame(tag)).await?;
        self.answer(|frame| {
            let (of, held) = if let Frame::Published { tag, size } = frame {
                (tag, Ok((size, None)))
            } else if let Frame::Cosigned { tag, size, note } = frame {
                (tag, Ok((size, Some(note.into_vec()))))
            } else if let Frame::PublishRefused { tag, reason, .. } = frame {
                (tag, Err(AdminError::Refused(reason)))
            } else {
                return None;
            };
            (of == tag).then_some(held)
        })
        .await?
    }

    fn next_tag(&mut self) -> Tag {
        self.tag = self.tag.saturating_add(1);
        Tag(self.tag)
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), AdminError> {
        let sent = timeout(Duration::from_secs(REQUEST_S), self.link.send(frame)).await;
        Ok(sent.unwrap_or(Err(LinkError::Lost))?)
    }

    /// Waits for the frame that `wanted` takes.
    async fn answer<T>(&mut self, mut wanted: impl FnMut(Frame) -> Option<T>) -> Result<T, AdminError> {
        for _ in 0..PASSED_OVER_MAX {
            let received = timeout(Duration::from_secs(REQUEST_S), self.link.receive()).await;
            let frame = match received {
                Err(_) => return Err(AdminError::Silent),
                Ok(frame) => frame?,
            };
            if let Frame::Goodbye { reason, .. } = frame {
                return Err(AdminError::Goodbye(reason));
            }
            if let Some(value) = wanted(frame) {
                return Ok(value);
            }
        }
        Err(AdminError::Silent)
    }

    /// Says that nothing follows.
    pub(super) async fn close(self) {
        let closer = self.link.closer();
        let (mut sender, _receiver) = self.link.split();
        sender.finish().await;
        closer.close(safeconduct_protocol::frame::Goodbye::ShuttingDown);
    }
}

fn bytes(slice: &[u8]) -> ByteBuf {
    ByteBuf::from(slice)
}
