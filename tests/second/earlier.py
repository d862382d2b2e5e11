"""The heads that a sender acted on, and what bounds a message's time (docs/PROTOCOL.md section 11)."""

import c2sp
import objects
from ed25519 import Refused

CHECKPOINT = "the earlier checkpoint"
ACTED_ON = "the registry that the sender acted on"
BEFORE = "the sender's key stood at a checkpoint before the message"
AFTER = "a checkpoint after the message shows the sender's key"
ENDED = {objects.Leaf.REVOKE: "revoked", objects.Leaf.SUSPEND: "suspended"}


class Head:
    """A head with who has cosigned it and when it stood so, and the sender's entry in it."""

    def __init__(self, checkpoint, cosigned, under, time, sender):
        self.size, self.root, self.time, self.sender = checkpoint.size, checkpoint.root, time, sender
        self.cosigned, self.of = cosigned, len(under.witnesses)

    def place(self):
        """In which order they stand in a file."""
        return (self.size, self.sender.seq)

    def described(self, instant):
        """Of how many entries it is, and who has cosigned it."""
        first = ", the first at %s" % instant(min(self.cosigned)) if self.cosigned else ""
        return "%d entries, %d of %d witnesses%s" % (self.size, len(self.cosigned), self.of, first)


def opened(earlier, log, senders, recipients, entry_in, invalid):
    """An earlier head that holds."""
    checkpoint, cosigned, under, time = _signed(earlier, log.root, invalid)
    try:
        newest = log.checkpoint
        c2sp.verify_consistency(checkpoint.size, newest.size, earlier.path, checkpoint.root, newest.root)
    except Refused:
        raise invalid("the path from the earlier checkpoint") from None
    sender = entry_in(log.root, under, checkpoint, earlier.sender, "the sender's earlier entry")
    its = [leaf for leaf in senders if (leaf.node, leaf.ik) == (sender.node, sender.ik)]
    if not its or (its[0].seq < checkpoint.size and its[0].seq != sender.seq):
        raise invalid("the sender's earlier entry")
    if earlier.recipient is not None:
        recipient = entry_in(log.root, under, checkpoint, earlier.recipient, "the recipient's earlier entry")
        if all(leaf.node != recipient.node for leaf in recipients):
            raise invalid("the recipient's earlier entry")
    return Head(checkpoint, cosigned, under, time, sender)


def _signed(earlier, root, invalid):
    """The head under the newest version of the root file under which all of note and timestamp holds."""
    refused = CHECKPOINT
    for version in reversed(root.versions):
        try:
            checkpoint, cosigned = c2sp.open_whole_checkpoint(earlier.checkpoint, version)
        except Refused:
            continue
        if earlier.timestamp is None:
            return checkpoint, cosigned, version, None
        refused = "the earlier timestamp"
        try:
            stated = objects.LogTime(earlier.timestamp, version.timestamp_key)
        except Refused:
            continue
        if (stated.size, stated.root) == (checkpoint.size, checkpoint.root):
            return checkpoint, cosigned, version, stated.time
    raise invalid(refused)


def acted_on(header, log, earlier, invalid):
    """The earlier head that the message names, None when it is not in the file."""
    named = (header.registry_size, header.sender_key)
    found = next((head for head in earlier if (head.size, objects.key_id(head.sender.ik)) == named), None)
    for head in (found, log.checkpoint):
        if head is not None and head.size == header.registry_size and head.root != header.registry_root:
            raise invalid(ACTED_ON)
    return found


def before(proof, header, newest, found, instant):
    """That the key stood before the message."""
    head = found or (newest if newest.size == header.registry_size else None)
    if head is None:
        of = "it names a registry of %d entries, and the file holds no checkpoint of that: before the message only clocks speak"
        proof.add(BEFORE, False, of % header.registry_size)
        return
    time = "no signed time of it is in the file"
    if head.time is not None:
        still = "still stood so" if head.time > header.created else "stood so"
        time = "it %s at %s by the authority's signed time" % (still, instant(head.time))
    start = "%s; %s; the message names its root, and was signed after it; " % (head.described(instant), time)
    then = head.sender
    if then.kind in ENDED:
        proof.add(BEFORE, False, "%sentry %d had %s the registration already" % (start, then.seq, ENDED[then.kind]))
        return
    how = ", which has %s it" % ENDED[newest.sender.kind] if newest.sender.kind in ENDED else ""
    if newest.sender.seq == then.seq:
        since = ", and the file holds no later one of it: one that ended it before would be numbered below %d" % head.size
    elif newest.sender.previous == c2sp.leaf_hash(then.raw):
        since = ", and the node's next is number %d, made after that checkpoint%s" % (newest.sender.seq, how)
    else:
        since = ", and the node's later ones but number %d are not in the file%s" % (newest.sender.seq, how)
    stood = "%sthe key stood at entry %d%s; that nobody else had the key by then is not shown"
    proof.add(BEFORE, True, stood % (start, then.seq, since))


def after(proof, message, newest, found, instant):
    """What the first head after the message shows. Its receipts were verified."""
    said = []
    if message.relay_accepted is not None:
        said.append((objects.RelayAccepted(message.relay_accepted).accepted_at, "a relay"))
    if message.delivered is not None:
        said.append((objects.Delivered(message.delivered).stored_at, "the recipient's node"))
    if not said:
        proof.add(AFTER, False, "no receipt says by when it was there: only the sender's clock does")
        return
    there, whose = min(said, key=lambda one: one[0])
    heads = [head for head in (found, newest) if head is not None and head.time is not None and head.time >= there]
    if not heads:
        of = "%s had it at %s, and the file holds no signed time after that"
        proof.add(AFTER, False, of % (whose, instant(there)))
        return
    head = heads[0]
    how = ", which has %s the registration" % ENDED[head.sender.kind] if head.sender.kind in ENDED else ""
    text = (
        "%s; it stood so at %s by the authority's signed time; the newest entry with the key that the file holds of it is number %d%s;"
        " no checkpoint holds a message: that it was there by then rests on the clock of %s, which had it at %s"
    )
    when = (head.described(instant), instant(head.time), head.sender.seq, how, whose, instant(there))
    proof.add(AFTER, True, text % when)
