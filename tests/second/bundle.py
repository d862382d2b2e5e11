"""The form of an evidence bundle (docs/PROTOCOL.md section 11): one JSON object, read strictly."""

import json

from c2sp import PATH_HASHES_MAX, U64_MAX, from_base64
from ed25519 import Refused

BUNDLE_BYTES_MAX = 1024 * 1024
FORMAT = "safeconduct.evidence/1"
TOO_LONG = "the file is longer than %d bytes" % BUNDLE_BYTES_MAX
NO_BUNDLE = "the file is no evidence bundle of this version, or was changed"


class Malformed(Exception):
    """The file is no bundle."""


class Parts:
    """The members of one object as attributes; what is optional and not there is None."""

    def __init__(self, members):
        self.__dict__.update(members)


def _object(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("a repeated member")
    return found


def _integer(text):
    # JSON has no leading zeros, so that what is longer is larger; a sign is none of ours.
    if len(text) > 20 or not (text.isascii() and text.isdigit()) or int(text) > U64_MAX:
        raise Refused("no integer of 64 bits")
    return int(text)


def _refuse(_text):
    raise Refused("no integer")


def members(value, required, optional):
    """The members of an object, each read by its function; none may be missing, unknown or null."""
    if not isinstance(value, dict) or not set(required) <= set(value) <= set(required) | set(optional):
        raise Refused("other members")
    readers = {**required, **optional}
    return Parts({name: reader(value[name]) if name in value else None for name, reader in readers.items()})


def string(value):
    """A string."""
    if not isinstance(value, str):
        raise Refused("no string")
    return value


def blob(value):
    """The bytes of canonical base64."""
    return from_base64(string(value))


def index(value):
    """An integer."""
    # True is an int in Python, and none in JSON.
    if type(value) is not int:
        raise Refused("no integer")
    return value


def _path(value):
    if not isinstance(value, list) or len(value) > PATH_HASHES_MAX:
        raise Refused("no path")
    return [blob(item) for item in value]


def entry(value):
    """A registry's entry with its path."""
    return members(value, {"index": index, "leaf": blob, "proof": _path}, {})


def opening(value):
    """Salt and content."""
    return members(value, {"salt": blob, "content": blob}, {})


def abroad(value):
    """Another authority's root file and checkpoint."""
    return members(value, {"root": blob, "checkpoint": blob}, {})


def earlier(value):
    """An older head of the sender's log, with what stood in it."""
    required = {"checkpoint": blob, "path": _path, "sender": entry}
    return members(value, required, {"timestamp": blob, "recipient": entry})


def is_of_its_log(one, across):
    """Whether the recipient's entry is in an earlier head exactly when the recipient is of the same log."""
    return (one.recipient is None) == across


REQUIRED = {
    "format": string,
    "root": blob,
    "checkpoint": blob,
    "sender": entry,
    "recipient": entry,
    "header": blob,
    "signature": blob,
}
OPTIONAL = {
    "timestamp": blob,
    "abroad": abroad,
    "earlier": earlier,
    "relay": entry,
    "envelope_digest": blob,
    "relay_accepted": blob,
    "delivered": blob,
    "opening": opening,
}


def read(raw, required, optional):
    """The members of one JSON object, by their readers; raises Malformed."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        return members(value, required, optional)
    except (ValueError, RecursionError, Refused):
        raise Malformed(NO_BUNDLE) from None


def parse(raw):
    """The bundle's members; raises Malformed with what is wrong."""
    if len(raw) > BUNDLE_BYTES_MAX:
        raise Malformed(TOO_LONG)
    bundle = read(raw, REQUIRED, OPTIONAL)
    any_receipt = bundle.relay_accepted is not None or bundle.delivered is not None
    consistent = (
        bundle.format == FORMAT
        and (bundle.relay is None) == (bundle.relay_accepted is None)
        and (bundle.envelope_digest is not None) == any_receipt
        and (bundle.earlier is None or is_of_its_log(bundle.earlier, bundle.abroad is not None))
    )
    if not consistent:
        raise Malformed(NO_BUNDLE)
    return bundle
