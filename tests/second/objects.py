"""The signed objects of docs/PROTOCOL.md with their fixed layouts: root file, leaf, timestamp, header, receipts (sections 7 to 9)."""

import hashlib

import ed25519
from c2sp import is_key_name
from ed25519 import Refused

ROOT_BYTES_MAX = 65536
VERSION_BYTES_MAX = 16384
VERSIONS_MAX = 32
ROOT_KEYS_MAX = 16
WITNESSES_MAX = 15
ML_KEM_BYTES = 1184
ML_KEM_MODULUS = 3329
SPKI_START = bytes.fromhex("302a300506032b6570032100")
ROLES_OF_A_RELAY = 1 << 31


def hash_of(label, *parts):
    """H(label, parts one after the other), section 1."""
    return hashlib.sha256(b"safeconduct/v1 " + label.encode("ascii") + b"\x00" + b"".join(parts)).digest()


def verify(key, label, message, signature):
    """Raises Refused unless the key has signed the message under this label, section 6."""
    framed = b"safeconduct/v1 " + label.encode("ascii") + b"\x00" + len(message).to_bytes(4, "big") + message
    ed25519.verify(key, framed, signature)


def key_id(public):
    """Key id of an Ed25519 key, section 2."""
    return hash_of("key-id", b"\x01", public)


def spki_hash(public):
    """TLS SPKI hash of an Ed25519 key, section 1."""
    return hashlib.sha256(SPKI_START + public).digest()


class Reader:
    """A cursor over a layout; Refused when the bytes are not there."""

    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def take(self, count):
        """The next bytes."""
        if len(self.raw) - self.at < count:
            raise Refused("too short")
        self.at += count
        return self.raw[self.at - count:self.at]

    def number(self, count):
        """The next big-endian integer of this many bytes."""
        return int.from_bytes(self.take(count), "big")

    def exactly(self, wanted):
        """These very bytes."""
        if self.take(len(wanted)) != wanted:
            raise Refused("other bytes")

    def key(self):
        """An Ed25519 public key that is sound."""
        raw = self.take(32)
        ed25519.public_key(raw)
        return raw

    def name(self):
        """A length byte and the name of a log or witness."""
        name = self.take(self.number(1)).decode("latin-1")
        if not is_key_name(name):
            raise Refused("not a name")
        return name

    def is_at_end(self):
        """Whether nothing is left."""
        return self.at == len(self.raw)

    def end(self):
        """Nothing may be left."""
        if not self.is_at_end():
            raise Refused("too long")


class RootVersion:
    """One version of a root file, judged beside the versions before it."""

    def __init__(self, reader, before):
        start = reader.at
        self._read(reader)
        self._judge()
        self._follow(before)
        signed = reader.raw[start:reader.at]
        self._signatures(reader, signed, self)
        if before:
            self._signatures(reader, signed, before[-1])
        if reader.at - start > VERSION_BYTES_MAX:
            raise Refused("a version is too long")
        self.hash = hash_of("root", signed)

    def _read(self, reader):
        reader.exactly(b"SCR1")
        self.version, self.threshold, count = reader.number(4), reader.number(1), reader.number(1)
        if count > ROOT_KEYS_MAX:
            raise Refused("too many root keys")
        self.root_keys = [reader.key() for _ in range(count)]
        self.country = reader.take(2)
        self.log_name, self.log_key = reader.name(), reader.key()
        self.registrar, self.timestamp_key = reader.key(), reader.key()
        self.tls_spki = reader.take(32)
        enrol_key_is_sound(reader.take(ML_KEM_BYTES), reader.take(32))
        self.witness_quorum, count = reader.number(1), reader.number(1)
        if count > WITNESSES_MAX:
            raise Refused("too many witnesses")
        self.witnesses = [(reader.name(), reader.key()) for _ in range(count)]
        self.min_suite, self.made_at = reader.number(2), reader.number(8)
        reader.exactly(bytes(4))
        self.previous = reader.take(32) if self.version > 1 else None

    def purposes(self):
        """Its signing keys: of the root, the log, the registrar, timestamps, witnesses."""
        witnesses = [key for _, key in self.witnesses]
        return [self.root_keys, [self.log_key], [self.registrar], [self.timestamp_key], witnesses]

    def signing_keys(self):
        """All of them."""
        return [key for keys in self.purposes() for key in keys]

    def _judge(self):
        if not all(0x41 <= letter <= 0x5A for letter in self.country):
            raise Refused("no country")
        if not 1 <= self.threshold <= len(self.root_keys) or self.witness_quorum > len(self.witnesses):
            raise Refused("more signers than there are")
        if self.version == 0 or self.min_suite == 0:
            raise Refused("counted from 1")
        keys = self.signing_keys()
        if len(set(keys)) != len(keys) or self.tls_spki in [spki_hash(key) for key in keys]:
            raise Refused("one key twice")

    def _follow(self, before):
        if not before:
            if self.version != 1:
                raise Refused("the first version is missing")
            return
        last = before[-1]
        if self.version != last.version + 1 or self.version > VERSIONS_MAX or self.previous != last.hash:
            raise Refused("does not follow")
        if self.country != last.country or self.log_name != last.log_name:
            raise Refused("of another log")
        if self.min_suite < last.min_suite or self.made_at < last.made_at:
            raise Refused("goes back")
        for earlier in before:
            for own, keys in enumerate(self.purposes()):
                for other, theirs in enumerate(earlier.purposes()):
                    if own != other and set(keys) & set(theirs):
                        raise Refused("a key for another purpose")
            if earlier.tls_spki in [spki_hash(key) for key in self.signing_keys()]:
                raise Refused("a TLS key signs")
            for name in ("log_key", "registrar", "timestamp_key"):
                new = getattr(self, name)
                if new != getattr(last, name) and new == getattr(earlier, name):
                    raise Refused("a replaced key comes back")

    @staticmethod
    def _signatures(reader, signed, signers):
        count, following = reader.number(1), 0
        for _ in range(count):
            index, signature = reader.number(1), reader.take(64)
            if index < following or index >= len(signers.root_keys):
                raise Refused("not in ascending order")
            following = index + 1
            verify(signers.root_keys[index], "root-file", signed, signature)
        if count < signers.threshold:
            raise Refused("too few signatures")


