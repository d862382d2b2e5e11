"""The heads that a sender acted on, and what bounds a message's time (docs/PROTOCOL.md section 11)."""

import c2sp
import objects
from ed25519 import Refused

CHECKPOINT = "the earlier checkpoint"
ACTED_ON = "the registry that the sender acted on"
BEFORE = "the sender's key stood at a checkpoint before the message"
AFTER = "a checkpoint no earlier than the message's receipts names the sender's key"
ENDED = {objects.Leaf.REVOKE: "revoked", objects.Leaf.SUSPEND: "suspended"}


class Head:
    """A head with who has cosigned it and when it stood so, the version of the root file under which it is signed, and the sender's entry in it."""

    def __init__(self, checkpoint, cosigned, versions, time, sender):
        self.size, self.root, self.time, self.sender = checkpoint.size, checkpoint.root, time, sender
        self.cosigned = cosigned
        self.under, self.newest = versions

    def place(self):
        """In which order they stand in a file."""
        return (self.size, self.sender.seq)

    def described(self, instant):
        """Of how many entries it is, who has cosigned it, and whether its keys are replaced."""
        first = ", the first at %s" % instant(min(self.cosigned)) if self.cosigned else ""
        replaced = ""
        if self.under is not self.newest:
            replaced = "; under version %d of its root file, since replaced" % self.under.version
        of = (self.size, len(self.cosigned), len(self.under.witnesses), first, replaced)
        return "%d entries, %d of %d witnesses%s%s" % of


class Notes:
    """Notes as they were opened, each once under each version of the root file."""

    def __init__(self):
        self._by_log, self._by_witnesses = {}, {}

    def by_log(self, raw, version):
        """The checkpoint that the log key has signed, None when it has not."""
        return _once(self._by_log, (raw, version.version), lambda: c2sp.open_signed_checkpoint(raw, version))

    def by_witnesses(self, raw, version):
        """When witnesses have cosigned a note without any other line, None when it has another one."""
        return _once(self._by_witnesses, (raw, version.version), lambda: c2sp.cosigned_by_all(raw, version))


def _once(known, which, make):
    if which not in known:
        try:
            known[which] = make()
        except Refused:
            known[which] = None
    return known[which]


def opened(earlier, notes, log, ends, entry_in, invalid):
    """An earlier head that holds."""
    senders, recipients = ends
    checkpoint, cosigned, under, time = _signed(earlier, notes, log.root, invalid)
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
    return Head(checkpoint, cosigned, (under, log.root.newest), time, sender)


def _signed(earlier, notes, root, invalid):
    """The head under the newest version of the root file under which all of note and timestamp holds; the timestamp is looked at first."""
    refused = CHECKPOINT
    for version in reversed(root.versions):
        checkpoint = notes.by_log(earlier.checkpoint, version)
        if checkpoint is None:
            continue
        time = None
        if earlier.timestamp is not None:
            time = _stated(earlier.timestamp, version, checkpoint)
            if time is None:
                refused = "the earlier timestamp"
                continue
        cosigned = notes.by_witnesses(earlier.checkpoint, version)
        if cosigned is not None:
            return checkpoint, cosigned, version, time
        refused = CHECKPOINT
    raise invalid(refused)


def _stated(raw, version, checkpoint):
    """The signed time of this head, None when the timestamp is another one."""
    try:
        stated = objects.LogTime(raw, version.timestamp_key)
    except Refused:
        return None
    return stated.time if (stated.size, stated.root) == (checkpoint.size, checkpoint.root) else None


class Named:
    """The earlier head that a message names by size and key, and whether the root that it names is another one than the log's."""

    def __init__(self, header, log, heads):
        named = (header.registry_size, header.sender_key)
        self.head = next((head for head in heads if (head.size, objects.key_id(head.sender.ik)) == named), None)
        of_its_size = [head.root for head in [*heads, log.checkpoint] if head.size == header.registry_size]
        self.is_false = any(root != header.registry_root for root in of_its_size)


def before(proof, header, newest, named, instant):
    """That the key stood before the message."""
    size = header.registry_size
    if named.is_false:
        of = "it names a root that the log of this checkpoint never had at %d entries: its sender signed something false, or was shown another history"
        proof.add(BEFORE, False, of % size)
        return
    head = named.head or (newest if newest.size == size else None)
    if head is None:
        of = "it names a registry of %d entries, and the file holds no checkpoint of that: before the message only clocks speak"
        proof.add(BEFORE, False, of % size)
        return
    time = "no signed time of it is in the file"
    if head.time is not None:
        time = "it stood so at %s by the authority's signed time" % instant(head.time)
    start = (
        "%s; %s; the message names its root, so it was signed after these %d entries existed; that it is later than these"
        " times is not shown"
    ) % (head.described(instant), time, size)
    then, following = head.sender, newest.sender
    if then.kind in ENDED:
        proof.add(BEFORE, False, "%s; entry %d had %s the registration already" % (start, then.seq, ENDED[then.kind]))
        return
    how = ", which has %s it" % ENDED[following.kind] if following.kind in ENDED else ""
    if following.seq >= size and following.previous == c2sp.leaf_hash(then.raw):
        stood = (
            "%s; the key stood at entry %d, and the node's next is number %d, made after those entries%s; that nobody else had the"
            " key by then is not shown"
        )
        proof.add(BEFORE, True, stood % (start, then.seq, following.seq, how))
        return
    later = "" if following.seq == then.seq else "; the file's newest with the key is number %d%s" % (following.seq, how)
    is_named = (
        "%s; the key is named by entry %d, within those entries; that no entry below number %d replaced or ended it is not shown by"
        " this file%s"
    )
    proof.add(BEFORE, False, is_named % (start, then.seq, size, later))


def after(proof, message, newest, named, instant):
    """What the first head after the receipts shows. Those were verified."""
    if message.delivered is None:
        why = "no receipt says by when it was there: only the sender's clock does"
        if message.relay_accepted is not None:
            why = "no receipt of the recipient's node is in the file, and nothing else binds a relay's receipt to this message"
        proof.add(AFTER, False, why)
        return
    there, clock = _there(objects.Delivered(message.delivered), message.relay_accepted, instant)
    heads = [head for head in (named.head, newest) if head is not None and head.under is head.newest]
    head = next((head for head in heads if head.time is not None and head.time >= there), None)
    if head is None:
        of = "it was there at %s by %s, and the file holds no signed time after that by a timestamp key that is in force"
        proof.add(AFTER, False, of % (instant(there), clock))
        return
    how = ", which has %s the registration" % ENDED[head.sender.kind] if head.sender.kind in ENDED else ""
    text = (
        "%s; it stood so at %s by the authority's signed time; the newest entry with the key that the file holds of it is number %d%s;"
        " that no other one replaced or ended it by then is not shown by this file; no checkpoint holds a message: it was there at %s by %s"
    )
    when = (head.described(instant), instant(head.time), head.sender.seq, how, instant(there), clock)
    proof.add(AFTER, True, text % when)


def _there(delivered, accepted, instant):
    """The later time of the two receipts, and whose clock says so. A relay's counts when the recipient's names its envelope."""
    if accepted is not None:
        accepted = objects.RelayAccepted(accepted)
        if accepted.envelope == delivered.envelope and accepted.accepted_at >= delivered.stored_at:
            clock = "the clock of a relay, if the recipient's node says truly that this was its envelope"
            if delivered.stored_at < accepted.accepted_at:
                clock += "; that node itself claims an earlier time, %s" % instant(delivered.stored_at)
            return accepted.accepted_at, clock
    return delivered.stored_at, "the clock of the recipient's node"
