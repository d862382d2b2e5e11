//! Objects of fixed layout, and the contents of messages.

use arbitrary::Unstructured;
use safeconduct_protocol::crypto::sign::{Label, SIGNATURE_BYTES, SigningKey};

use crate::{bound::Bound, input};

/// Fixed layouts are copied as they are read, and a content or two is taken out of them.
pub(super) const BOUND: Bound = Bound::new(8 * 1024, 6);

/// The bytes with a signature over all before the last 64, if the fuzzer wants one.
pub(super) fn signed_anew(left: &mut Unstructured<'_>, sample: &[u8], label: Label, key: &SigningKey) -> Vec<u8> {
    let wanted = left.arbitrary::<u8>().is_ok_and(|byte| byte < 224);
    let mut bytes = input::changed(left, sample);
    if wanted && let Some((signed, signature)) = bytes.split_last_chunk_mut::<SIGNATURE_BYTES>() {
        *signature = *key.sign(label, signed).as_bytes();
    }
    bytes
}

pub(super) mod contents {
    use std::sync::OnceLock;

    use safeconduct_protocol::envelope::{
        case::CaseContent,
        content::{Control, decode_receipts, encode_receipts},
        report::ReportContent,
    };

    use super::BOUND;
    use crate::{
        golden::{golden_text, named, one},
        input::{assert_is_line, bytes},
        targets::{Seeds, each_sample},
    };

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let mut all = named(golden_text!("case-content.txt"), "event");
        all.extend(named(golden_text!("case-content.txt"), "log request"));
        all.push([b"SCW1\x05".as_slice(), &[7; 32], &[1]].concat());
        all.push(one(golden_text!("report-content.txt"), "report"));
        all.push(one(golden_text!("receipt-message.txt"), "content"));
        all.push(Control::Ping([7; 16]).encode());
        all.push(Control::RestoreNotice(one(golden_text!("restore-notice.txt"), "restore notice")).encode());
        all
    }

    pub(crate) fn run(data: &[u8]) {
        let content = bytes(data, samples());
        // The room for a post is made once, so that it leaves no copies behind.
        match BOUND.hold(content.len(), || CaseContent::decode(&content)) {
            Ok(case) => assert_eq!(*case.encode().unwrap(), content),
            Err(refused) => assert_is_line(&refused.to_string()),
        }
        match BOUND.hold(content.len(), || Control::decode(&content)) {
            Ok(control) => assert_eq!(control.encode(), content),
            Err(refused) => assert_is_line(&refused.to_string()),
        }
        match BOUND.hold(content.len(), || ReportContent::decode(&content)) {
            Ok(report) => assert_eq!(report.encode().unwrap(), content),
            Err(refused) => assert_is_line(&refused.to_string()),
        }
        match BOUND.hold(content.len(), || decode_receipts(&content)) {
            Ok(receipts) => assert_eq!(encode_receipts(&receipts).unwrap(), content),
            Err(refused) => assert_is_line(&refused.to_string()),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        each_sample(samples().len(), &[])
    }
}

pub(super) mod prekeys {
    use std::sync::OnceLock;

    use safeconduct_protocol::{
        crypto::sign::Label,
        id::NodeId,
        limits::PREKEY_RECORD_BYTES,
        prekey::record::{PrekeyContext, PrekeyKind, PrekeyRecord},
    };

