"""Verifies the evidence of a whole referral (docs/PROTOCOL.md section 11): its revisions, and the acts of both agencies."""

import re

import events
import objects
from earlier import ACTED_ON, CHECKPOINT
from ed25519 import Refused
from parts import Invalid, Of, after, arrival, by_relay, charged, content, earlier_heads, instant, logs, message, whose

SENDER = "the sender's entry"
RECIPIENT = "the recipient's entry"
RELAY = "the relay's entry"
DETAILS_BYTES_MAX = 8192
WHOSE = ("sender", "recipient")
START = rb'\{"header":\{"schema":"safeconduct\.referral/[1-9][0-9]{0,2}","referral_id":"%s","revision":([1-9][0-9]{0,2}),'


class Keys:
    """The entries of both sides and of the relays, and which of their keys have signed something."""

    def __init__(self, bundle, log, theirs):
        self.sender = entries(log, bundle.sender, SENDER, True)
        self.recipient = entries(theirs, bundle.recipient, RECIPIENT, True)
        self.nodes = (self.sender[0].node, self.recipient[0].node)
        if self.nodes[0] == self.nodes[1]:
            raise Invalid(RECIPIENT)
        self.relays = entries(theirs, bundle.relays, RELAY, False)
        self.used, self.named = set(), set()
        self.heads = earlier_heads(bundle.earlier or [], log, self.sender, self.recipient)
        if any(one.place() >= following.place() for one, following in zip(self.heads, self.heads[1:])):
            raise Invalid(CHECKPOINT)

    def use(self, part, leaf):
        """Notes that the key of an entry, in the list that this part is about, has signed something."""
        if leaf is not None:
            self.used.add((part, leaf.ik))

    def all_used(self):
        """No head and no entry may stand there that nothing needs; a side that has signed nothing has one."""
        if len(self.named) != len(self.heads):
            raise Invalid(ACTED_ON)
        for leaves, least, part in ((self.sender, 1, SENDER), (self.recipient, 1, RECIPIENT), (self.relays, 0, RELAY)):
            if max(least, sum((part, leaf.ik) in self.used for leaf in leaves)) != len(leaves):
                raise Invalid(part)


def entries(log, listed, part, of_one_node):
    """The leaves of these entries: in the order of the log, each of another key."""
    leaves = [log.entry(entry, part) for entry in listed]
    ascend = all(one.seq < following.seq for one, following in zip(leaves, leaves[1:]))
    if not ascend or len({leaf.ik for leaf in leaves}) != len(leaves):
        raise Invalid(part)
    if of_one_node and len({leaf.node for leaf in leaves}) != 1:
        raise Invalid(part)
    return leaves


def verify(bundle, known):
    """Verifies every part in the order of section 11 and gives the lines; raises Invalid with the first that does not hold."""
    proof, log, abroad = logs(bundle, known)
    keys = Keys(bundle, log, abroad or log)
    commitments = revisions(proof, bundle, log, keys)
    acts = [act(raw, bundle, keys, commitments) for raw in bundle.events]
    ordered(acts, keys)
    for event in acts:
        named = events.of_act(event.act, event.by_node)
        proof.add("a node signed this act on the referral", True, described(event, keys), named)
    for one, following in zip(acts, acts[1:]):
        if (one.signer, one.epoch, one.number) == (following.signer, following.epoch, following.number):
            which = (side(one, keys), one.number, one.epoch)
            twice = "a node signed two acts under one number: neither counts"
            proof.add(twice, True, "the %s, number %d of epoch %d" % which)
    details(proof, bundle, acts)
    keys.all_used()
    end = "what a node signed last may be missing, where the other had not seen it"
    proof.add("nothing was left out at the end", False, end)
    return proof


def revisions(proof, bundle, log, keys):
    """The revisions, each as the message that brought it; the content commitment of each message."""
    commitments, newest = {}, 0
    for number, revision in enumerate(bundle.revisions, 1):
        lines = Of(proof, "revision %d" % number)
        header, newest_head, named = message(lines, revision, log, keys.sender, keys.recipient, keys.heads)
        if header.message in commitments or header.content_type != 1:
            raise Invalid("a revision")
        commitments[header.message] = header.content_commitment
        content(lines, revision, header)
        if revision.opening is not None:
            start = re.match(START % bundle.referral_id.encode("ascii"), revision.opening.content)
            if not start or int(start.group(1)) < newest:
                raise Invalid("a revision")
            newest = int(start.group(1))
        keys.use(SENDER, next(leaf for leaf in keys.sender if objects.key_id(leaf.ik) == header.sender_key))
        keys.use(RELAY, charged(lines, revision, keys.relays))
        keys.use(RELAY, expired(lines, revision, keys.relays))
        keys.use(RECIPIENT, arrival(lines, revision, header, keys.recipient))
        if named.head is not None:
            keys.named.add(named.head)
        after(lines, revision, newest_head, named)
    return commitments