class RootFile:
    """All versions of an authority's root file, the first one first."""

    def __init__(self, raw):
        if len(raw) > ROOT_BYTES_MAX:
            raise Refused("too long")
        reader, self.versions = Reader(raw), []
        while not self.versions or not reader.is_at_end():
            self.versions.append(RootVersion(reader, self.versions))

    @property
    def newest(self):
        """Its newest version."""
        return self.versions[-1]

    @property
    def authority(self):
        """What the authority is known by for ever: the root hash of version 1."""
        return self.versions[0].hash

    def continues(self, other):
        """Whether it is the other root file, or begins with all versions of it."""
        return any(version.hash == other.newest.hash for version in self.versions)

    def has_fingerprint(self, bits):
        """Whether any version has this fingerprint, a number of 125 bits."""
        return any(fingerprint_of(version.hash) == bits for version in self.versions)


def fingerprint_of(root_hash):
    """The first 125 bits of a root hash, as a number."""
    return int.from_bytes(root_hash[:16], "big") >> 3


def enrol_key_is_sound(ml_kem, x25519):
    """Raises Refused unless every ML-KEM coefficient is below the modulus and the X25519 half is not of low order."""
    for at in range(0, ML_KEM_BYTES - 32, 3):
        pair = int.from_bytes(ml_kem[at:at + 3], "little")
        if pair & 0xFFF >= ML_KEM_MODULUS or pair >> 12 >= ML_KEM_MODULUS:
            raise Refused("not an ML-KEM key")
    if ed25519.is_low_order_x25519(x25519):
        raise Refused("of low order")


class Leaf:
    """An entry of a registry."""

    KINDS = range(1, 10)
    KINDS_ABOUT_THE_REGISTRY = (5, 6, 7, 8, 9)
    KINDS_WITH_TERMS = (7, 8)
    SUSPEND = 3
    REVOKE = 4

    def __init__(self, raw):
        reader = Reader(raw)
        self.kind, self.seq, self.node = reader.number(1), reader.number(8), reader.take(32)
        if self.kind not in self.KINDS:
            raise Refused("an unknown type")
        self.raw, self.previous = raw, reader.take(32)
        reader.take(8)
        self.ik = reader.take(32)
        reader.take(32 + 32)
        self.home_relay = reader.number(4)
        reader.take(16)
        self.roles, suites = reader.number(4), reader.number(4)
        reader.take(32)
        if self.kind in self.KINDS_WITH_TERMS:
            reader.take(60)
        if suites & 2 and self.kind not in self.KINDS_ABOUT_THE_REGISTRY:
            reader.take(32)
        self.body, self.signature = raw[:reader.at], reader.take(64)
        if not reader.is_at_end():
            reader.take(64)
        reader.end()

    def is_signed_by(self, registrar):
        """Whether this registrar has signed the entry."""
        try:
            verify(registrar, "node-record", self.body, self.signature)
        except Refused:
            return False
        return True


class LogTime:
    """A timestamp, signed by this key."""

    def __init__(self, raw, key):
        reader = Reader(raw)
        reader.exactly(b"SCT1" + bytes(4))
        self.size, self.root, self.time = reader.number(8), reader.take(32), reader.number(8)
        signature = reader.take(64)
        reader.end()
        verify(key, "timestamp", raw[:56], signature)


class Header:
    """The signed header."""

    def __init__(self, raw):
        reader = Reader(raw)
        reader.take(2)
        self.content_type, flags = reader.number(1), reader.number(1)
        if self.content_type not in (1, 2, 3, 4, 5, 6) or flags > 3:
            raise Refused("a type or flag of another version")
        self.message, self.sender, self.sender_key = reader.take(16), reader.take(32), reader.take(32)
        self.recipient = reader.take(32)
        reader.take(16)
        self.created = reader.number(8)
        reader.take(8 + 32)
        self.registry_size, self.registry_root = reader.number(8), reader.take(32)
        self.content_commitment = reader.take(32)
        reader.take(32 + 32 + 32)
        reader.exactly(bytes(4))
        reader.end()
        self.hash = hash_of("header", raw)


