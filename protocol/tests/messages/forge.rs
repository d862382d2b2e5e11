//! A second, careless sealer, written from the byte tables alone: it signs and seals whatever it is told to.

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng as _;
use safeconduct_protocol::{
    crypto::{
        kem::{KemPublic, setup_sender},
        sign::{Label, SigningKey},
    },
    envelope::{
        header::{
            ContentType, Header, RegistryPoint, ReplyFlag, content_commitment, recipients_commitment, rest_commitment,
        },
        reply::ReplyBlock,
        sealed::{Outer, Sealed},
        target::Target,
    },
    id::{MessageId, PrekeyId, SlotId},
    receipt::chain::ChainHead,
};

use crate::party::{NOW, Party};

/// A message to be forged: change what the attack needs.
pub(crate) struct Forgery<'a> {
    pub(crate) signer: &'a SigningKey,
    pub(crate) header: Header,
    pub(crate) salt: [u8; 32],
    pub(crate) content: Vec<u8>,
    pub(crate) reply: Vec<u8>,
    pub(crate) note: Vec<u8>,
    /// Set into the first bytes of the padding.
    pub(crate) padding: Vec<u8>,
    /// Put into the header when it should not be the true one.
    pub(crate) binding: Option<[u8; 32]>,
    address: [u8; 16],
    key_id: PrekeyId,
    public: KemPublic,
    info: Vec<u8>,
}

impl<'a> Forgery<'a> {
    /// An honest referral by `sender` to `target`, before anything is changed.
    pub(crate) fn new(sender: &'a Party, target: &Target, content_type: ContentType, content: &[u8]) -> Self {
        let salt = [0x5a; 32];
        let header = Header {
            suite: 1,
            content_type,
            reply: ReplyFlag::Absent,
            key: target.key_flag(),
            message: MessageId::from_bytes([0x11; 16]),
            sender: sender.node,
            sender_key: sender.key().key_id(),
            recipient: target.node(),
            prekey: target.key_id(),
            created: NOW,
            chain: ChainHead { length: 0, hash: [0; 32] },
            registry: RegistryPoint { size: 0, root: [0; 32] },
            content_commitment: content_commitment(&salt, content),
            rest_commitment: rest_commitment(&[], &[]),
            binding: [0; 32],
            recipients_commitment: recipients_commitment(&salt, &[target.node()]),
        };
        Self {
            signer: &sender.identity,
            header,
            salt,
            content: content.to_vec(),
            reply: Vec::new(),
            note: Vec::new(),
            padding: Vec::new(),
            binding: None,
            address: *target.address(),
            key_id: target.key_id(),
            public: target.public().clone(),
            info: target.info(),
        }
    }

    /// Adds a reply block, and says so.
    pub(crate) fn with_reply(mut self, block: &ReplyBlock) -> Self {
        self.reply = block.as_bytes().to_vec();
        self.header.reply = ReplyFlag::Present;
        self.header.rest_commitment = rest_commitment(&self.reply, &self.note);
        self
    }

    /// Signs and seals in the smallest class; gives the envelope and the inner plaintext.
    pub(crate) fn seal(mut self) -> (Sealed, Vec<u8>) {
        let (enc, context) = setup_sender(&self.public, &self.info, &mut coins(0x77)).unwrap();
        self.header.binding = self.binding.unwrap_or_else(|| context.binding().unwrap());
        let header = self.header.to_bytes();
        let signature = self.signer.sign(Label::Message, &header);
        let mut plaintext = [header.as_slice(), signature.as_bytes(), &self.salt].concat();
        plaintext.extend_from_slice(&u32::try_from(self.content.len()).unwrap().to_be_bytes());
        plaintext.extend_from_slice(&self.content);
        plaintext.extend_from_slice(&self.reply);
        plaintext.extend_from_slice(&u16::try_from(self.note.len()).unwrap().to_be_bytes());
        plaintext.extend_from_slice(&self.note);
        let used = plaintext.len();
        plaintext.resize(16_384 - 1_184 - 16, 0);
        plaintext[used..used + self.padding.len()].copy_from_slice(&self.padding);
        let outer = Outer {
            address: self.address,
            prekey: self.key_id,
            status_slot: SlotId::from_bytes([9; 16]),
            expiry: NOW.day().after(14),
        };
        let aad = outer.to_bytes();
        let ciphertext = context.seal(&aad, &plaintext).unwrap();
        (Sealed::try_from([aad.as_slice(), enc.as_slice(), &ciphertext].concat()).unwrap(), plaintext)
    }
}

/// Seals a ready plaintext, signature and all, to another target.
pub(crate) fn reseal(plaintext: &[u8], target: &Target) -> Sealed {
    let (enc, context) = setup_sender(target.public(), &target.info(), &mut coins(0x78)).unwrap();
    let outer = Outer {
        address: *target.address(),
        prekey: target.key_id(),
        status_slot: SlotId::from_bytes([9; 16]),
        expiry: NOW.day(),
    };
    let aad = outer.to_bytes();
    let ciphertext = context.seal(&aad, plaintext).unwrap();
    Sealed::try_from([aad.as_slice(), enc.as_slice(), &ciphertext].concat()).unwrap()
}

fn coins(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}