def expired(proof, revision, relays):
    """The relay's notice that nobody has fetched the envelope; the entry by whose key it is signed, None without a notice."""
    part = "the relay's notice of expiry"
    if revision.relay_expired is None:
        return None
    try:
        notice = objects.RelayExpired(revision.relay_expired)
    except Refused:
        raise Invalid(part) from None
    relay = by_relay(relays, notice, "relay-expired", part)
    if notice.envelope != revision.envelope_digest:
        raise Invalid("the envelope digest")
    when = (notice.relay, instant(notice.expired_at), whose(revision))
    what = "a relay gave a sealed envelope up: nobody had fetched it"
    proof.add(what, True, "relay %d at %s; %s" % when, events.RELAY_EXPIRED)
    return relay


def act(raw, bundle, keys, commitments):
    """One act: of this referral, between the two, signed, and about a revision that is there."""
    try:
        event = objects.CaseEvent(raw)
    except Refused:
        raise Invalid("an event") from None
    ends = (event.signer, event.other)
    if ends not in (keys.nodes, keys.nodes[::-1]) or event.referral != bytes.fromhex(bundle.referral_id.replace("-", "")):
        raise Invalid("an event")
    by_sender = event.signer == keys.nodes[0]
    leaves, part = (keys.sender, SENDER) if by_sender else (keys.recipient, RECIPIENT)
    leaf = next((leaf for leaf in leaves if objects.key_id(leaf.ik) == event.key), None)
    if leaf is None:
        raise Invalid(part)
    try:
        event.verify(leaf.ik)
    except Refused:
        raise Invalid("an event's signature") from None
    if commitments.get(event.message) != event.content_commitment:
        raise Invalid("an event's message")
    keys.use(part, leaf)
    return event


def ordered(acts, keys):
    """Each stands after the one before it in the file, and follows what it names as before it and as seen."""
    places = [(event.signer != keys.nodes[0], event.epoch, event.number, event.hash) for event in acts]
    by_hash = {event.hash: event for event in acts}
    if any(one >= following for one, following in zip(places, places[1:])):
        raise Invalid("the order of events")
    for event in acts:
        before = by_hash.get(event.previous)
        follows = event.number == 0 or (
            before is not None
            and before.signer == event.signer
            and before.number + 1 == event.number
            and before.epoch <= event.epoch
        )
        if event.seen is not None:
            epoch, number, seen_hash = event.seen
            seen = by_hash.get(seen_hash)
            there = seen is not None and seen.signer == event.other
            follows = follows and there and (seen.epoch, seen.number) == (epoch, number)
        if not follows:
            raise Invalid("the order of events")


def side(event, keys):
    """Whose act it is."""
    return WHOSE[event.signer != keys.nodes[0]]


def described(event, keys):
    """What was done, by whom, when, and where it stands."""
    code = ", code %d" % event.code if event.code else ""
    level = ", level %d" % event.level if event.level is not None else ""
    person = "the node itself" if event.by_node else "person %s" % event.person.hex()
    confirmed = ", confirmed by a second person" if event.confirmed else ""
    return "%s%s%s by the %s, %s%s, at %s by its clock, number %d of epoch %d, about message %s" % (
        event.NAMES[event.act],
        code,
        level,
        side(event, keys),
        person,
        confirmed,
        instant(event.at),
        event.number,
        event.epoch,
        event.message.hex(),
    )


def details(proof, bundle, acts):
    """The details against the commitments of their acts."""
    what, part = "these are the details that were signed", "an event's details"
    if bundle.details is None:
        proof.add(what, False, "the bundle holds no details")
        return
    if any(one.event >= following.event for one, following in zip(bundle.details, bundle.details[1:])):
        raise Invalid(part)
    for one in bundle.details:
        if one.event >= len(acts) or len(one.salt) != 32 or not 1 <= len(one.details) <= DETAILS_BYTES_MAX:
            raise Invalid(part)
        length = len(one.details).to_bytes(4, "big")
        if objects.hash_of("case-details", one.salt, length, one.details) != acts[one.event].details:
            raise Invalid(part)
        proof.add(what, True, "act %d, %d bytes" % (one.event, len(one.details)))
