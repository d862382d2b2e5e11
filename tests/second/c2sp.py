"""C2SP signed notes, checkpoints and cosignatures, and RFC 6962 inclusion and consistency (docs/PROTOCOL.md section 9)."""

import base64
import binascii
import hashlib

import ed25519
from ed25519 import Refused

NOTE_BYTES_MAX = 16384
SIGNATURES_MAX = 16
KEY_NAME_BYTES_MAX = 128
PATH_HASHES_MAX = 64
U64_MAX = 2**64 - 1
TYPE_LOG = 1
TYPE_COSIGNATURE = 4
SIGNATURE_START = "\u2014 "


def from_base64(text):
    """The bytes of canonical base64: with padding, without any other character, unused bits zero."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("not base64") from None
    if base64.b64encode(raw).decode("ascii") != text:
        raise Refused("not canonical base64")
    return raw


def is_key_name(name):
    """1 to 128 printable ASCII characters, no space and no plus sign."""
    return 1 <= len(name) <= KEY_NAME_BYTES_MAX and all("!" <= c <= "~" and c != "+" for c in name)


def key_hash(name, kind, key):
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode("ascii") + b"\n" + bytes([kind]) + key).digest()[:4]


class Note:
    """A signed note: its text, and the signature of each (name, key hash)."""

    def __init__(self, raw):
        if len(raw) > NOTE_BYTES_MAX:
            raise Refused("too long")
        try:
            whole = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("not UTF-8") from None
        if any((c < " " and c != "\n") or c == "\x7f" for c in whole):
            raise Refused("a control character")
        text, empty_line, signatures = whole.rpartition("\n\n")
        if not empty_line or not signatures.endswith("\n"):
            raise Refused("not a note")
        lines = signatures[:-1].split("\n")
        if len(lines) > SIGNATURES_MAX:
            raise Refused("too many signatures")
        self.text = text + "\n"
        self.signatures = {}
        for line in lines:
            if not line.startswith(SIGNATURE_START):
                raise Refused("not a signature line")
            name, space, encoded = line[len(SIGNATURE_START):].partition(" ")
            if not space or not is_key_name(name):
                raise Refused("not a key name")
            decoded = from_base64(encoded)
            which = (name, decoded[:4])
            if len(decoded) < 5 or which in self.signatures:
                raise Refused("an empty signature, or two of one key")
            self.signatures[which] = decoded[4:]

    def verify(self, name, key):
        """Raises Refused unless this key has signed the note as a log."""
        signature = self.signatures.get((name, key_hash(name, TYPE_LOG, key)))
        if signature is None:
            raise Refused("not signed")
        ed25519.verify(key, self.text.encode("utf-8"), signature)

    def cosigned_at(self, name, key):
        """The second at which this witness has cosigned the note, None when it has not."""
        signature = self.signatures.get((name, key_hash(name, TYPE_COSIGNATURE, key)))
        if signature is None or len(signature) != 72:
            return None
        time = int.from_bytes(signature[:8], "big")
        signed = "cosignature/v1\ntime %d\n%s" % (time, self.text)
        try:
            ed25519.verify(key, signed.encode("utf-8"), signature[8:])
        except Refused:
            return None
        return time


class Checkpoint:
    """The text of a note that is a signed head: origin, size, root hash, and no line more."""

    def __init__(self, text):
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not is_key_name(lines[0]):
            raise Refused("not a checkpoint")
        digits = lines[1]
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 20:
            raise Refused("no size")
        self.origin, self.size, self.root = lines[0], int(digits), from_base64(lines[2])
        if str(self.size) != digits or self.size > U64_MAX or len(self.root) != 32:
            raise Refused("not canonical")


def _signed(raw, version):
    """The note, and its checkpoint, which the log key of this root file version has signed."""
    note = Note(raw)
    note.verify(version.log_name, version.log_key)
    checkpoint = Checkpoint(note.text)
    if checkpoint.origin != version.log_name:
        raise Refused("of another log")
    return note, checkpoint


def _cosigned(note, version):
    """When witnesses of this root file version have cosigned the note."""
    times = [note.cosigned_at(name, key) for name, key in version.witnesses]
    return [time for time in times if time is not None]


def open_signed_checkpoint(raw, version):
    """The checkpoint of a note that the log has signed, whoever else has; else Refused."""
    return _signed(raw, version)[1]


def open_checkpoint(raw, version):
    """The checkpoint of a note that log and witness quorum of this root file version have signed, and when those did; else Refused."""
    note, checkpoint = _signed(raw, version)
    cosigned = _cosigned(note, version)
    if len(cosigned) < version.witness_quorum:
        raise Refused("too few witnesses")
    return checkpoint, cosigned


def cosigned_by_all(raw, version):
    """When witnesses of this root file version have cosigned a signed note in which no other line stands than theirs and the log's."""
    note = Note(raw)
    others = len(note.signatures) - 1
    if others > len(version.witnesses):
        raise Refused("a signature of somebody else")
    times = _cosigned(note, version)
    if len(times) != others:
        raise Refused("a signature of somebody else")
    return times


def leaf_hash(leaf):
    """RFC 6962 hash of an entry."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def verify_inclusion(index, size, leaf, path, root):
    """RFC 9162 section 2.1.3.2: raises Refused unless the path leads from the entry at this index to the root."""
    if index >= size or len(path) > PATH_HASHES_MAX:
        raise Refused("not in the log")
    place, last, value = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0 or len(sibling) != 32:
            raise Refused("a path of another length")
        if place & 1 or place == last:
            value = hashlib.sha256(b"\x01" + sibling + value).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + sibling).digest()
        place, last = place >> 1, last >> 1
    if last or value != root:
        raise Refused("another root")


def _parent(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_consistency(size, newer_size, path, root, newer_root):
    """RFC 9162 section 2.1.4.2: raises Refused unless the log with the newer root begins with that of this root."""
    if size > newer_size or len(path) > PATH_HASHES_MAX or any(len(item) != 32 for item in path):
        raise Refused("no such path")
    if size in (0, newer_size):
        if path or root != (newer_root if size else hashlib.sha256(b"").digest()):
            raise Refused("another root")
        return
    path = list(path)
    if size & (size - 1) == 0:
        path.insert(0, root)
    if not path:
        raise Refused("no path")
    place, last = size - 1, newer_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path.pop(0)
    for sibling in path:
        if last == 0:
            raise Refused("a path of another length")
        if place & 1 or place == last:
            older, newer = _parent(sibling, older), _parent(sibling, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = _parent(newer, sibling)
        place, last = place >> 1, last >> 1
    if last or older != root or newer != newer_root:
        raise Refused("another root")
