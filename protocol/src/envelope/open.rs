//! Opening an envelope: the check list in its order (`docs/PROTOCOL.md` §7). Nothing here touches a disk or a network,
//! and nothing is consumed: what to erase and what to say follows from the [`Verdict`].

use super::{
    check::{self, KeyRole, Seen},
    desk::{Arrival, Desk},
    inner::Inner,
    opened::Opened,
    target::Via,
    verdict::Verdict,
};

/// Runs the checks (1) to (11) over an envelope that arrived.
#[must_use]
pub fn open(arrival: Arrival, bytes: &[u8], desk: &Desk<'_>) -> Verdict {
    run(arrival, bytes, desk).unwrap_or_else(|verdict| verdict)
}

/// Each line is one number of the list; the first that fails ends it.
fn run(arrival: Arrival, bytes: &[u8], desk: &Desk<'_>) -> Result<Verdict, Verdict> {
    let sealed = check::outer(bytes, arrival, desk)?;
    check::settled(&sealed, desk)?;
    let key = check::key(&sealed, arrival, desk)?;
    let plaintext = check::decrypt(&sealed, &key, desk)?;
    let inner = check::layout(&plaintext)?;
    check::context(inner.signed.header(), &sealed, &key, &plaintext.binding, desk)?;
    let identity = check::sender(inner.signed.header(), desk)?;
    check::signature(&inner, &identity)?;
    check::commitments(&inner, desk)?;
    let seen = check::seen(&inner, desk)?;
    let receipts = check::policy(&inner, &key.role, &identity, desk)?;

    let via = match key.role {
        KeyRole::Prekey(_) => Via::Prekey,
        KeyRole::Reply(_) => Via::ReplyKey,
    };
    let Inner { signed, salt, content, reply, checkpoint } = inner;
    let envelope = sealed.digest();
    let opened = Box::new(Opened { signed, envelope, via, identity, salt, content, reply, checkpoint, receipts });
    Ok(match seen {
        Seen::New => Verdict::Opened(opened),
        Seen::Before => Verdict::Duplicate(opened),
    })
}
