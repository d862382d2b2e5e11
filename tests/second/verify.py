#!/usr/bin/env python3
"""Verifies Safeconduct evidence, written from docs/PROTOCOL.md alone. Needs Python 3.9 or newer and nothing else.

usage: verify.py FILE [--fingerprint TEXT | --root ROOT.SCR]

FILE is the bundle of a message or of a whole referral. Writes a line for each statement that is proven or not proven, and ends with 0;
or `invalid: PART` with 5 when a part does not hold, `malformed: …` with 1 for what is no bundle, and what is wrong with the command line
with 2.
"""

import sys

sys.dont_write_bytecode = True

import argparse

import bundle as form
import objects
import referral
import referral_form
from earlier import ACTED_ON
from ed25519 import Refused
from parts import CROCKFORD, FINGERPRINT_CHARACTERS, Invalid, Known, after, arrival, charge, content, earlier_heads, logs, message


class Unreadable(Exception):
    """A file that cannot be read."""


def verify(bundle, known):
    """Verifies every part in the order of section 11 and gives the lines; raises Invalid with the first that does not hold."""
    proof, log, abroad = logs(bundle, known)
    theirs = abroad or log
    sender = log.entry(bundle.sender, "the sender's entry")
    recipient = theirs.entry(bundle.recipient, "the recipient's entry")
    kept = [] if bundle.earlier is None else [bundle.earlier]
    heads = earlier_heads(kept, log, [sender], [recipient])
    header, newest, named = message(proof, bundle, log, [sender], [recipient], heads)
    if kept and named.head is None:
        raise Invalid(ACTED_ON)
    content(proof, bundle, header)
    charge(proof, bundle, theirs)
    arrival(proof, bundle, header, [recipient])
    after(proof, bundle, newest, named)
    proof.add("a person has seen it", False, "no receipt of this kind says so")
    return proof


def fingerprint(text):
    """The number of a fingerprint as it is typed."""
    bits, letters = 0, "".join(text.split()).replace("-", "").upper()
    for letter in letters.replace("O", "0").replace("I", "1").replace("L", "1"):
        if letter not in CROCKFORD:
            raise argparse.ArgumentTypeError("this is no root fingerprint")
        bits = bits << 5 | CROCKFORD.index(letter)
    if len(letters) != FINGERPRINT_CHARACTERS:
        raise argparse.ArgumentTypeError("this is no root fingerprint: it has 25 characters")
    return bits


def read(path, bytes_max):
    """The file, and a byte more than the bound when it is longer."""
    try:
        with open(path, "rb") as file:
            return file.read(bytes_max + 1)
    except OSError as error:
        raise Unreadable("%s cannot be read: %s" % (path, error.strerror)) from None


def judge(raw, known):
    """Exit code and lines for the bytes of a file."""
    try:
        if referral_form.is_case(raw):
            return 0, referral.verify(referral_form.parse(raw), known).report()
        return 0, verify(form.parse(raw), known).report()
    except form.Malformed as error:
        return 1, ["malformed: %s" % error]
    except Invalid as error:
        return 5, ["invalid: %s" % error]


def main():
    """Reads the command line and writes the answer."""
    parser = argparse.ArgumentParser(description="Verifies a Safeconduct evidence bundle.", allow_abbrev=False)
    parser.add_argument("file", metavar="FILE")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--fingerprint", metavar="TEXT", type=fingerprint, help="of the authority's root file")
    one.add_argument("--root", metavar="ROOT.SCR", help="the authority's root file")
    given = parser.parse_args()
    try:
        root = None
        if given.root is not None:
            root = objects.RootFile(read(given.root, objects.ROOT_BYTES_MAX))
        code, lines = judge(read(given.file, referral_form.CASE_BYTES_MAX), Known(given.fingerprint, root))
    except Refused:
        code, lines = 5, ["invalid: the root file that you named"]
    except Unreadable as error:
        print("verify.py: %s" % error, file=sys.stderr)
        return 2
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
