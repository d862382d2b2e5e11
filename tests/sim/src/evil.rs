//! An evil relay: the true one answers, and this does with its frames what whoever runs it could. It has no key but the relay's own
//! way to the wire, so that all of it is mended once it stops.

use std::{collections::VecDeque, time::Duration};

use safeconduct_protocol::{envelope::sealed::Sealed, frame::Frame};

use crate::{
    dice::Dice,
    pipe::{Conn, Side},
    story::Story,
};

/// What it remembers of each kind, to give to the wrong people.
const KEPT: usize = 12;

/// An evil relay's habits.
pub(crate) struct Evil {
    dice: Dice,
    /// Of a thousand frames so many are meddled with; 0 of an honest relay.
    pub(crate) per_mille: u64,
    envelopes: VecDeque<Vec<u8>>,
    receipts: VecDeque<Vec<u8>>,
    records: VecDeque<Vec<u8>>,
}

impl Evil {
    pub(crate) fn new(dice: Dice, per_mille: u64) -> Self {
        Self { dice, per_mille, envelopes: VecDeque::new(), receipts: VecDeque::new(), records: VecDeque::new() }
    }

    /// What arrives in a frame's place.
    pub(crate) fn meddles(
        &mut self,
        story: &Story,
        conn: &Conn,
        from: Side,
        mut frame: Frame,
        wire: Vec<u8>,
    ) -> Vec<(Duration, Vec<u8>)> {
        self.remember(&frame);
        let as_it_is = vec![(Duration::ZERO, wire)];
        if self.per_mille == 0 || !self.dice.in_thousand(self.per_mille) {
            return as_it_is;
        }
        let what = match from {
            Side::Node => self.hears(&frame),
            Side::Relay => self.answers_with(&mut frame),
        };
        let Some((kind, arrives)) = what else { return as_it_is };
        story.fault(kind, format!("{kind}: {} between {:?} and relay {}", frame.name(), conn.who, conn.relay));
        let Ok(wire) = frame.to_wire() else { return as_it_is };
        match arrives {
            Arrives::Never => Vec::new(),
            Arrives::Once => vec![(Duration::ZERO, wire)],
            Arrives::Twice => vec![(Duration::ZERO, wire.clone()), (self.dice.millis(0, 3_000), wire)],
            Arrives::Late => vec![(self.dice.millis(500, 20_000), wire)],
        }
    }

    fn remember(&mut self, frame: &Frame) {
        let (kept, bytes) = match frame {
            Frame::Submit { envelope, .. } | Frame::Deliver { envelope, .. } => (&mut self.envelopes, envelope),
            Frame::Submitted { receipt, .. } => (&mut self.receipts, receipt),
            Frame::PrekeyServed { record, .. } => (&mut self.records, record),
            _ => return,
        };
        kept.push_back(bytes.to_vec());
        if kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// An envelope that went by lately.
    pub(crate) fn any_envelope(&self, dice: &Dice) -> Option<Vec<u8>> {
        self.envelopes.get(dice.index(self.envelopes.len())).cloned()
    }

    /// A node's frame does not come through, or late.
    fn hears(&self, frame: &Frame) -> Option<(&'static str, Arrives)> {
        match frame {
            Frame::Submit { .. } => Some(("evil relay: submit ignored", Arrives::Never)),
            Frame::Settle { .. } => Some(("evil relay: settlement ignored", Arrives::Never)),
            Frame::SlotDrop { .. } => Some(("evil relay: slot drop ignored", Arrives::Never)),
            _ => Some(("evil relay: request delayed", Arrives::Late)),
        }
    }

    fn answers_with(&self, frame: &mut Frame) -> Option<(&'static str, Arrives)> {
        let choice = self.dice.below(5);
        match frame {
            Frame::Submitted { receipt, .. } => Some(match choice {
                0 | 1 => ("evil relay: receipt withheld", Arrives::Never),
                2 => ("evil relay: receipt forged", self.spoil(receipt)),
                3 => ("evil relay: another's receipt", self.instead(receipt, &self.receipts)),
                _ => ("evil relay: receipt delayed", Arrives::Late),
            }),
            Frame::SubmitRefused { tag, .. } if choice > 2 => {
                let (tag, receipt) = (*tag, self.receipts.back()?.clone().into());
                *frame = Frame::Submitted { tag, receipt };
                Some(("evil relay: refusal told as receipt", Arrives::Once))
            }
            Frame::Deliver { envelope, .. } => Some(match choice {
                0 => ("evil relay: delivery dropped", Arrives::Never),
                1 => ("evil relay: delivery repeated", Arrives::Twice),
                2 => ("evil relay: delivery swapped", self.another_delivery(envelope)),
                3 => ("evil relay: delivery altered", self.spoil(envelope)),
                _ => ("evil relay: delivery delayed", Arrives::Late),
            }),
            // An answer that is altered is dropped by the node, and gone then, as if the relay had dropped it for good.
            Frame::SlotItem { .. } => Some(match choice {
                0 | 1 => ("evil relay: answer dropped", Arrives::Never),
                2 | 3 => ("evil relay: answer repeated", Arrives::Twice),
                _ => ("evil relay: answer delayed", Arrives::Late),
            }),
            Frame::PrekeyServed { record, .. } => Some(match choice {
                0 => ("evil relay: prekey withheld", Arrives::Never),
                1 | 2 => ("evil relay: another's prekey, or one twice", self.instead(record, &self.records)),
                3 => ("evil relay: prekey altered", self.spoil(record)),
                _ => ("evil relay: prekey delayed", Arrives::Late),
            }),
            Frame::Welcome { .. } | Frame::Goodbye { .. } => None,
            _ => Some(("evil relay: answer delayed", Arrives::Late)),
        }
    }

    fn instead(&self, bytes: &mut serde_bytes::ByteBuf, kept: &VecDeque<Vec<u8>>) -> Arrives {
        if let Some(other) = kept.get(self.dice.index(kept.len())) {
            *bytes = other.clone().into();
        }
        Arrives::Once
    }

    /// Another envelope in its place: of the same mailbox, perhaps one that its owner has done with, or anybody's.
    fn another_delivery(&self, bytes: &mut serde_bytes::ByteBuf) -> Arrives {
        let address = |bytes: &[u8]| Sealed::try_from(bytes.to_vec()).ok().map(|sealed| sealed.mailbox());
        let own = address(bytes);
        let same: VecDeque<Vec<u8>> = self.envelopes.iter().filter(|kept| address(kept) == own).cloned().collect();
        self.instead(bytes, if self.dice.in_thousand(700) { &same } else { &self.envelopes })
    }

    fn spoil(&self, bytes: &mut serde_bytes::ByteBuf) -> Arrives {
        let at = self.dice.index(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << self.dice.below(8);
        }
        Arrives::Once
    }
}

/// How often a frame arrives, and when.
enum Arrives {
    Never,
    Once,
    Twice,
    Late,
}