    use super::{BOUND, signed_anew};
    use crate::{
        golden::{golden_text, named},
        input::{assert_is_line, is_honest, sample},
        keys::{NOW, signing},
        targets::{Seeds, each_sample},
    };

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let text = golden_text!("prekey-record.txt");
        [named(text, "signed"), named(text, "one-time")].concat()
    }

    pub(crate) fn run(data: &[u8]) {
        let key = signing(1);
        let bytes = match sample(data, samples()) {
            Some((sample, mut left)) => {
                let label = if data.first() == Some(&0) { Label::PrekeySigned } else { Label::PrekeyOnce };
                signed_anew(&mut left, sample, label, &key)
            }
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        let identity = key.verifying_key();
        let context = PrekeyContext {
            node: NodeId::from_bytes([6; 32]),
            identity: &identity,
            suite_min: 1,
            now: NOW,
            epoch_seen: 0,
            used: &|_| false,
        };
        let read = BOUND.hold(bytes.len(), || PrekeyRecord::parse(&bytes));
        let record = match read {
            Ok(record) => record,
            Err(refused) => return assert_is_line(&refused.to_string()),
        };
        assert_eq!((record.as_bytes().as_slice(), bytes.len()), (bytes.as_slice(), PREKEY_RECORD_BYTES));
        match BOUND.hold(32 * 1024, || record.check(&context)) {
            Ok(checked) => {
                assert_eq!((checked.id(), checked.identity()), (record.id(), identity.key_id()));
                assert_eq!(checked.terms().node, context.node);
                let terms = *checked.terms();
                assert!(matches!(terms.kind, PrekeyKind::Signed | PrekeyKind::OneTime));
                let again = PrekeyRecord::sign(&key, terms, checked.public());
                assert_eq!(again.as_bytes()[..], bytes[..], "what is taken is what would be signed");
                let used = PrekeyContext { used: &|_| true, ..context };
                assert!(record.check(&used).is_err(), "a prekey is taken once");
            }
            Err(refused) => {
                assert!(!is_honest(data, 2, &[0]), "an honest prekey is refused");
                assert_is_line(&format!("{refused}: {} ({})", refused.remedy(), refused.code()));
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        each_sample(samples().len(), &[0])
    }
}

pub(super) mod receipts {
    use std::sync::OnceLock;

    use safeconduct_protocol::{
        crypto::sign::Label,
        receipt::{
            case::CaseEvent,
            chain::Entry,
            head::NodeHead,
            node::Delivered,
            relay::{RelayAccepted, RelayExpired},
            restore::RestoreNotice,
            settle::Settlement,
        },
    };

    use super::{BOUND, signed_anew};
    use crate::{
        golden::{golden_text, named, one, read},
        input::{is_honest, sample},
        keys::signing,
        targets::{Seeds, each_sample},
    };

    fn samples() -> &'static [(Vec<u8>, Label)] {
        static MADE: OnceLock<Vec<(Vec<u8>, Label)>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<(Vec<u8>, Label)> {
        let settlements = read(golden_text!("settlement.txt")).into_iter().filter(|golden| golden.bytes.len() == 160);
        let label = |name: &str| if name == "done" { Label::Done } else { Label::Nack };
        let mut all: Vec<_> = settlements.map(|golden| (golden.bytes.clone(), label(&golden.name))).collect();
        all.push((one(golden_text!("relay-receipts.txt"), "relay-accepted"), Label::RelayAccepted));
        all.push((one(golden_text!("relay-receipts.txt"), "relay-expired"), Label::RelayExpired));
        all.push((one(golden_text!("delivered.txt"), "delivered"), Label::ReceiptDelivered));
        all.push((one(golden_text!("node-head.txt"), "node head"), Label::EvidenceHead));
        all.push((one(golden_text!("restore-notice.txt"), "restore notice"), Label::RestoreNotice));
        all.push((one(golden_text!("case-event.txt"), "case event"), Label::ReceiptRefused));
        all.extend(named(golden_text!("pair-chain.txt"), "entry_").into_iter().map(|entry| (entry, Label::Done)));
        all
    }

    pub(crate) fn run(data: &[u8]) {
        let key = signing(1);
        let verifying = key.verifying_key();
        let bytes = match sample(data, samples()) {
            Some(((sample, label), mut left)) => signed_anew(&mut left, sample, *label, &key),
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        let length = bytes.len();
        // What is read is what was signed, byte for byte; and one signature is good for one kind of object alone.
        let mut good = 0_u8;
        macro_rules! read_as {
            ($($kind:ident),*) => {$(
                if let Ok(read) = BOUND.hold(length, || $kind::parse(&bytes)) {
                    assert_eq!(read.as_bytes().as_slice(), bytes);
                    good += u8::from(read.verify(&verifying).is_ok());
                    assert!(read.verify(&signing(2).verifying_key()).is_err(), "signed by another key");
                }
            )*};
        }
        read_as!(Settlement, RelayAccepted, RelayExpired, Delivered, NodeHead, RestoreNotice, CaseEvent);
        assert!(good <= 1, "one signature stands for two kinds of objects");
        let signed = samples().iter().filter(|(sample, _)| sample.len() > 64).count();
        assert!(good == 1 || !is_honest(data, signed, &[0]), "an honest object does not verify");
        if let Ok(entry) = BOUND.hold(length, || Entry::parse(&bytes)) {
            assert_eq!(entry.as_bytes(), bytes);
            assert!(Entry::new(entry.kind(), entry.time(), entry.body()).is_ok_and(|again| again == entry));
        }
    }

    pub(crate) fn seeds() -> Seeds {
        each_sample(samples().len(), &[0])
    }
}
