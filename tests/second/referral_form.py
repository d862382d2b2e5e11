"""The form of a referral's evidence bundle (docs/PROTOCOL.md section 11): one JSON object, read strictly."""

import re

from bundle import NO_BUNDLE, Malformed, abroad, blob, earlier, entry, index, is_of_its_log, members, opening, read, string
from ed25519 import Refused
from objects import CaseEvent

CASE_BYTES_MAX = 4 * 1024 * 1024
FORMAT = "safeconduct.case/1"
TOO_LONG = "the file is longer than %d bytes" % CASE_BYTES_MAX
ENTRIES_MAX = 8
REVISIONS_MAX = 64
EVENTS_MAX = 4 * CaseEvent.EVENTS_MAX
UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def is_case(raw):
    """Whether it is to be read as a referral's bundle."""
    return b'"safeconduct.case/1"' in raw


def _list(one, least, most):
    """A reader of lists of so many."""

    def reader(value):
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise Refused("no such list")
        return [one(item) for item in value]

    return reader


def _uuid(value):
    if not UUID.fullmatch(string(value)):
        raise Refused("no id")
    return value


def _revision(value):
    optional = {
        "envelope_digest": blob,
        "relay_accepted": blob,
        "relay_expired": blob,
        "delivered": blob,
        "opening": opening,
    }
    revision = members(value, {"header": blob, "signature": blob}, optional)
    receipts = (revision.relay_accepted, revision.relay_expired, revision.delivered)
    if (revision.envelope_digest is not None) != any(receipt is not None for receipt in receipts):
        raise Refused("a digest that nothing needs, or none that something needs")
    return revision


def _details(value):
    return members(value, {"event": index, "salt": blob, "details": blob}, {})


REQUIRED = {
    "format": string,
    "root": blob,
    "checkpoint": blob,
    "sender": _list(entry, 1, ENTRIES_MAX),
    "recipient": _list(entry, 1, ENTRIES_MAX),
    "relays": _list(entry, 0, ENTRIES_MAX),
    "revisions": _list(_revision, 1, REVISIONS_MAX),
    "events": _list(blob, 0, EVENTS_MAX),
}
OPTIONAL = {
    "timestamp": blob,
    "abroad": abroad,
    "earlier": _list(earlier, 1, REVISIONS_MAX),
    "referral_id": _uuid,
    "details": _list(_details, 1, EVENTS_MAX),
}


def parse(raw):
    """The bundle's members; raises Malformed with what is wrong."""
    if len(raw) > CASE_BYTES_MAX:
        raise Malformed(TOO_LONG)
    bundle = read(raw, REQUIRED, OPTIONAL)
    needs_relay = any(one.relay_accepted is not None or one.relay_expired is not None for one in bundle.revisions)
    vouched = bool(bundle.events) or any(one.opening is not None for one in bundle.revisions)
    if not all(is_of_its_log(one, bundle.abroad is not None) for one in bundle.earlier or []):
        raise Malformed(NO_BUNDLE)
    if bundle.format != FORMAT or bool(bundle.relays) != needs_relay or (bundle.referral_id is not None) != vouched:
        raise Malformed(NO_BUNDLE)
    return bundle