class RelayAccepted:
    """What a relay signs when it takes charge of an envelope."""

    def __init__(self, raw):
        reader = Reader(raw)
        reader.exactly(b"SCA1")
        self.relay, self.envelope = reader.number(4), reader.take(32)
        reader.take(4)
        self.accepted_at, self.expiry_day = reader.number(8), reader.number(4)
        self.signed, self.signature = raw[:reader.at], reader.take(64)
        reader.end()


class Delivered:
    """What the recipient's node signs when it has opened and stored a message."""

    def __init__(self, raw):
        reader = Reader(raw)
        reader.exactly(b"SCV1")
        self.recipient, self.recipient_key = reader.take(32), reader.take(32)
        self.sender, self.message = reader.take(32), reader.take(16)
        self.header_hash, self.content_commitment = reader.take(32), reader.take(32)
        self.envelope, self.stored_at = reader.take(32), reader.number(8)
        reader.take(8 + 32 + 8 + 32)
        echo, echoed = reader.number(8), reader.take(32)
        if echo == 0 and any(echoed):
            raise Refused("the head of no chain")
        self.signed, self.signature = raw[:reader.at], reader.take(64)
        reader.end()


class RelayExpired:
    """What a relay signs when nobody has fetched an envelope in time."""

    def __init__(self, raw):
        reader = Reader(raw)
        reader.exactly(b"SCX1")
        self.relay, self.envelope, self.expired_at = reader.number(4), reader.take(32), reader.number(8)
        self.signed, self.signature = raw[:reader.at], reader.take(64)
        reader.end()


class CaseEvent:
    """One act on a referral."""

    NAMES = {
        3: "Opened",
        4: "InfoRequested",
        5: "InfoProvided",
        6: "Accepted",
        7: "Declined",
        8: "DisclosureRaised",
        9: "DisclosureRequested",
        10: "ServiceStarted",
        11: "Escalated",
        12: "TransferProposed",
        13: "TransferredOnward",
        14: "Closed",
        15: "Withdrawn",
        16: "WithdrawalApplied",
        17: "ConsentChanged",
        19: "Reinstated",
        20: "OverrideNotice",
        21: "OverrideReviewed",
        22: "ErasureCertified",
        23: "ReflectionSet",
    }
    CODES = {7: 14, 14: 10, 15: 4}
    WITH_LEVEL = (8, 9)
    ESCALATED = 11
    READ = (3, 4, 6, 9, 10, 12, 13, 14)
    REFUSED = (7,)
    EVENTS_MAX = 1024

    def __init__(self, raw):
        reader = Reader(raw)
        reader.exactly(b"SCG1")
        self.act, self.code, level, flags = (reader.number(1) for _ in range(4))
        self.referral, self.epoch = reader.take(16), reader.number(8)
        self.number, seen_next = reader.number(4), reader.number(4)
        self.previous, seen_hash, self.at = reader.take(32), reader.take(32), reader.number(8)
        self.signer, self.key, self.other = reader.take(32), reader.take(32), reader.take(32)
        self.message, _, self.content_commitment = reader.take(16), reader.take(32), reader.take(32)
        self.person, successor, self.details = reader.take(16), reader.take(16), reader.take(32)
        reader.take(8 + 32)
        seen_epoch = reader.number(8)
        reader.exactly(bytes(16))
        self.signed, self.signature = raw[:reader.at], reader.take(64)
        reader.end()
        self.by_node, self.confirmed = bool(flags & 1), bool(flags & 4)
        self.level = level if self.act in self.WITH_LEVEL else None
        self.seen = (seen_epoch, seen_next - 1, seen_hash) if seen_next else None
        self.hash = hash_of("case-event", raw)
        codes = self.CODES.get(self.act)
        fits = (
            self.act in self.NAMES
            and (1 <= self.code <= codes if codes else self.code == 0)
            and (level <= 3 if self.act in self.WITH_LEVEL else level == 255)
            and flags <= 7
            and bool(flags & 2) == any(self.details)
            and self.by_node != any(self.person)
            and (self.number == 0) != any(self.previous)
            and (self.act == self.ESCALATED or not any(successor))
            and self.number < self.EVENTS_MAX
            and self.signer != self.other
        )
        if seen_next:
            fits = fits and any(seen_hash) and seen_next <= self.EVENTS_MAX
        else:
            fits = fits and seen_epoch == 0 and not any(seen_hash)
        if not fits:
            raise Refused("fields that contradict each other")

    @property
    def label(self):
        """The label under which it is signed."""
        if self.act in self.REFUSED:
            return "receipt-refused"
        return "receipt-read" if self.act in self.READ else "case-event"

    def verify(self, key):
        """Raises Refused unless this key has signed it."""
        verify(key, self.label, self.signed, self.signature)
