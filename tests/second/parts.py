"""What bundles of both kinds are made of: logs, entries, messages, receipts (docs/PROTOCOL.md section 11), and the report."""

import datetime

import c2sp
import earlier
import events
import objects
from ed25519 import Refused

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FINGERPRINT_CHARACTERS = 25
LAST_DAY = 2932896
DAY_S = 86400
KINDS = {1: "a referral", 2: "a receipt", 3: "a control message", 4: "cover", 5: "a word about a referral", 6: "a report of a period"}
OTHER_AUTHORITY = "the root file's fingerprint"


class Invalid(Exception):
    """The part that does not hold."""

class Proof:
    """The lines of a report, in order."""

    def __init__(self):
        self.lines = []

    def add(self, what, proven, detail="", event=None):
        """One statement, and the event that it shows."""
        text = "%s: %s" % (what, detail) if detail else what
        self.lines.append((proven, "%s [%s]" % (text, event) if event else text))

    def report(self):
        """What is proven before what is not, as `safeconduct evidence verify` writes it."""
        proven = ["proven      " + text for proven, text in self.lines if proven]
        return proven + ["not proven  " + text for proven, text in self.lines if not proven]


class Of:
    """A report in which every line says what it is about."""

    def __init__(self, proof, about):
        self.proof, self.about = proof, about

    def add(self, what, proven, detail="", event=None):
        """One statement, and the event that it shows."""
        self.proof.add(what, proven, "%s, %s" % (self.about, detail) if detail else self.about, event)


class Known:
    """What the reader knows: nothing, a fingerprint, or a root file."""

    def __init__(self, fingerprint=None, root=None):
        self.fingerprint, self.root = fingerprint, root

    def is_said(self):
        """Whether anything is known."""
        return self.fingerprint is not None or self.root is not None

    def fits(self, root):
        """Whether this root file is of the authority that is known."""
        if self.root is not None:
            return self.root.continues(root) or root.continues(self.root)
        return self.fingerprint is not None and root.has_fingerprint(self.fingerprint)


class Log:
    """A signed head, and the version of the root file under which it is signed."""

    def __init__(self, root, note, part):
        self.root = root
        for version in reversed(root.versions):
            try:
                self.checkpoint, self.cosigned = c2sp.open_checkpoint(note, version)
                self.under, self.time = version, None
                return
            except Refused:
                continue
        raise Invalid(part)

    def describe(self):
        """Whose head it is, and of how many entries."""
        under, text = self.under, ""
        if under is not self.root.newest:
            text = "; under version %d of its root file, since replaced: ask for a newer export" % under.version
        needed = "%d of %d witnesses needed" % (under.witness_quorum, len(under.witnesses))
        return "%s with %d entries, %s%s" % (self.checkpoint.origin, self.checkpoint.size, needed, text)

    def entry(self, entry, part):
        """The leaf of an entry that stands in the log."""
        return entry_in(self.root, self.under, self.checkpoint, entry, part)

    def head(self, sender):
        """As what bounds a message of this sender."""
        return earlier.Head(self.checkpoint, self.cosigned, (self.under, self.root.newest), self.time, sender)


def entry_in(root, under, checkpoint, entry, part):
    """The leaf of an entry that stands in the log of a checkpoint under this version of the root file."""
    try:
        leaf = objects.Leaf(entry.leaf)
        until_then = [version for version in root.versions if version.version <= under.version]
        if not any(leaf.is_signed_by(version.registrar) for version in until_then):
            raise Refused("not signed by a registrar")
        c2sp.verify_inclusion(entry.index, checkpoint.size, entry.leaf, entry.proof, checkpoint.root)
        objects.ed25519.public_key(leaf.ik)
        if leaf.seq != entry.index:
            raise Refused("another place")
    except Refused:
        raise Invalid(part) from None
    return leaf


def earlier_heads(heads, log, senders, recipients):
    """The heads that senders acted on, each with what stood in it."""
    notes = earlier.Notes()
    return [earlier.opened(one, notes, log, (senders, recipients), entry_in, Invalid) for one in heads]


