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
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("a repeated member")
    return members


def _integer(text):
    # JSON has no leading zeros, so that what is longer is larger; a sign is none of ours.
    if len(text) > 20 or not (text.isascii() and text.isdigit()) or int(text) > U64_MAX:
        raise Refused("no integer of 64 bits")
    return int(text)


def _refuse(_text):
    raise Refused("no integer")


def _members(value, required, optional):
    """The members of an object, each read by its function; none may be missing, unknown or null."""
    if not isinstance(value, dict) or not set(required) <= set(value) <= set(required) | set(optional):
        raise Refused("other members")
    readers = {**required, **optional}
    return Parts({name: reader(value[name]) if name in value else None for name, reader in readers.items()})


def _text(value):
    if not isinstance(value, str):
        raise Refused("no string")
    return value


def _blob(value):
    return from_base64(_text(value))


def _index(value):
    # True is an int in Python, and none in JSON.
    if type(value) is not int:
        raise Refused("no integer")
    return value


def _path(value):
    if not isinstance(value, list) or len(value) > PATH_HASHES_MAX:
        raise Refused("no path")
    return [_blob(item) for item in value]


def _entry(value):
    return _members(value, {"index": _index, "leaf": _blob, "proof": _path}, {})


def _opening(value):
    return _members(value, {"salt": _blob, "content": _blob}, {})


def _abroad(value):
    return _members(value, {"root": _blob, "checkpoint": _blob}, {})


REQUIRED = {
    "format": _text,
    "root": _blob,
    "checkpoint": _blob,
    "sender": _entry,
    "recipient": _entry,
    "header": _blob,
    "signature": _blob,
}
OPTIONAL = {
    "timestamp": _blob,
    "abroad": _abroad,
    "relay": _entry,
    "envelope_digest": _blob,
    "relay_accepted": _blob,
    "delivered": _blob,
    "opening": _opening,
}


def parse(raw):
    """The bundle's members; raises Malformed with what is wrong."""
    if len(raw) > BUNDLE_BYTES_MAX:
        raise Malformed(TOO_LONG)
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        bundle = _members(value, REQUIRED, OPTIONAL)
    except (ValueError, RecursionError, Refused):
        raise Malformed(NO_BUNDLE) from None
    any_receipt = bundle.relay_accepted is not None or bundle.delivered is not None
    consistent = (
        bundle.format == FORMAT
        and (bundle.relay is None) == (bundle.relay_accepted is None)
        and (bundle.envelope_digest is not None) == any_receipt
    )
    if not consistent:
        raise Malformed(NO_BUNDLE)
    return bundle
