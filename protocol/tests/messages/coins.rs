//! Hedged coins: a broken or repeated generator must not make two messages share a key.

use safeconduct_protocol::{
    crypto::kem::{CannotOpen, OpenContext, SealContext, SealError},
    envelope::{
        draft::{Draft, DraftParts},
        header::ContentType,
        sealed::Sealed,
        target::Target,
    },
    id::MessageId,
    prekey::record::PrekeyKind,
    secret::Secret,
    time::Timestamp,
};

use zeroize::Zeroizing;

use crate::party::{NOW, Party, Stuck, personal};

fn parts(text: &[u8], created: Timestamp, to: &Target) -> DraftParts {
    DraftParts {
        content_type: ContentType::Referral,
        content: personal(text),
        message: MessageId::from_bytes([1; 16]),
        created,
        salt: [2; 32],
        recipients: vec![to.node()],
    }
}

/// Seals with a generator that always gives the same.
fn seal(sender: &Party, parts: DraftParts, to: &Target) -> Sealed {
    Draft::resume(parts).unwrap().sign(&sender.terms(to), &mut Stuck).unwrap().seal().unwrap()
}

/// The encapsulated key.
fn enc(sealed: &Sealed) -> &[u8] {
    &sealed.as_bytes()[64..1_184]
}

/// Traps 19 and 20.
#[test]
fn a_stuck_generator_still_gives_each_message_its_own_coins() {
    let (a, mut b) = Party::pair();
    let to = b.target(PrekeyKind::OneTime);
    let first = seal(&a, parts(b"one text", NOW, &to), &to);

    let other_text = seal(&a, parts(b"two text", NOW, &to), &to);
    let other_length = seal(&a, parts(b"one text.", NOW, &to), &to);
    let other_prekey = {
        let to = b.target(PrekeyKind::OneTime);
        seal(&a, parts(b"one text", NOW, &to), &to)
    };

    for other in [&other_text, &other_length, &other_prekey] {
        assert_ne!(enc(&first), enc(other));
    }
}

/// Traps 20 and 73.
#[test]
fn a_snapshot_of_a_queued_message_resumed_a_second_later_has_other_coins() {
    let (a, mut b) = Party::pair();
    let to = b.target(PrekeyKind::OneTime);

    let first = seal(&a, parts(b"text", NOW, &to), &to);
    let second = seal(&a, parts(b"text", NOW.after(1), &to), &to);

    assert_ne!(enc(&first), enc(&second));
}

/// Either is implemented for everything, and both for what is `Clone`: then naming the one function is ambiguous.
trait UnlessClone<Of> {
    fn there_is_one() {}
}

impl<T> UnlessClone<()> for T {}

struct Cloned;

impl<T: Clone> UnlessClone<Cloned> for T {}

/// What takes the context by value.
type Seals = fn(SealContext, &[u8], &[u8]) -> Result<Vec<u8>, SealError>;
type Opens = fn(OpenContext, &[u8], &[u8]) -> Result<Zeroizing<Vec<u8>>, CannotOpen>;

/// Trap 19. Held by the compiler: whoever seals or opens gives the context away, and there is no second one of it.
#[test]
fn trap_19_a_context_is_used_up_by_its_one_seal() {
    let _by_value: (Seals, Opens) = (SealContext::seal, OpenContext::open);
    <SealContext as UnlessClone<_>>::there_is_one();
    <OpenContext as UnlessClone<_>>::there_is_one();
}

#[test]
fn the_hedge_key_alone_changes_the_coins() {
    let (mut a, mut b) = Party::pair();
    let to = b.target(PrekeyKind::OneTime);
    let first = seal(&a, parts(b"text", NOW, &to), &to);
    a.hedge = Secret::new([0xaa; 32]);

    assert_ne!(enc(&first), enc(&seal(&a, parts(b"text", NOW, &to), &to)));
}

#[test]
fn the_same_message_with_the_same_coins_is_the_same_envelope() {
    let (a, mut b) = Party::pair();
    let to = b.target(PrekeyKind::OneTime);

    assert!(seal(&a, parts(b"text", NOW, &to), &to) == seal(&a, parts(b"text", NOW, &to), &to));
}