def logs(bundle, known):
    """The report begun, the sender's log, and the recipient's when it is another one; raises Invalid with what does not hold."""
    proof = Proof()
    root = root_file(bundle.root, "the root file")
    abroad = None
    if bundle.abroad is not None:
        their_root = root_file(bundle.abroad.root, "the recipient's root file")
        abroad = Log(their_root, bundle.abroad.checkpoint, "the recipient's checkpoint")
        if their_root.authority == root.authority:
            raise Invalid("the recipient's root file")
    if known.is_said() and not known.fits(root) and not (abroad and known.fits(abroad.root)):
        raise Invalid(OTHER_AUTHORITY)
    authority(proof, "the authority is the one that you know", root, known)
    log = Log(root, bundle.checkpoint, "the checkpoint")
    proof.add("the authority signed the registry", True, log.describe())
    timestamp(proof, bundle, log)
    if abroad:
        authority(proof, "the recipient's authority is the one that you know", abroad.root, known)
        proof.add("the recipient's authority signed its registry", True, abroad.describe())
    return proof, log, abroad


def root_file(raw, part):
    """The root file of these bytes."""
    try:
        return objects.RootFile(raw)
    except Refused:
        raise Invalid(part) from None


def authority(proof, what, root, known):
    """Whether the reader knows it; else the fingerprint is left for comparing."""
    fits = known.fits(root)
    compare = "" if fits else ": compare it by telephone"
    proof.add(what, fits, "fingerprint %s%s" % (fingerprint_text(root.newest.hash), compare))


def timestamp(proof, bundle, log):
    """When the registry stood so."""
    what = "the registry stood so at a signed time"
    if bundle.timestamp is None:
        proof.add(what, False, "the bundle holds no timestamp")
        return
    head = log.checkpoint
    try:
        stated = objects.LogTime(bundle.timestamp, log.under.timestamp_key)
        if stated.size > head.size or (stated.size == head.size and stated.root != head.root):
            raise Refused("of another head")
    except Refused:
        raise Invalid("the timestamp") from None
    if stated.size < head.size:
        of = "the timestamp of %s is about its first %d entries" % (instant(stated.time), stated.size)
        proof.add(what, False, of)
    else:
        log.time = stated.time
        proof.add(what, True, instant(stated.time))


def message(proof, bundle, log, senders, recipients, heads):
    """The header with its signature, the file's newest head, and which of these heads the message names."""
    if len(bundle.header) != 352:
        raise Invalid("the header")
    if len(bundle.signature) != 64:
        raise Invalid("the sender's signature")
    try:
        header = objects.Header(bundle.header)
    except Refused:
        raise Invalid("the header") from None
    signer = (header.sender, header.sender_key)
    sender = next((leaf for leaf in senders if (leaf.node, objects.key_id(leaf.ik)) == signer), None)
    if sender is None:
        raise Invalid("the sender's entry")
    if all(header.recipient != leaf.node for leaf in recipients):
        raise Invalid("the recipient's entry")
    signed(sender.ik, "message", bundle.header, bundle.signature, "the sender's signature")
    what = "the sender's node signed this message for this recipient"
    proof.add(what, True, sent(header, sender, log), events.SIGNED)
    named = earlier.Named(header, log, heads)
    earlier.before(proof, header, log.head(sender), named, instant)
    return header, log.head(sender), named


def sent(header, sender, log):
    """Who sent what to whom, when, and where the key stands."""
    since = {objects.Leaf.REVOKE: "revoked", objects.Leaf.SUSPEND: "suspended"}.get(sender.kind)
    standing = "; its registration was %s later or before: compare the times" % since if since else ""
    return "%s, message %s, from node %s to node %s, dated %s by the sender's clock; the key is named by entry %d of %d%s" % (
        KINDS[header.content_type],
        header.message.hex(),
        header.sender[:4].hex(),
        header.recipient[:4].hex(),
        instant(header.created),
        sender.seq,
        log.checkpoint.size,
        standing,
    )


def signed(key, label, raw, signature, part):
    """Fails with the part unless the key has signed these bytes."""
    try:
        objects.verify(key, label, raw, signature)
    except Refused:
        raise Invalid(part) from None


