//! Golden bytes of what two agencies tell each other about a referral, and of a report on its way.

use std::error::Error;

use safeconduct_protocol::{
    envelope::{
        case::{CaseContent, Details, LogPlace, Whose},
        header::RegistryPoint,
        report::ReportContent,
    },
    id::{MessageId, NodeId},
    receipt::case::{CaseAct, CaseEvent, CaseFields, Revision, Seen, details_commitment},
};

use crate::{
    objects::{NOW, identity},
    table::{File, Table},
};

/// All files of this module.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    Ok(vec![event()?, content()?, report()?])
}

/// Declined, because there is no room, with details.
fn declined() -> Result<(CaseEvent, Details), Box<dyn Error>> {
    let details = Details { salt: [0x15; 32], bytes: br#"{"earliest_capacity":"2027-02-01"}"#.to_vec().into() };
    let says = CaseFields {
        act: CaseAct::Declined,
        code: 1,
        level: None,
        by_node: false,
        confirmed: false,
        referral: [0x11; 16],
        epoch: 1,
        number: 1,
        previous: [0x12; 32],
        seen: Some(Seen { epoch: 2, number: 0, hash: [0x13; 32] }),
        at: NOW,
        signer: NodeId::from_bytes([0x06; 32]),
        other: NodeId::from_bytes([0x0b; 32]),
        about: Revision {
            message: MessageId::from_bytes([0x0c; 16]),
            header_hash: [0x0d; 32],
            content_commitment: [0x0e; 32],
        },
        person: Some([0x14; 16]),
        successor: None,
        details: Some(details_commitment(&details.salt, &details.bytes)?),
        registry: RegistryPoint { size: 9, root: [0x0f; 32] },
    };
    Ok((CaseEvent::sign(&identity(), &says)?, details))
}

fn event() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Case event (docs/PROTOCOL.md §8)",
        &["Identity key seed: 32 bytes 01. Declined for want of room: label receipt-refused."],
    );
    let (event, details) = declined()?;
    let fields = [
        ("magic", 4),
        ("act", 1),
        ("code", 1),
        ("level", 1),
        ("flags", 1),
        ("referral id", 16),
        ("epoch", 8),
        ("number", 4),
        ("number seen, plus 1", 4),
        ("previous own event", 32),
        ("event seen", 32),
        ("at", 8),
        ("signer's node id", 32),
        ("signer's key id", 32),
        ("other's node id", 32),
        ("message id", 16),
        ("header hash", 32),
        ("content commitment", 32),
        ("pseudonym", 16),
        ("successor", 16),
        ("details commitment", 32),
        ("registry size", 8),
        ("registry root", 32),
        ("epoch seen", 8),
        ("zero", 16),
        ("signature over 0..416", 64),
    ];
    table.value("salt of the details", &details.salt)?;
    table.value("details", &details.bytes)?;
    table.object("case event", event.as_bytes(), &fields)?;
    table.value("H(case-event, event)", &event.hash())?;
    Ok(table.file("case-event.txt"))
}

fn content() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("Content of type 5 (docs/PROTOCOL.md §7)", &["The event is that of case-event.txt."]);
    let (event, details) = declined()?;
    let fields = [("magic", 4), ("kind: event", 1), ("case event", 480), ("salt", 32), ("length", 4), ("details", 34)];
    let said = CaseContent::Event(Box::new(event), Some(details)).encode()?;
    table.object("event", &said, &fields)?;
    let asked = vec![LogPlace { whose: Whose::Theirs, epoch: 1, number: 1 }];
    let asked = CaseContent::LogRequest([0x11; 16], asked).encode()?;
    let fields = [
        ("magic", 4),
        ("kind: log request", 1),
        ("referral id", 16),
        ("count", 1),
        ("whose", 1),
        ("epoch", 8),
        ("number", 4),
    ];
    table.object("log request", &asked, &fields)?;
    Ok(table.file("case-content.txt"))
}

fn report() -> Result<File, Box<dyn Error>> {
    let notes = ["A report of no table (section 13)."];
    let mut table = Table::new("Content of type 6 (docs/PROTOCOL.md §7)", &notes);
    let text = concat!(
        r#"{"schema":"safeconduct.report/1","agency":"xa.harbour-house","country":"XA","period":"2026-Q3","profile":"XA@3","#,
        r#""k":10,"base":5,"tables":[],"medians":[],"not_counted":[]}"#
    );
    let content = ReportContent { report: text.as_bytes() }.encode()?;
    let fields = [("magic", 4), ("edition: 1", 4), ("length", 4), ("report", text.len())];
    table.object("report", &content, &fields)?;
    Ok(table.file("report-content.txt"))
}