def content(proof, bundle, header):
    """The content against its commitment."""
    what = "this is the content that was signed"
    if bundle.opening is None:
        proof.add(what, False, "the bundle holds no content, and no personal data")
        return
    salt, text = bundle.opening.salt, bundle.opening.content
    if len(salt) != 32:
        raise Invalid("the salt")
    if objects.hash_of("content", salt, len(text).to_bytes(4, "big"), text) != header.content_commitment:
        raise Invalid("the content")
    proof.add(what, True, "%d bytes" % len(text))


def charge(proof, bundle, log):
    """The relay's receipt, with the entry beside it."""
    relays = [] if bundle.relay is None else [log.entry(bundle.relay, "the relay's entry")]
    charged(proof, bundle, relays)


def whose(bundle):
    """What binds a relay's receipt to the message: it names an envelope, and the header does not."""
    if bundle.delivered is None:
        return "that it was this message's envelope is not shown"
    return "that it was this message's envelope the recipient's node says"


def charged(proof, bundle, relays):
    """The relay's receipt, by one of these entries; that entry, None without a receipt."""
    what = "a relay took charge of a sealed envelope"
    if bundle.relay_accepted is None:
        proof.add(what, False, "the bundle holds no receipt of a relay")
        return None
    try:
        receipt = objects.RelayAccepted(bundle.relay_accepted)
    except Refused:
        raise Invalid("the relay's receipt") from None
    relay = by_relay(relays, receipt, "relay-accepted", "the relay's receipt")
    if receipt.envelope != bundle.envelope_digest:
        raise Invalid("the envelope digest")
    when = (receipt.relay, instant(receipt.accepted_at), day(receipt.expiry_day), whose(bundle))
    proof.add(what, True, "relay %d at %s, until %s: to the relay, no further; %s" % when, events.RELAY_ACCEPTED)
    return relay


def by_relay(relays, said, label, part):
    """The entry of the relay that this statement names, by whose key it is signed."""
    its = [leaf for leaf in relays if leaf.roles == objects.ROLES_OF_A_RELAY and leaf.home_relay == said.relay]
    if not its:
        raise Invalid("the relay's entry")
    for leaf in its:
        try:
            objects.verify(leaf.ik, label, said.signed, said.signature)
        except Refused:
            continue
        return leaf
    raise Invalid(part)


def arrival(proof, bundle, header, recipients):
    """The receipt of the recipient's node; the entry by whose key it is signed, None without a receipt."""
    what, part = "the recipient's node opened, verified and stored it", "the recipient's receipt"
    if bundle.delivered is None:
        none = "there is no receipt of the recipient's node: that it came there is not shown"
        proof.add(what, False, none)
        return None
    try:
        receipt = objects.Delivered(bundle.delivered)
    except Refused:
        raise Invalid(part) from None
    recipient = next((leaf for leaf in recipients if objects.key_id(leaf.ik) == receipt.recipient_key), None)
    if recipient is None:
        raise Invalid(part)
    signed(recipient.ik, "receipt-delivered", receipt.signed, receipt.signature, part)
    if len(bundle.envelope_digest) != 32:
        raise Invalid("the envelope digest")
    told = (receipt.sender, receipt.recipient, receipt.message, receipt.header_hash, receipt.content_commitment)
    if told != (header.sender, header.recipient, header.message, header.hash, header.content_commitment):
        raise Invalid(part)
    if receipt.envelope != bundle.envelope_digest:
        raise Invalid(part)
    proof.add(what, True, "at %s by the recipient's clock" % instant(receipt.stored_at), events.DELIVERED)
    return recipient


def after(proof, bundle, newest, named):
    """What the first checkpoint after the receipts shows."""
    earlier.after(proof, bundle, newest, named, instant)


def instant(time):
    """`2026-11-24T03:40:16Z`."""
    second = time % DAY_S
    return "%sT%02d:%02d:%02dZ" % (day(time // DAY_S), second // 3600, second // 60 % 60, second % 60)


def day(number):
    """`2026-11-24`; days after the year 9999 are written as its last."""
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=min(number, LAST_DAY))).isoformat()


def fingerprint_text(root_hash):
    """The 25 characters of a root hash, in fives."""
    bits = objects.fingerprint_of(root_hash)
    text = "".join(CROCKFORD[bits >> 5 * place & 31] for place in range(FINGERPRINT_CHARACTERS - 1, -1, -1))
    return "-".join(text[at:at + 5] for at in range(0, FINGERPRINT_CHARACTERS, 5))
